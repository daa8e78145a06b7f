"""Which folders there are, what they are for, and how full they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..contract import RemoteFolder, Status
from .answers import folder_status, name
from .command import Command, string
from .connection import Connection
from .lexer import ParseError, Response, Value
from .names import decode
from .refusal import refusal
from .roles import Listed, roles
from .session import Session

_DEAD = frozenset({"\\noselect", "\\nonexistent"})


def list_folders(
    session: Session, chosen: Mapping[str, str], opened: bytes | None, latched: set[str]
) -> list[RemoteFolder]:
    """All folders with their status. What the server refuses although it offers it goes into `latched`.

    Without LIST-STATUS one STATUS a folder is asked, pipelined, and not of the `opened` one.
    """
    connection = session.connection
    items = status_items(session)
    command = None
    if session.can("LIST-STATUS") and "LIST-STATUS" not in latched:
        marks = b"SPECIAL-USE " if session.can("SPECIAL-USE") else b""
        wants = (b"LIST", b"STATUS")
        command = connection.run(b'LIST "" "*" RETURN (' + marks + b"STATUS " + items + b")", wants=wants)
        if not command.is_ok:
            latched.add("LIST-STATUS")
            command = None
    is_told = command is not None
    if command is None:
        verb = b"XLIST" if session.can("XLIST") and not session.can("SPECIAL-USE") else b"LIST"
        command = connection.run(verb, b'"" "*"', wants=(b"LIST", b"XLIST"))
    if not command.is_ok:
        raise refusal(command, "list its folders")
    listed, statuses = _read(connection, command)
    if not any(key(folder.raw) == b"INBOX" for folder in listed) and (said := _ask(connection, [b"INBOX"], items)):
        listed.insert(0, Listed(b"INBOX", "INBOX", listed[0].delimiter if listed else "", frozenset()))
        statuses |= said  # there is always one (RFC 9051 section 5.1), whether it is listed or not
    if not is_told:
        names = [folder.raw for folder in listed if not folder.attributes & _DEAD and folder.raw != opened]
        statuses |= _ask(connection, names, items)
    parts = roles(listed, chosen)
    return [
        RemoteFolder(
            folder.raw,
            folder.name,
            folder.delimiter,
            parts.get(folder.raw),
            not folder.attributes & _DEAD,
            statuses.get(key(folder.raw), Status()),
        )
        for folder in listed
    ]


def status_items(session: Session) -> bytes:
    """What STATUS is asked for."""
    modseq = b" HIGHESTMODSEQ" if session.can("CONDSTORE") or session.can("QRESYNC") else b""
    return b"(MESSAGES UNSEEN UIDNEXT UIDVALIDITY" + modseq + b")"


def _read(connection: Connection, command: Command) -> tuple[list[Listed], dict[bytes, Status]]:
    """The folders in the server's order, each once, and what was said of their status."""
    found: dict[bytes, Listed] = {}
    statuses: dict[bytes, Status] = {}
    for response in command.responses:
        try:
            if response.kind == b"STATUS":
                raw, status = folder_status(response.values())
                statuses[key(raw)] = status
            else:
                folder = _listed(response.values())
                known = found.get(key(folder.raw))
                attributes = folder.attributes | (known.attributes if known else frozenset())
                found[key(folder.raw)] = replace(known or folder, attributes=attributes)
        except ParseError as error:
            connection.skip(error)
    return list(found.values()), statuses


def _listed(values: list[Value]) -> Listed:
    if len(values) < 3 or not isinstance(values[0], list):
        raise ParseError("a LIST without a name")
    attributes = frozenset(word.decode("ascii", "replace").lower() for word in values[0] if isinstance(word, bytes))
    delimiter = values[1].decode("ascii", "replace") if isinstance(values[1], bytes) else ""
    raw = name(values[2])
    return Listed(raw, decode(raw), delimiter, attributes)


def key(raw: bytes) -> bytes:
    """INBOX is one folder in every spelling; all others are what they are, to the octet."""
    return b"INBOX" if raw.upper() == b"INBOX" else raw


def _ask(connection: Connection, names: Iterable[bytes], items: bytes) -> dict[bytes, Status]:
    """STATUS of each, several on the way at a time; a folder that refuses has none."""
    found: dict[bytes, Status] = {}
    for said in connection.stream(((b"STATUS", string(raw), items) for raw in names), wants=(b"STATUS",)):
        if isinstance(said, Response):
            try:
                raw, status = folder_status(said.values())
                found[key(raw)] = status
            except ParseError as error:
                connection.skip(error)
    return found
