"""Sets of UIDs as IMAP writes them: `1:5,9` (RFC 9051 section 9, sequence-set)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .lexer import ParseError

HIGHEST = 4_294_967_295
"""The largest UID there is; said instead of `*`, which always names the last message too."""
_OCTETS = 900
"""A set's longest form: command lines stay far below every server's limit (RFC 2683 section 3.2.1.5)."""
_ABSURD = 5_000_000


def compress(uids: Iterable[int]) -> str:
    """The shortest set that holds exactly these uids, ascending; empty for none."""
    parts: list[str] = []
    first = last = 0
    for uid in sorted(set(uids)):
        if uid == last + 1 and last:
            last = uid
            continue
        if last:
            parts.append(_range(first, last))
        first = last = uid
    if last:
        parts.append(_range(first, last))
    return ",".join(parts)


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}:{last}"


def expand(text: bytes, *, below: int = HIGHEST + 1) -> list[int]:
    """The uids of a set in the order it names them, those from `below` on left out.

    Raises ParseError for what is no set, and for one that only wants to fill the memory.
    """
    found: list[int] = []
    for piece in text.split(b","):
        low, colon, high = piece.partition(b":")
        if not low.isdigit() or (colon and not high.isdigit()):
            raise ParseError(f"no set of uids: {text[:40]!r}")
        first, last = sorted((int(low[:20]), int(high[:20] if colon else low[:20])))
        if first < 1 or last > HIGHEST:
            raise ParseError(f"no uids: {text[:40]!r}")
        last = min(last, below - 1)
        if len(found) + last - first > _ABSURD:
            raise ParseError(f"an absurd set of uids: {text[:40]!r}")
        found.extend(range(first, last + 1))
    return found


def windows(uids: Sequence[int], count: int = 200, octets: int = _OCTETS) -> Iterator[tuple[str, Sequence[int]]]:
    """The uids in their order, cut so that each cut has at most `count` of them and its set at most `octets`.

    Yields (the set as text, the uids in it).
    """
    waiting = [uids[start : start + count] for start in range(0, len(uids), count)][::-1]
    while waiting:
        window = waiting.pop()
        text = compress(window)
        if len(text) > octets and len(window) > 1:
            half = len(window) // 2
            waiting += [window[half:], window[:half]]
        else:
            yield text, window
