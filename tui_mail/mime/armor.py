"""PGP that is written into the text of a letter (RFC 9580 section 6 and 7): the text cut at it, octet by octet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from tui_mail.model.document import Block, Document, Run
from tui_mail.model.joining import joined

from . import charset
from .clean import clean
from .reading import LARGEST_TEXT
from .structure import Part, content, structure

MOST = 8
"""Stretches of one letter that are opened; each is a run of gpg."""
_BEGIN = re.compile(r"^-----BEGIN PGP (?:SIGNED )?MESSAGE-----[ \t]*$", re.M)
_EDGE = re.compile(
    rb"^-----(?:BEGIN PGP (SIGNED )?MESSAGE|END PGP (?:(SIGNATURE)|MESSAGE))-----[ \t]*(?:\r?\n|\r?\Z)", re.M
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text: what PGP covers, or what stands around it and anybody can have written."""

    octets: bytes
    charset: str
    is_armor: bool = False
    is_signed: bool = False
    """Readable as it is (a cleartext signature), rather than encrypted or packed."""

    @property
    def text(self) -> str:
        return told(self.octets, self.charset)


def may_be(text: str) -> bool:
    """Whether a text that was read holds something to open; by far most do not."""
    return "-----BEGIN PGP " in text and _BEGIN.search(text) is not None


def stretches(raw: bytes) -> tuple[tuple[Stretch, ...], bool]:
    """The plain texts of the letter that are read, cut, and whether they are all that came with it; none where PGP
    covers nothing of them. Quoted armor is a quote."""
    leaves = list(structure(raw).leaves())
    texts = [leaf for number, leaf in enumerate(leaves) if _is_read(leaf, is_first=number == 0)]
    found: list[Stretch] = []
    for leaf in texts:
        room = MOST - sum(one.is_armor for one in found)
        found += _cut(content(leaf)[0][:LARGEST_TEXT], leaf.parameters.get("charset", ""), room)
    if not any(one.is_armor for one in found):
        return (), True
    others = sum(leaf.type != "text/html" for leaf in leaves) - len(texts)
    return tuple(found), not others


def _cut(octets: bytes, label: str, room: int) -> Iterator[Stretch]:
    """One text; at most so many pieces of armor are cut out."""
    at = 0
    for start, end, is_signed in islice(_armors(octets), room):
        if octets[at:start].strip():
            yield Stretch(octets[at:start], label)
        yield Stretch(octets[start:end], label, is_armor=True, is_signed=is_signed)
        at = end
    if octets[at:].strip():
        yield Stretch(octets[at:], label)


def _armors(octets: bytes) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it is a cleartext signature) of each that ends, from its first line to its last."""
    begun: re.Match[bytes] | None = None
    for edge in _EDGE.finditer(octets):
        if b"BEGIN" in edge[0]:
            begun = begun or edge
        elif begun is not None and (begun[1] is None) == (edge[2] is None):
            yield begun.start(), edge.end(), begun[1] is not None
            begun = None


def told(octets: bytes, label: str) -> str:
    """Octets of a text as a person may read them. What was inside is mostly UTF-8, whatever the outside says."""
    try:
        return clean(octets.decode("utf-8"), lines=True)
    except UnicodeDecodeError:
        return clean(charset.decode(octets, label)[0], lines=True)


def parted(pages: Sequence[tuple[Document, str]]) -> Document:
    """The stretches in their order; those with a name stand between two lines that no sender can write."""
    found: list[Document] = []
    for page, name in pages:
        if found:
            found.append(_GAP)
        found += [_line(f"▾ {name}"), page, _line(f"▴ end of {name}")] if name else [page]
    return joined(replace(one, is_page=False) for one in found)


_GAP = Document((Block("gap"),))


def _line(words: str) -> Document:
    return Document((Block("note", (Run(words),)),))


def _is_read(leaf: Part, *, is_first: bool) -> bool:
    """Whether it is a plain text that is read rather than saved."""
    return leaf.type == "text/plain" and leaf.disposition != "attachment" and (is_first or not leaf.name)
