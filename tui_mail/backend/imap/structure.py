"""What a BODYSTRUCTURE says about attachments; the rest of it waits until somebody opens the message."""

from __future__ import annotations

from functools import lru_cache

from .lexer import ParseError, Value, parse

_ATTACHED = b'("attachment" '
"""A disposition as servers write it; a file name cannot look so, its quotes would be escaped."""
_SIGNATURES = (b"PGP-SIGNATURE", b"PKCS7-SIGNATURE", b"X-PKCS7-SIGNATURE", b"PGP-ENCRYPTED")
_SHOWN = (b"TEXT", b"MULTIPART")


def has_attachment(structure: bytes) -> bool:
    """Whether something in it is saved rather than read. Pictures that the text shows and signatures do not count."""
    is_alone = structure[:2] == b'("'  # of these there are few kinds, but for the numbers in them
    if is_alone and not _speaks_of_files_often(structure.translate(None, b"0123456789")):
        return False
    if not _speaks_of_files(structure):
        return False
    words = structure.lower()
    if _ATTACHED in words and b"signature" not in words and b"encrypted" not in words:
        return True
    try:
        waiting = parse(structure)
    except ParseError:
        return False
    while waiting:
        part = waiting.pop()
        if not isinstance(part, list) or not part:
            continue
        if isinstance(part[0], list):
            waiting += [child for child in part if isinstance(child, list) and _is_part(child)]
        elif _is_attached(part):
            return True
    return False


def _speaks_of_files(structure: bytes) -> bool:
    """Whether it is worth looking into. Spelled out: a loop would cost more, for every message there is."""
    words = structure.lower()
    return (
        b"attachment" in words
        or b"application" in words
        or b"filename" in words
        or b'"image"' in words
        or b'"audio"' in words
        or b'"video"' in words
        or b'"message"' in words
    )


_speaks_of_files_often = lru_cache(maxsize=1024)(_speaks_of_files)


def _is_part(value: list[Value]) -> bool:
    """A part begins with its type and subtype, or with another part; parameters and dispositions do not."""
    if len(value) >= 2 and isinstance(value[0], list):
        return True
    return len(value) >= 7 and isinstance(value[0], bytes) and isinstance(value[1], bytes)


def _is_attached(part: list[Value]) -> bool:
    kind, subtype = _word(part, 0), _word(part, 1)
    if subtype in _SIGNATURES:
        return False
    found = next((value for value in part[7:] if isinstance(value, list) and _disposes(value)), [])
    disposition = _word(found, 0)
    if disposition == b"ATTACHMENT" or kind == b"MESSAGE":
        return disposition == b"ATTACHMENT" or subtype == b"RFC822"
    if kind in _SHOWN:
        return _names_a_file(found)
    has_id = len(part) > 3 and part[3] is not None
    return not (kind == b"IMAGE" and has_id)


def _names_a_file(disposition: list[Value]) -> bool:
    """Text that came as a file (Apple Mail says inline of those too)."""
    words = disposition[1] if len(disposition) > 1 else None
    return isinstance(words, list) and any(_word(words, place) == b"FILENAME" for place in range(0, len(words), 2))


def _disposes(value: list[Value]) -> bool:
    return len(value) == 2 and _word(value, 0) in (b"ATTACHMENT", b"INLINE") and not isinstance(value[1], bytes)


def _word(part: list[Value], index: int) -> bytes:
    value = part[index] if index < len(part) else None
    return value.upper() if isinstance(value, bytes) else b""
