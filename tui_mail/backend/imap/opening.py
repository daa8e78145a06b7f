"""What SELECT and EXAMINE answer, with and without QRESYNC (RFC 9051 section 6.3.2, RFC 7162)."""

from __future__ import annotations

from collections.abc import Iterable

from tui_mail.model.message import Flags

from ..contract import Known, Selected
from .answers import number
from .command import Command
from .connection import Connection
from .fetch import fetched
from .lexer import ParseError, Response, Value, status
from .sets import expand

WANTS = (b"EXISTS", b"RECENT", b"FLAGS", b"OK", b"FETCH", b"VANISHED", b"EXPUNGE")


def selected(connection: Connection, command: Command, known: Known | None, *, resyncs: bool) -> Selected:
    """Reads the answer. `resyncs`: QRESYNC was asked for with what is `known`."""
    responses = list(command.responses)
    for index, response in enumerate(responses):
        if response.kind == b"OK" and _code(response) == b"CLOSED":
            responses = responses[index + 1 :]  # what came before was about the folder that was open until now
            break
    exists = 0
    said: dict[bytes, bytes] = {}
    for response in responses:
        if response.kind == b"EXISTS" and response.number is not None:
            exists = response.number
        elif response.kind == b"OK":
            told = status(response.frame.lines[0][response.start :])
            said[told.code] = told.argument
    uidvalidity = _number(said, b"UIDVALIDITY") or 0
    modseq = None if b"NOMODSEQ" in said else _number(said, b"HIGHESTMODSEQ")
    difference = None
    if resyncs and known is not None and modseq is not None and known.uidvalidity == uidvalidity:
        difference = _difference(connection, command, responses, known)
    vanished, changed = difference or ((), ())
    return Selected(
        uidvalidity,
        _number(said, b"UIDNEXT"),
        exists,
        modseq,
        read_only=command.code == b"READ-ONLY" or b"READ-ONLY" in said,
        keywords=b"\\*" in said.get(b"PERMANENTFLAGS", b"\\*"),
        vanished=vanished,
        changed=changed,
        resynced=difference is not None,
    )


def _code(response: Response) -> bytes:
    return status(response.frame.lines[0][response.start :]).code


def _number(said: dict[bytes, bytes], code: bytes) -> int | None:
    return number(said.get(code))


def _difference(
    connection: Connection, command: Command, responses: Iterable[Response], known: Known
) -> tuple[tuple[int, ...], tuple[tuple[int, Flags], ...]] | None:
    """(uids that vanished, flags that changed) since `known`; None where a part of it could not be read."""
    vanished: set[int] = set()
    changed: dict[int, Flags] = {}
    for response in responses:
        try:
            if response.kind == b"VANISHED":
                vanished.update(gone(response.values(), below=known.uidnext))
            elif response.kind == b"FETCH":
                message = fetched(response)
                if message.uid and message.flags is not None:
                    changed[message.uid] = message.flags
        except ParseError as error:
            connection.skip(error)
            return None
    if command.broken:
        return None
    return tuple(sorted(vanished)), tuple(changed.items())


def gone(values: list[Value], *, below: int) -> list[int]:
    """The uids that a VANISHED response names."""
    text = values[-1] if values else None
    if not isinstance(text, bytes):
        raise ParseError("a VANISHED without uids")
    return expand(text, below=below)
