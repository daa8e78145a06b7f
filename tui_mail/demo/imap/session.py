"""One IMAP client's session: reads commands, applies the faults that a test asked for, and has the verbs answer."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass

from ..faults import Faults
from ..journal import Journal
from ..wire import HungUp, TooLong, Wire
from . import access, change, fetch, folders, notify, search, select
from .syntax import Argument, Bad, No, Quoter, arguments, expect, split_tag
from .talk import House, Talk

_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n\Z")
_LARGEST = 64 << 20
_PATIENCE = 10
"""Protocol errors in a row after which the server hangs up, as Courier and pymap do."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A command and when a client may give it."""

    run: Callable[[Talk, list[Argument]], str]
    when: str = "after"
    """`any` time, `before` or `after` the login, or while a folder is `selected`."""
    needs: str = ""
    """The capability that must be offered."""


VERBS = {
    "CAPABILITY": Verb(access.capability, "any"),
    "NOOP": Verb(access.noop, "any"),
    "LOGOUT": Verb(access.logout, "any"),
    "ID": Verb(access.identify, "any", "ID"),
    "STARTTLS": Verb(access.starttls, "before"),
    "LOGIN": Verb(access.login, "before"),
    "AUTHENTICATE": Verb(access.authenticate, "before"),
    "ENABLE": Verb(access.enable, "after", "ENABLE"),
    "COMPRESS": Verb(access.compress, "after", "COMPRESS=DEFLATE"),
    "NAMESPACE": Verb(folders.namespace, "after", "NAMESPACE"),
    "NOTIFY": Verb(notify.notify, "after", "NOTIFY"),
    "LIST": Verb(folders.list_folders),
    "LSUB": Verb(folders.lsub),
    "XLIST": Verb(folders.xlist, "after", "XLIST"),
    "STATUS": Verb(folders.status),
    "CREATE": Verb(folders.create),
    "DELETE": Verb(folders.delete),
    "RENAME": Verb(folders.rename),
    "SUBSCRIBE": Verb(folders.subscribe),
    "UNSUBSCRIBE": Verb(folders.unsubscribe),
    "SELECT": Verb(select.select),
    "EXAMINE": Verb(select.examine),
    "UNSELECT": Verb(select.unselect, "selected", "UNSELECT"),
    "CLOSE": Verb(select.close, "selected"),
    "CHECK": Verb(access.noop, "selected"),
    "APPEND": Verb(change.append),
    "FETCH": Verb(fetch.fetch, "selected"),
    "STORE": Verb(change.store, "selected"),
    "SEARCH": Verb(search.search, "selected"),
    "COPY": Verb(change.copy, "selected"),
    "MOVE": Verb(change.move, "selected", "MOVE"),
    "EXPUNGE": Verb(change.expunge, "selected"),
    "UID FETCH": Verb(fetch.fetch, "selected"),
    "UID STORE": Verb(change.store, "selected"),
    "UID SEARCH": Verb(search.search, "selected"),
    "UID COPY": Verb(change.copy, "selected"),
    "UID MOVE": Verb(change.move, "selected", "MOVE"),
    "UID EXPUNGE": Verb(change.expunge, "selected", "UIDPLUS"),
}
_NUMBERED = frozenset({"FETCH", "STORE", "SEARCH"})
"""While these run no removal may be told: their numbers would shift under the client."""


class Session:
    """Runs in a thread of its own until either side hangs up."""

    def __init__(self, house: House, connection: socket.socket, faults: Faults, journal: Journal) -> None:
        self.wire = Wire(connection, faults, house.quirks)
        self._talk = Talk(house, self.wire, Quoter(always_literal="literal_everything" in house.quirks))
        self._faults = faults
        self._journal = journal
        self._errors = 0

    def run(self, *, welcome: bool = True, encrypt: bool = False) -> None:
        """Serves the client. `welcome` False: there are too many connections. `encrypt`: TLS from the first octet."""
        try:
            if encrypt and self._talk.house.tls is not None:
                self.wire.secure(self._talk.house.tls)
            if not welcome:
                self.wire.write(b"* BYE [LIMIT] Too many connections\r\n")
                self.wire.flush()
                return
            self._talk.say(f"OK [{self._talk.capability_line()}] tui-mail demo ready")
            while True:
                self._serve()
        except HungUp:
            pass  # that is how sessions end
        finally:
            self._talk.end()
            self.wire.close()

    def _serve(self) -> None:
        try:
            text = self._read_command()
        except TooLong:
            self.wire.write(b"* BYE Line too long\r\n")
            self.wire.flush()
            raise HungUp from None
        if text is None:
            return
        self._talk.tag = ""
        try:
            self._do(text)
            self._errors = 0
        except Bad as error:
            self._say_bad(str(error))

    def _say_bad(self, words: str) -> None:
        """`BAD`; too many in a row end the connection."""
        tag = self._talk.tag or "*"
        self.wire.write(f"{tag} BAD {words}\r\n".encode())
        self._errors += 1
        if self._errors >= _PATIENCE:
            self.wire.write(b"* BYE Too many protocol errors\r\n")
            self.wire.flush()
            raise HungUp

    # reading

    def _read_command(self) -> bytes | None:
        """One command with its literals inline, without the last CRLF; None where it was answered already."""
        talk = self._talk
        text = line = self.wire.read_line()
        refused = False
        while (found := _LITERAL.search(line)) is not None:
            size, at_once = int(found[1]), bool(found[2])
            allowed = talk.can("LITERAL+") or (talk.can("LITERAL-") and size <= 4096)
            if (at_once and not allowed) or size > _LARGEST:
                # what follows cannot be told from commands, so there is no way to go on
                self.wire.write(b"* BYE This literal is not allowed\r\n")
                self.wire.flush()
                raise HungUp
            if not refused and (reply := self._refusal(text)) is not None:
                refused = True
                self.wire.write(reply)
                if not at_once:
                    return None
            if not at_once:
                self.wire.write(b"+ Go ahead\r\n")
            text += self.wire.read(size)
            line = self.wire.read_line()
            text += line
        if refused:
            return None
        if not line.endswith(b"\r\n"):
            self._say_bad("A line ends with CR and LF")
            return None
        return text[:-2]

    def _refusal(self, text: bytes) -> bytes | None:
        """The whole answer where a test wants this command refused; the command is noted then."""
        try:
            tag, _, _ = split_tag(text)
        except Bad:
            return None
        shown = _shown(text)
        reply = self._faults.refusal(shown)
        if reply is None:
            return None
        self._journal.add(shown)
        return f"{tag} {reply}\r\n".encode()

    # doing

    def _do(self, text: bytes) -> None:
        talk = self._talk
        if (reply := self._refusal(text)) is not None:
            self.wire.write(reply)
            return
        talk.tag, name, rest = split_tag(text)
        shown = _shown(text)
        self._journal.add(shown)
        cut = self._faults.cutting(shown)
        if cut is not None:
            self.wire.cut_next = True
            if not cut:
                self.wire.flush()
        given = arguments(rest)
        talk.by_uid = name == "UID"
        if talk.by_uid:
            if not given or not isinstance(given[0], str):
                raise Bad("UID what?")
            name, given = f"UID {given[0].upper()}", given[1:]
        self._check_alive()
        if name == "IDLE":
            self._idle(given)
            return
        verb = VERBS.get(name)
        if verb is None:
            raise Bad(f"Unknown command {name}")
        self._check_state(verb)
        self._answer(name, verb, given)

    def _check_state(self, verb: Verb) -> None:
        talk = self._talk
        if verb.needs:
            talk.need(verb.needs)
        if verb.when == "before" and talk.user is not None:
            raise Bad("Already logged in")
        if verb.when in ("after", "selected") and talk.user is None:
            raise Bad("Log in first")
        if verb.when == "selected" and talk.view is None:
            raise Bad("No folder is selected")

    def _answer(self, name: str, verb: Verb, given: list[Argument]) -> None:
        talk = self._talk
        try:
            answer = "OK " + verb.run(talk, given)
        except No as error:
            answer = f"NO {error}"
        if answer == "OK ":
            return  # it answered for itself
        if "exists_flicker" in talk.quirks and name == "NOOP" and talk.view is not None and len(talk.view.uids) > 1:
            talk.say(f"{len(talk.view.uids) - 1} EXISTS")
            talk.say(f"{len(talk.view.uids)} EXISTS")
        talk.tell_news(expunges=name not in _NUMBERED)
        notify.tell(talk)
        self.wire.write(f"{talk.tag} {answer}\r\n".encode())

    def _check_alive(self) -> None:
        """A client whose folder was renumbered or deleted is sent away, as Dovecot does."""
        view = self._talk.view
        if view is not None and view.is_dead:
            self.wire.write(b"* BYE The selected folder is not what it was\r\n")
            self.wire.flush()
            raise HungUp

    def _idle(self, given: list[Argument]) -> None:
        """IDLE (RFC 2177)."""
        talk = self._talk
        expect(given, 0)
        talk.need("IDLE")
        if talk.user is None:
            raise Bad("Log in first")
        if "refuse_idle" in talk.quirks:
            self.wire.write(f"{talk.tag} NO IDLE is not possible\r\n".encode())
            return
        self.wire.write(b"+ idling\r\n")
        patience = 0.3 if "eof_in_idle" in talk.quirks else 110.0
        talk.tell_news()
        notify.tell(talk)
        while not self.wire.wait(patience):
            self._check_alive()
            if (talk.view is not None and talk.view.has_news) or notify.has_news(talk):
                talk.tell_news()
                notify.tell(talk)
            elif patience < 1:
                raise HungUp
            else:
                talk.say("OK Still here")
        if self.wire.read_line().upper() != b"DONE\r\n":
            raise Bad("DONE expected")
        talk.tell_news()
        self.wire.write(f"{talk.tag} OK Done.\r\n".encode())


def _shown(text: bytes) -> str:
    """A command as the journal keeps it: without its tag, literals only as their size, no password."""
    line, _, _ = text.partition(b"\r\n")
    shown = line.decode("utf-8", "replace").partition(" ")[2]
    verb, _, rest = shown.partition(" ")
    if verb.upper() == "LOGIN":
        return f"{verb} {rest.split(' ')[0]} ****"
    if verb.upper() == "AUTHENTICATE" and " " in rest:
        return f"{verb} {rest.split(' ')[0]} ****"
    return shown
