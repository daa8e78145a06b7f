"""Folders by their names: where one may be made, whether it is there, and why a command on it was refused."""

from __future__ import annotations

from tui_mail.model.errors import MailError

from . import answers
from .command import Command, string
from .lexer import ParseError
from .names import decode
from .refusal import missing, refusal, says_missing
from .session import Session


def inside_namespace(session: Session, raw: bytes) -> bytes:
    """Some servers (Courier) keep all folders below `INBOX.` and refuse others (RFC 2342)."""
    if not session.can("NAMESPACE"):
        return raw
    command = session.connection.run(b"NAMESPACE", wants=(b"NAMESPACE",))
    for response in command.responses:
        try:
            personal = response.values()[0]
            first = personal[0] if isinstance(personal, list) else None
            prefix = first[0] if isinstance(first, list) else None
        except (ParseError, IndexError):
            continue  # no namespace that we could understand
        if isinstance(prefix, bytes) and not raw.upper().startswith(prefix.upper()) and raw.upper() != b"INBOX":
            return prefix + raw
    return raw


def is_there(session: Session, raw: bytes) -> bool:
    connection = session.connection
    pattern = raw.replace(b"*", b"%")  # a wildcard in the name may match more, never less
    command = connection.run(b"LIST", b'""', string(pattern), wants=(b"LIST",))
    for response in command.responses:
        try:
            values = response.values()
            if len(values) > 2 and answers.name(values[2]) == raw:
                return b"\\nonexistent" not in response.frame.wire().lower()
        except ParseError as error:
            connection.skip(error)
    return False


def absent(session: Session, command: Command, raw: bytes, doing: str) -> MailError:
    """NotFound where the folder is gone, else why the server would not."""
    name = decode(raw)
    if says_missing(command) or (not command.code and not is_there(session, raw)):
        return missing(name)
    return refusal(command, doing.format(name))
