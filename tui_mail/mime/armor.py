"""PGP that is written into the text of a letter (RFC 9580 section 6 and 7): the text cut at it, octet by octet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from tui_mail.model.document import Block, Document, Run
from tui_mail.model.joining import joined

from . import charset
from .clean import clean
from .reading import LARGEST_TEXT
from .structure import Part, content, structure

PAGE = "the HTML beside it, which nothing protects"
"""What such a part is called, where it begins and where it ends."""
MOST = 8
"""Stretches of one letter that are opened; each is a run of gpg."""
_WORD = re.compile(r"[^\W_]+")
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
    is_page: bool = False
    """HTML that came beside the texts: PGP covers nothing of it, whatever stands there."""

    @property
    def text(self) -> str:
        """As it may be read; of a page its source."""
        if self.is_page:
            return charset.decode(self.octets, self.charset or charset.of_page(self.octets), markup=True)[0]
        return told(self.octets, self.charset)


def may_be(text: str) -> bool:
    """Whether a text that was read holds something to open; by far most do not."""
    return "-----BEGIN PGP " in text and _BEGIN.search(text) is not None


def stretches(raw: bytes) -> tuple[tuple[Stretch, ...], bool]:
    """The texts of the letter that are read, the plain ones cut, and whether they are all that came with it; none
    where PGP covers nothing of them. Quoted armor is a quote."""
    leaves = list(structure(raw).leaves())
    read = [leaf for number, leaf in enumerate(leaves) if _is_read(leaf, is_first=number == 0)]
    found: list[Stretch] = []
    for leaf in read:
        octets, label = content(leaf)[0][:LARGEST_TEXT], leaf.parameters.get("charset", "")
        if leaf.type == "text/html":
            found.append(Stretch(octets, label, is_page=True))
        else:
            found += _cut(octets, label, MOST - sum(one.is_armor for one in found))
    if not any(one.is_armor for one in found):
        return (), True
    return tuple(found), len(read) == len(leaves)


def says_the_same(page: str, texts: Iterable[str]) -> bool:
    """Whether all words of a page stand in one of the texts, in their order and with nothing between them: then it is
    the same letter told twice."""
    words = _words(page)
    return any(words in _words(text) for text in texts)


def _words(text: str) -> str:
    return " ".join(["", *_WORD.findall(text.casefold()), ""])


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
        found += [note(f"▾ {name}"), page, note(f"▴ end of {name}")] if name else [page]
    return joined(replace(one, is_page=False) for one in found)


_GAP = Document((Block("gap"),))


def note(words: str) -> Document:
    """A line that no sender can write."""
    return Document((Block("note", (Run(words),)),))


def _is_read(leaf: Part, *, is_first: bool) -> bool:
    """Whether it is a text that is read rather than saved."""
    return leaf.type in ("text/plain", "text/html") and leaf.disposition != "attachment" and (is_first or not leaf.name)
