"""A BODYSTRUCTURE as the tree that it describes (RFC 9051 section 7.5.2)."""

from __future__ import annotations

from tui_mail.model.section import Parameters, Section

from .lexer import ParseError, Value, parse

_DEEPEST = 30
_MOST = 500


def layout(structure: bytes) -> Section | None:
    """The tree, or None where it cannot be read, or is deeper or wider than a message may be here."""
    try:
        values = parse(structure)
        root = values[0] if values else None
        return _section(root, "", 0) if isinstance(root, list) else None
    except (ParseError, IndexError, ValueError, TypeError):
        return None


def _section(value: list[Value], number: str, depth: int) -> Section:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if value and isinstance(value[0], list):
        return _multipart(value, number, depth)
    disposition, names = _disposition(value[8:] if _is_text(value) else value[7:])
    size = value[6]
    return Section(
        number=number or "1",
        type=f"{_word(value[0])}/{_word(value[1])}",
        parameters=_pairs(value[2]),
        content_id=value[3] if isinstance(value[3], bytes) else b"",
        encoding=value[5] if isinstance(value[5], bytes) else b"",
        size=int(size) if isinstance(size, bytes) else 0,
        disposition=disposition,
        names=names,
    )


def _multipart(value: list[Value], number: str, depth: int) -> Section:
    parts = []
    for one in value:
        if not isinstance(one, list):
            break
        parts.append(one)
    if len(parts) > _MOST:
        raise ValueError("too many parts")
    rest = value[len(parts) :]
    children = tuple(
        _section(one, f"{number}.{place}" if number else str(place), depth + 1) for place, one in enumerate(parts, 1)
    )
    disposition, names = _disposition(rest[2:])
    return Section(
        number=number,
        type=f"multipart/{_word(rest[0])}",
        parameters=_pairs(rest[1]) if len(rest) > 1 else (),
        disposition=disposition,
        names=names,
        children=children,
    )


def _is_text(value: list[Value]) -> bool:
    return _word(value[0]) == "text"


def _disposition(rest: list[Value]) -> tuple[bytes, Parameters]:
    """The first value that is one: what comes before it depends on the type."""
    for one in rest:
        if isinstance(one, list) and len(one) == 2 and _word(one[0]) in ("attachment", "inline"):
            return _word(one[0]).encode(), _pairs(one[1])
    return b"", ()


def _pairs(value: Value) -> Parameters:
    if not isinstance(value, list):
        return ()
    words = [one if isinstance(one, bytes) else b"" for one in value]
    return tuple(zip(words[::2], words[1::2], strict=False))


def _word(value: Value) -> str:
    return value.decode("ascii", "replace").lower() if isinstance(value, bytes) else ""
