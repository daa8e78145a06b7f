"""Flags as the index keeps them: bits for the well-known ones, words for the rest."""

from __future__ import annotations

from functools import lru_cache

from tui_mail.model.message import (
    ANSWERED,
    DELETED,
    DRAFT,
    FLAGGED,
    FORWARDED,
    JUNK,
    NOT_JUNK,
    REPLY_LATER,
    SEEN,
    Flags,
)

_BITS = {
    **{SEEN: 1, ANSWERED: 2, FLAGGED: 4, DELETED: 8, DRAFT: 16},
    **{FORWARDED: 32, JUNK: 64, NOT_JUNK: 128, REPLY_LATER: 256},
}
_BY_LOWER = {name.lower(): bit for name, bit in _BITS.items()}
SEEN_BIT, FLAGGED_BIT, ANSWERED_BIT, DELETED_BIT, LATER_BIT = 1, 4, 2, 8, 256


@lru_cache(maxsize=4096)
def pack(flags: Flags) -> tuple[int, str]:
    """(bits, words): the words sorted and joined by blanks, which no flag can hold."""
    bits = 0
    words = []
    for flag in flags:
        bit = _BY_LOWER.get(flag.lower())
        if bit is not None:
            bits |= bit
        elif flag and flag.lower() != "\\recent":
            words.append("".join(flag.split()))
    return bits, " ".join(sorted(words))


@lru_cache(maxsize=4096)
def unpack(bits: int, words: str) -> Flags:
    """The flags again; the inverse of `pack` up to the case of the well-known ones."""
    return frozenset([name for name, bit in _BITS.items() if bits & bit] + words.split())


def merge(new: Flags, old: Flags, belief: Flags) -> Flags:
    """What is believed once the server says `new` where it said `old`: each flag that is owed stays ours."""
    return (new | (belief - old)) - (old - belief)


def merge_packed(new: tuple[int, str], old: tuple[int, str], belief: tuple[int, str]) -> tuple[int, str]:
    """`merge` on packed flags; words are taken apart only where there are some."""
    bits = (new[0] | (belief[0] & ~old[0])) & ~(old[0] & ~belief[0])
    if new[1] == old[1] == belief[1] or old[1] == belief[1]:
        return bits, new[1]
    words = merge(frozenset(new[1].split()), frozenset(old[1].split()), frozenset(belief[1].split()))
    return bits, " ".join(sorted(words))
