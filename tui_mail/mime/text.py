"""Plain text as blocks: quotes by their depth, the signature, patches, armor, lines that keep their shape, links."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_mail.model.document import Block, Document, Kind, Run

from . import patch
from .clean import clean, safe_link

LARGEST = 2_000_000
"""Characters that are laid out; the rest is in the source view."""
DEEPEST_QUOTE = 50
_LAST_LINES = 15
"""A `--` without its blank is a signature mark where no more lines than this follow."""

_QUOTE = re.compile(r"(?: ?>){1,400}")
_SHAPED = re.compile(r"\S {3,}\S|^ {4}|^[ ]*[|+][-+=| ]{3}")
_WEB = r"(?:https?://|mailto:|www\.)[^\s<>\"`{}|\\^]{1,2000}"
_URL = re.compile(_WEB, re.I)
_URL_OR_ADDRESS = re.compile(_WEB + r"|[\w.+\-]{1,64}@(?:[\w\-]{1,63}\.){1,8}[A-Za-z]{2,24}", re.I)
_HINT = re.compile(r"://|www\.|mailto:|@", re.I)
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_FOOTER = re.compile(r"_{30,}\Z")
_ARMOR = re.compile(r"-----(BEGIN|END) ([A-Z0-9 ]{3,40})-----\Z")
_ATTRIBUTION = re.compile(
    r"-{2,} ?(?:original|forwarded) m|.{8,300}(?:wrote|writes|schrieb|écrit|escribió|scritto) ?:\Z", re.I
)


def document(text: str, *, links: tuple[str, ...] = ()) -> Document:
    """Lines as blocks; `links` are targets that count already, the text's own are numbered after them."""
    text = clean(text, lines=True)
    notes: tuple[str, ...] = ()
    if len(text) > LARGEST:
        text = text[:LARGEST]
        notes = ("This message is very long: only its beginning is shown here.",)
    lines = text.rstrip("\n").split("\n")
    targets = {url: number for number, url in enumerate(links, 1)}
    blocks = _Lines(lines, targets).blocks()
    return Document(tuple(blocks), tuple(targets), notes)


class _Lines:
    """Goes through the lines of one text, and knows in which part of a letter it is."""

    def __init__(self, lines: Sequence[str], targets: dict[str, int]) -> None:
        self.lines = lines
        self.targets = targets
        self.patch = patch.kinds(lines) if any(line.startswith("@@ -") for line in lines) else {}
        self.in_signature = False
        self.armor = ""
        """The label of the armor that is open, or empty."""
        ends = ((number, _ARMOR.match(line.rstrip())) for number, line in enumerate(lines) if line[:9] == "-----END ")
        self.ends = {end[2]: number for number, end in ends if end}
        """Where the last armor of each label ends: what never ends is a word among others."""

    def blocks(self) -> list[Block]:
        blocks: list[Block] = []
        for number, line in enumerate(self.lines):
            kind = self._kind(number, line)
            line = line.rstrip()
            depth = 0
            if kind == "text" and line[:2].lstrip()[:1] == ">" and (match := _QUOTE.match(line)) is not None:
                depth = min(match[0].count(">"), DEEPEST_QUOTE)
                line = line[match.end() :].removeprefix(" ")
            if not line.strip() and kind != "armor":
                if not (len(blocks) > 1 and blocks[-1].kind == blocks[-2].kind == "gap"):
                    blocks.append(Block("gap", quote=depth))  # two at most: some letters end in a page of nothing
                continue
            if kind == "text" and len(line) <= 100 and _SHAPED.search(line):
                kind = "pre"
            runs = plain(line) if kind == "armor" else _runs(line, self.targets)
            blocks.append(Block(kind, runs, depth))
        while blocks and blocks[-1].kind == "gap":
            blocks.pop()
        return blocks

    def _kind(self, number: int, line: str) -> Kind:
        if self.armor:
            if (end := _ARMOR.match(line.rstrip())) and end[1] == "END" and end[2] == self.armor:
                self.armor = ""
            return "armor"
        if (begin := _ARMOR.match(line.rstrip())) is not None:
            if begin[1] == "BEGIN" and begin[2] != "PGP SIGNED MESSAGE" and self.ends.get(begin[2], 0) > number:
                self.armor = begin[2]
            return "armor"
        if (kind := self.patch.get(number)) is not None:
            return kind
        if self.in_signature:
            self.in_signature = not self._goes_on(number, line)
        elif line == "-- " or ((line == "--" or _FOOTER.match(line.rstrip())) and self._is_near_end(number)):
            self.in_signature = True
        return "signature" if self.in_signature else "text"

    def _is_near_end(self, number: int) -> bool:
        return len(self.lines) - number <= _LAST_LINES

    def _goes_on(self, number: int, line: str) -> bool:
        """Whether a signature is over: a letter is quoted below it."""
        if _ATTRIBUTION.match(line):
            return True
        return [one[:1] for one in self.lines[number : number + 3]] == [">"] * 3


def plain(line: str) -> tuple[Run, ...]:
    """One run, without looking for links."""
    return (Run(line),) if line else ()


def _runs(line: str, targets: dict[str, int]) -> tuple[Run, ...]:
    """The line with its addresses as links."""
    if not _HINT.search(line):
        return (Run(line),)
    runs = []
    at = 0
    for match in (_URL_OR_ADDRESS if "@" in line else _URL).finditer(line):
        shown = _without_stop(match[0])
        target = safe_link(_target(shown))
        if not target:
            continue
        if match.start() > at:
            runs.append(Run(line[at : match.start()]))
        runs.append(Run(shown, link=targets.setdefault(target, len(targets) + 1)))
        at = match.start() + len(shown)
    if at < len(line):
        runs.append(Run(line[at:]))
    return tuple(runs)


def _target(shown: str) -> str:
    start = shown[:8].lower()
    if start.startswith("www."):
        return "http://" + shown
    return shown if start.startswith(("http:", "https:", "mailto:")) else "mailto:" + shown


def _without_stop(url: str) -> str:
    """The URL without the punctuation of the sentence around it; a bracket stays where it closes one of its own."""
    while url:
        last = url[-1]
        if last in ".,;:!?'\"*_~" or (last in _CLOSERS and url.count(last) > url.count(_CLOSERS[last])):
            url = url[:-1]
        else:
            break
    return url
