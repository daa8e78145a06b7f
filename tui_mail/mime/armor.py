"""PGP that is written into the text of a letter (RFC 9580 section 6 and 7): the text cut at it, octet by octet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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


def stretches(raw: bytes) -> tuple[Stretch, ...]:
    """The first plain text of the letter, cut; empty where PGP covers nothing of it. Quoted armor is a quote."""
    leaf = _text(structure(raw))
    if leaf is None:
        return ()
    octets, label = content(leaf)[0][:LARGEST_TEXT], leaf.parameters.get("charset", "")
    found: list[Stretch] = []
    at = 0
    for start, end, is_signed in _armors(octets):
        if octets[at:start].strip():
            found.append(Stretch(octets[at:start], label))
        found.append(Stretch(octets[start:end], label, is_armor=True, is_signed=is_signed))
        at = end
        if sum(one.is_armor for one in found) == MOST:
            break
    if octets[at:].strip():
        found.append(Stretch(octets[at:], label))
    return tuple(found) if any(one.is_armor for one in found) else ()


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


def _text(root: Part) -> Part | None:
    """The text that is read first, where it is plain and no attachment."""
    leaf = next(iter(root.leaves()), None)
    if leaf is None or leaf.type != "text/plain" or leaf.disposition == "attachment":
        return None
    return leaf
