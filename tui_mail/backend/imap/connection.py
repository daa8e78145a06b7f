"""A conversation with an IMAP server: tags, answers, pipelining, and a trace without secrets."""

from __future__ import annotations

import re
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from tui_mail.mime.clean import line as one_line
from tui_mail.model.errors import Offline

from ..contract import Trace
from ..transcript import Ring
from .command import Command, Part, checked
from .lexer import Frame, Miscounted, ParseError, Response, Status, status, untagged
from .wire import Wire

_FLOOD = 300_000
"""So many responses in a row that nobody asked for are no mail server any more."""
_LONG_WORDS = 500
_LONG_LINE = 2000
_SAYING = frozenset({b"OK", b"NO", b"BAD", b"BYE", b"CAPABILITY"})
_ALWAYS_HEARD = frozenset({b"EXISTS", b"EXPUNGE", b"VANISHED"})


class Connection:
    """Commands over one wire, used by one thread.

    Any failure but a refusal ends the wire: one that was cut, timed out or spoke out of turn is never used again.
    """

    def __init__(self, wire: Wire, trace: Trace | None = None) -> None:
        self.wire = wire
        self.capabilities: frozenset[str] = frozenset()
        """In capitals."""
        self.heard: Callable[[Response], None] = lambda response: None
        """Told every response that no command asked for, and all that say that the folder changed."""
        self.greeted = ""
        """The words of the greeting, in which many servers name themselves."""
        self.alerted: Callable[[str], None] = lambda words: None
        """Told what the server wants the person to read."""
        self._trace = trace
        self._ring = trace if isinstance(trace, Ring) else None
        self._prefix = secrets.token_hex(3).upper().encode("ascii") + b"-"
        """Tags that cannot be guessed, so no answer can be prepared before the question (CVE-2026-42246)."""
        self._turn = 0
        self._waiting: list[Command] = []
        self._continuation: bytes | None = None
        self._unasked = 0
        self._secrets: tuple[str, ...] = ()

    # -- trace and secrets

    def conceal(self, *words: str) -> None:
        """From now on these never stand in a trace or an error, whatever the server repeats; no words ends it."""
        self._secrets = tuple(sorted((word for word in words if word), key=len, reverse=True))

    def note(self, text: str) -> None:
        self._show("·", text)

    def _show(self, direction: str, text: str) -> None:
        if self._trace is not None:
            self._trace(direction, self._masked(text))

    def _masked(self, text: str) -> str:
        for word in self._secrets:
            text = text.replace(word, "****")
        return text

    def words(self, octets: bytes) -> str:
        """What the server says to people: one clean line, secrets masked, not endless."""
        return one_line(self._masked(octets[: 4 * _LONG_WORDS].decode("utf-8", "replace")))[:_LONG_WORDS]

    # -- commands

    def start(self, *parts: Part, wants: Iterable[bytes] = (), shown: str = "") -> Command:
        """Sends a command and does not wait for its end, unless the server insists on asking for a literal.

        `shown` stands in the trace in its place. Raises BadInput before a single octet goes out.
        """
        for part in parts:
            if isinstance(part, bytes):
                checked(part)
        self.settle()
        if not self._waiting and self.wire.has_rested:
            self._wake_up(parts)
        self._turn += 1
        command = Command(self._prefix + b"%d" % self._turn, parts, frozenset(wants))
        self._waiting.append(command)
        line = command.tag
        shown = f"{command.tag.decode('ascii')} {shown}" if shown else _readable(b" ".join((line, *map(_seen, parts))))
        for part in parts:
            if isinstance(part, bytes):
                line += b" " + part
                continue
            is_pushed = part.may_be_pushed(self.capabilities)
            line += b" " + part.mark(pushed=is_pushed) + b"\r\n"
            if not is_pushed:
                self._say(line, shown)
                if self.asked_for_more(command) is None:
                    return command
                line, shown = b"", ""
            line += part.octets
        self._say(line + b"\r\n", shown)
        return command

    def _wake_up(self, parts: tuple[Part, ...]) -> None:
        """A line that has rested may be dead: a NOOP says so soon, where the question itself may take its time.

        It is waited for, so that nothing that it brings counts as an answer to what comes after it.
        """
        self.wire.doubt()
        if parts != (b"NOOP",):
            self.run(b"NOOP")

    def _say(self, octets: bytes, shown: str) -> None:
        if shown:
            self._show("→", shown)
        self.wire.send(octets)

    def finish(self, command: Command) -> Command:
        """Reads until the command has its answer."""
        try:
            while not command.is_done:
                self._step()
        except BaseException:
            command.is_abandoned = True
            raise
        return command

    def run(self, *parts: Part, wants: Iterable[bytes] = (), shown: str = "") -> Command:
        return self.finish(self.start(*parts, wants=wants, shown=shown))

    def stream(
        self, asked: Iterable[tuple[Part, ...]], wants: Iterable[bytes] = (), width: int = 4
    ) -> Iterator[Response | Command]:
        """Runs commands with up to `width` on the way; yields each response as it comes and each command at its end.

        Only for commands that cannot spoil each other. Others may run between two steps; whoever stops early leaves
        nothing behind.
        """
        wants = frozenset(wants)
        queue = iter(asked)
        running: deque[Command] = deque()
        try:
            while True:
                while len(running) < width and (parts := next(queue, None)) is not None:
                    running.append(self.start(*parts, wants=wants))
                if not running:
                    return
                first = running[0]
                while first.responses:
                    yield first.responses.popleft()
                if first.is_done:
                    yield running.popleft()
                else:
                    for frame in self.wire.frames():
                        self._dispatch(frame)
        finally:
            for command in running:
                command.is_abandoned = True

    def settle(self, *, wholly: bool = False) -> None:
        """Reads what nobody waits for any more; `wholly`: everything that is on the way."""
        while any(command.is_abandoned or wholly for command in self._waiting):
            self._step()

    def asked_for_more(self, command: Command) -> bytes | None:
        """Waits for `+`: what it says, or None where the command ended instead."""
        self._continuation = None
        while self._continuation is None and not command.is_done:
            self._step()
        said, self._continuation = self._continuation, None
        return said

    def answer(self, octets: bytes, shown: str) -> None:
        """Sends one line that is no command, and that is answered at once: DONE, or a step of a login."""
        if self.wire.has_rested:
            self.wire.doubt()
        self._show("→", shown)
        self.wire.send(checked(octets) + b"\r\n")

    # -- responses

    def greeting(self) -> tuple[bytes, bytes]:
        """The first line: (`OK`, `PREAUTH` or `BYE`; what it says), or (b"", the line) for what is no greeting."""
        line = self.wire.frame().lines[0]
        self._show("←", _readable(line))
        star, _, rest = line.partition(b" ")
        kind, _, text = rest.strip().partition(b" ")
        if star != b"*" or kind.upper() not in (b"OK", b"PREAUTH", b"BYE"):
            return b"", line
        said = status(text)
        self._learn(said)
        if kind.upper() == b"BYE":
            self.wire.fail(goodbye(self, said))
        self.greeted = self.words(said.text)
        return kind.upper(), said.text

    def listen(self, seconds: float) -> str:
        """Takes in one response (`heard`), or says that it was `woken` or that nothing came (`quiet`)."""
        came = self.wire.listen(seconds)
        if isinstance(came, Frame):
            self._dispatch(came)
            return "heard"
        return came

    def _step(self) -> None:
        self._dispatch(self.wire.frame())

    def _dispatch(self, frame: Frame) -> None:
        line = frame.lines[0]
        if self._ring is not None and not self._secrets:
            if len(frame.lines) <= 2:
                self._ring.hear(*frame.lines)
            else:
                for each in frame.lines:
                    self._ring.hear(each)
        elif self._trace is not None:
            for each in frame.lines:
                self._show("←", _readable(each))
        if line.startswith(b"* "):
            self._untagged(frame)
        elif line.startswith(b"+"):
            self._continuation = line[1:].strip()
        else:
            self._tagged(line)

    def _untagged(self, frame: Frame) -> None:
        try:
            response = untagged(frame)
        except ParseError as error:
            self.skip(error)
            return
        kind = response.kind
        if kind in _SAYING:
            self._learn(_told(response))
        for command in self._waiting:
            if kind in command.wants:
                command.responses.append(response)
                self._unasked = 0
                if kind in _ALWAYS_HEARD:
                    self.heard(response)
                return
        if kind == b"BYE":
            self.wire.fail(goodbye(self, status(frame.lines[0][response.start :])))
        self._unasked += 1
        if self._unasked > _FLOOD:
            self.wire.fail(
                Offline(f"{self.wire.host} sends without end what nobody asked for; the connection was ended.")
            )
        self.heard(response)

    def _tagged(self, line: bytes) -> None:
        tag, _, rest = line.strip().partition(b" ")
        outcome, _, text = rest.strip().partition(b" ")
        command = next((command for command in self._waiting if command.tag == tag), None)
        if command is None or outcome.upper() not in (b"OK", b"NO", b"BAD"):
            sentence = f"{self.wire.host} answered out of turn, so the connection was ended."
            self.wire.fail(Offline(sentence, detail=self.words(line)))
        said = status(text)
        self._learn(said)
        command.outcome = outcome.upper()
        if said.code != b"ALERT":  # which says nothing of why
            command.code, command.argument = said.code, said.argument
        command.words = self.words(said.text)
        command.is_done = True
        self._waiting.remove(command)
        self._unasked = 0

    def _learn(self, said: Status) -> None:
        if said.code == b"CAPABILITY":
            self.capabilities = frozenset(said.argument.decode("ascii", "replace").upper().split())
        elif said.code == b"ALERT":
            self.alerted(self.words(said.text))

    def skip(self, error: ParseError) -> None:
        """Takes note of a response that cannot be read; it counts for every command on its way."""
        if isinstance(error, Miscounted):
            self.wire.fail(Offline(f"{self.wire.host} miscounts what it sends, so the connection was ended."))
        self.note(f"not understood, left out: {error}")
        for command in self._waiting:
            command.broken += 1


CROWDED = re.compile(r"too many|simultaneous|maximum number of connections|connection limit", re.I)


def goodbye(connection: Connection, said: Status) -> Offline:
    """Why a server hangs up (RFC 9051 section 7.1.5), in its own words, with its code."""
    words = connection.words(said.text).rstrip(".! ")
    code = "LIMIT" if CROWDED.search(words) else said.code.decode("ascii", "replace")
    if code == "LIMIT":
        return Offline(f"{connection.wire.host} allows no more connections{': ' + words if words else ''}.", code=code)
    return Offline(f"{connection.wire.host} ended the connection{': ' + words if words else ''}.", code=code)


def _seen(part: Part) -> bytes:
    return part if isinstance(part, bytes) else part.mark(pushed=False)


def _readable(octets: bytes) -> str:
    """A line for the trace; a long one is cut."""
    text = octets[:_LONG_LINE].decode("utf-8", "replace").rstrip("\r\n")
    return text + " …" if len(octets) > _LONG_LINE else text


def _told(response: Response) -> Status:
    """An untagged OK's status, or `* CAPABILITY …` as if it were one."""
    text = response.frame.lines[0][response.start :]
    return Status(b"CAPABILITY", text.strip(), b"") if response.kind == b"CAPABILITY" else status(text)
