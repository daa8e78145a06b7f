"""The oddities of real servers that the demo server can imitate, and the sets of capabilities it can offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

PLAIN = frozenset({"IMAP4REV1"})
"""A server of 2003 that can do nothing more."""
BASIC = PLAIN | {"UIDPLUS", "MOVE", "IDLE", "NAMESPACE", "ID", "UNSELECT", "CHILDREN", "LITERAL+", "SASL-IR"}
CONDSTORE = BASIC | {"ENABLE", "CONDSTORE", "ESEARCH", "SPECIAL-USE", "LIST-EXTENDED", "LIST-STATUS"}
FULL = CONDSTORE | {"QRESYNC"}
MODERN = FULL | {"COMPRESS=DEFLATE", "NOTIFY", "OBJECTID"}
"""All that the demo can do."""
GMAIL = (CONDSTORE - {"LITERAL+"}) | {"COMPRESS=DEFLATE", "X-GM-EXT-1", "LITERAL-"}

KNOWN = {
    "require_id": "SELECT says `Unsafe Login` before ID was said (163, 126)",
    "refuse_compress": "COMPRESS is offered and refused",
    "false_compress": "COMPRESS is confirmed, and then nothing is compressed",
    "refuse_notify": "NOTIFY is offered and refused",
    "deaf_notify": "NOTIFY is confirmed, and then other folders are never told of",
    "notify_overflows": "the first news of another folder is NOTIFICATIONOVERFLOW",
    "refuse_ids": "FETCH of EMAILID, THREADID and X-GM-… is answered BAD although they are offered",
    "one_thread": "every message has the same THREADID and EMAILID",
    "still_modseq": "HIGHESTMODSEQ never moves (old Dovecot)",
    "false_vanish": "QRESYNC tells of the first two messages that they are gone, which they are not",
    "renumbers": "every SELECT names another UIDVALIDITY, and the uids stay what they were",
    "silent_vanish": "QRESYNC never tells what is gone",
    "refuse_esearch": "SEARCH RETURN is offered and answered BAD",
    "empty_search": "SEARCH finds nothing, whatever is there",
    "search_lies": "SEARCH finds everything, whatever is asked (QQ)",
    "old_list": "LIST shows a connection what was there at its first LIST, whatever came and went since (Dovecot)",
    "hides_folders": "LIST leaves out what is not subscribed, although it opens (an ACL without `l`)",
    "refuse_list_status": "LIST RETURN (STATUS …) is offered and answered BAD",
    "eof_in_idle": "the connection ends 0.3 s after IDLE began",
    "refuse_idle": "IDLE is offered and refused (Oracle)",
    "split_writes": "answers come in segments of 7 octets",
    "bad_envelope_quotes": "quotes in ENVELOPE are not escaped (iCloud); every seventh uid",
    "no_uidplus": "UIDPLUS is offered, but COPYUID and APPENDUID are never said (UW)",
    "saves_sent": "what SMTP takes is filed in Sent by the server (Gmail, Outlook)",
    "messagelimit": "at most n messages a command (Yahoo, RFC 9738); default 1000",
    "permuted_copyuid": "the target uids of COPYUID come in another order (Yahoo)",
    "uidnext_high": "UIDNEXT is n too high; default 50",
    "uidnext_low": "UIDNEXT is the uid of the last message",
    "no_uidnext": "UIDNEXT is not said at all (163)",
    "lower_case_special_use": "special uses in lower case: \\sent (Cyrus)",
    "xlist": "XLIST instead of SPECIAL-USE (QQ)",
    "exists_flicker": "EXISTS shrinks for a moment",
    "move_says_bad": "MOVE is offered and answered BAD",
    "strict_uids": "a set with a uid that is gone is BAD, and a uid above all others means the last (GNU)",
    "empty_first": "the first n times that it is asked for, every fifth message has no octets (GNU); default 1",
    "no_internal_date_zone": "INTERNALDATE has no time zone",
    "literal_everything": "every string is a literal, folder names too",
    "unsolicited_flags": "FETCH answers without UID come in between",
    "no_keywords": "PERMANENTFLAGS has no \\*, keywords are forgotten (Outlook)",
    "connection_limit": "at most n IMAP connections at a time; default 2",
    "slow": "n seconds before each answer; default 0.15",
}
"""Each quirk with what it does. `name=5` sets the number that some of them take."""

_DEFAULTS = {"messagelimit": 1000.0, "uidnext_high": 50.0, "connection_limit": 2.0, "slow": 0.15}


class Quirks:
    """The quirks of one server. Raises ValueError for one that does not exist."""

    def __init__(self, wanted: Iterable[str] = ()) -> None:
        self._values: dict[str, float] = {}
        self._met: Counter[int] = Counter()
        for quirk in wanted:
            name, _, value = quirk.partition("=")
            if name not in KNOWN:
                raise ValueError(f"no such quirk: {name}; there are {', '.join(sorted(KNOWN))}")
            self._values[name] = float(value) if value else _DEFAULTS.get(name, 1.0)

    def end(self, name: str) -> None:
        """From now on the server is without this one."""
        self._values.pop(name, None)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def number(self, name: str) -> int | None:
        """The whole number of a quirk that takes one, or None where it is off."""
        value = self._values.get(name)
        return None if value is None else int(value)

    def is_empty(self, number: int) -> bool:
        """Whether this message is shown as empty now."""
        times = self.number("empty_first")
        if times is None or number % 5 or self._met[number] >= times:
            return False
        self._met[number] += 1
        return True

    @property
    def latency(self) -> float:
        """Seconds before each answer."""
        return self._values.get("slow", 0.0)


def offered(capabilities: Iterable[str] | None, quirks: Quirks) -> frozenset[str]:
    """The capabilities in upper case, with what they imply and what quirks change."""
    caps = FULL if capabilities is None else PLAIN | {name.upper() for name in capabilities}
    if "QRESYNC" in caps:
        caps |= {"CONDSTORE", "ENABLE"}
    if "xlist" in quirks:
        caps = (caps - {"SPECIAL-USE"}) | {"XLIST"}
    if (limit := quirks.number("messagelimit")) is not None:
        caps |= {f"MESSAGELIMIT={limit}"}
    return frozenset(caps)
