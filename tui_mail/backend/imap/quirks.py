"""What single servers get wrong or want otherwise, by host name or by what they call themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quirks:
    """The switches. What a server merely lacks is no quirk: its capabilities say so."""

    saves_sent: bool = False
    """Files sent mail by itself."""
    without: frozenset[str] = frozenset()
    """Capabilities that it advertises and breaks."""
    mixes_pairs: bool = False
    """COPYUID of several messages names the right sets in the wrong order."""
    search_lies: bool = False
    """SEARCH ignores what it is asked for."""
    lines: int = 3
    """How many connections an account may have."""
    password: str = ""
    """What kind of password it wants."""


_APP = "It wants an app password, made in the account's security settings."
_CODE = "It wants the authorisation code from the web mail's settings (POP3/IMAP), not the login password."

_GMAIL = Quirks(saves_sent=True, password=_APP)
_OUTLOOK = Quirks(saves_sent=True)
_ICLOUD = Quirks(without=frozenset({"QRESYNC"}), password=_APP)
_YAHOO = Quirks(mixes_pairs=True, password=_APP)
_QQ = Quirks(search_lies=True, password=_CODE)
_NETEASE = Quirks(password=_CODE)
_YANDEX = Quirks(password=_APP)
_ALIYUN = Quirks(search_lies=True)

_PROTON = Quirks(saves_sent=True, password="It wants the password that the Bridge shows, not the one of the account.")
_COURIER = Quirks(lines=2)
"""It counts connections of one address, four as it comes, and a second device has some of them."""

_IMAPPROXY = Quirks(without=frozenset({"COMPRESS=DEFLATE"}))
"""It passes COMPRESS on and then reads lines of its own, and it keeps the connection for the next who logs in."""

_HOSTS: tuple[tuple[re.Pattern[str], Quirks], ...] = (
    (re.compile(r"(?:^|\.)(?:gmail|googlemail)\.com$"), _GMAIL),
    (re.compile(r"(?:^|\.)(?:office365|outlook|hotmail)\.com$"), _OUTLOOK),
    (re.compile(r"(?:^|\.)(?:me|icloud|mac)\.com$"), _ICLOUD),
    (re.compile(r"(?:^|\.)(?:yahoo|aol|ymail)\.(?:com|co\.\w+|\w\w)$"), _YAHOO),
    (re.compile(r"(?:^|\.)(?:qq|foxmail)\.com$"), _QQ),
    (re.compile(r"(?:^|\.)(?:163|126|188|yeah)\.(?:com|net)$"), _NETEASE),
    (re.compile(r"(?:^|\.)(?:aliyun|mxhichina)\.com$"), _ALIYUN),
    (re.compile(r"(?:^|\.)yandex\.\w+$"), _YANDEX),
)
_NAMES: tuple[tuple[re.Pattern[str], Quirks], ...] = (
    (re.compile(r"yahoo", re.I), _YAHOO),
    (re.compile(r"proton|gluon", re.I), _PROTON),
    (re.compile(r"courier", re.I), _COURIER),
)
"""By what a server calls itself in its ID or greeting.

Not here because nothing need be switched: what Cyrus, Dovecot, Exchange and Outlook do in ways of their own (marks in
lower case, `*` that is clipped, keywords that are forgotten, UIDNEXT that is not said) is dealt with for everybody.
"""


def quirks(host: str, name: str = "", capabilities: frozenset[str] = frozenset()) -> Quirks:
    """The switches for a server: by host, else by what it calls itself, else by capabilities only it has."""
    for pattern, found in _HOSTS:
        if pattern.search(host.lower().rstrip(".")):
            return found
    if "X-GM-EXT-1" in capabilities:
        return _GMAIL
    if "XYMHIGHESTMODSEQ" in capabilities:
        return _YAHOO
    if "XIMAPPROXY" in capabilities:
        return _IMAPPROXY
    return next((found for pattern, found in _NAMES if pattern.search(name)), Quirks())
