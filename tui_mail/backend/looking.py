"""Search by reading every message, for stores whose mail is at hand."""

from __future__ import annotations

from collections.abc import Iterable

from tui_mail.mime.parse import parse
from tui_mail.model.condition import Condition
from tui_mail.model.folder import Folder, FolderId
from tui_mail.model.matching import Facts, matches
from tui_mail.model.message import Flags

_ANYWHERE = Folder(FolderId(0), "", "", b"", "/")
"""The folder is open already: a condition asks nothing of it any more."""


def look_through(messages: Iterable[tuple[int, bytes, Flags, int]], condition: Condition, now: float) -> list[int]:
    """Uids, rising, of those of these (uid, octets, flags, when it came) that match."""
    return sorted(uid for uid, raw, flags, came in messages if matches(condition, _facts(raw, flags, came), now))


def _facts(raw: bytes, flags: Flags, came: int) -> Facts:
    message = parse(raw)
    return Facts(
        "",
        _ANYWHERE,
        message.sender,
        message.to + message.cc,
        message.subject,
        came if message.date is None else message.date,
        len(raw),
        flags,
        any(not one.inline for one in message.attachments),
        message.cc,
        message.list_id,
        message.document.text,
        tuple(one.name for one in message.attachments),
    )
