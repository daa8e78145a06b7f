"""Large letters: their texts alone when they are read, which are then kept, and one part when that is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from tui_mail.backend.contract import Tell
from tui_mail.backend.imap.layout import layout
from tui_mail.mime.assembling import assembled, completed, left_out, wanted
from tui_mail.mime.structure import Part, content
from tui_mail.model.errors import NotFound
from tui_mail.model.message import MessageId
from tui_mail.model.section import Section

from .desk import Desk
from .fetch import fetch, put_down, standing
from .outline import Outlined

LARGE = 2_000_000
"""Octets of a letter from which on its parts are fetched one by one."""
_SEALED = frozenset({"multipart/encrypted", "multipart/signed", "application/pkcs7-mime", "application/x-pkcs7-mime"})
"""A signature covers every octet, and what is encrypted has no texts of its own: these come whole."""


@dataclass(frozen=True, slots=True)
class OnePart:
    """A part by itself, decoded."""

    octets: bytes


def letter(desk: Desk, id: MessageId) -> bytes | Outlined:
    """The whole mail, or, of a large one that is not here, its texts."""
    if not _is_large(desk, id):
        return _whole(desk, id, None)

    def job(uid: int) -> Outlined | None:
        root = _root(desk, uid)
        if root is None or any(one.type in _SEALED for one in (root, *root.leaves())):
            return None
        head = desk.store.part(uid, "HEADER")
        texts = {one.number: desk.store.part(uid, one.number) for one in wanted(root)}
        return Outlined(assembled(head, root, texts), left_out(root, texts))

    found = standing(desk, id, job)
    if found is None:
        return _whole(desk, id, None)
    keep_outline(desk, id, found)
    return found


def part(desk: Desk, id: MessageId, number: str, tell: Tell | None) -> bytes | OnePart:
    """One part of a large mail, or the whole of a small one, which is then kept here."""
    if not number or not _is_large(desk, id):
        return _whole(desk, id, tell)

    def job(uid: int) -> OnePart | None:
        root = _root(desk, uid)
        section = next((one for one in root.leaves() if one.number == number), None) if root is not None else None
        if section is None:
            return None
        octets = desk.store.part(uid, number, tell)
        if not octets and section.size:
            raise NotFound("The server did not give this part.")
        encoding = section.encoding.decode("ascii", "replace").lower()
        return OnePart(content(Part(number, section.type, octets, encoding=encoding))[0])

    found = standing(desk, id, job)
    return _whole(desk, id, tell) if found is None else found


def keep_outline(desk: Desk, id: MessageId, one: Outlined) -> None:
    """So that what was read once can be read offline."""
    message = completed(desk.parse(one.raw), one.left)
    put_down(desk, id, lambda books: books.bodies.keep_outline(id, one, message))


def _is_large(desk: Desk, id: MessageId) -> bool:
    size = desk.write(lambda books: books.bodies.size_missing(id))
    return size is not None and size > LARGE


def _root(desk: Desk, uid: int) -> Section | None:
    """How the server describes the message; None where it does not, or lies on this machine."""
    return next((layout(found.structure) for found in desk.store.headers([uid]) if found.uid == uid), None)


def _whole(desk: Desk, id: MessageId, tell: Tell | None) -> bytes:
    raw = fetch(desk, id, tell=tell)
    desk.flush()
    return raw
