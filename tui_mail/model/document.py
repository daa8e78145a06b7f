"""Readable text: paragraphs, quotes, lists, tables and links, with no widths and no colours yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text",
    "heading",
    "pre",
    "table",
    "rule",
    "gap",
    "signature",
    "note",
    "alarm",
    "added",
    "removed",
    "hunk",
    "armor",
    "picture",
    "entry",
]
"""`note`, `alarm` and `entry`, which never takes a second line, are ours: nothing that a sender writes becomes one.
`added`, `removed` and `hunk` are lines of a patch, `armor` is text that only programs read (PGP), a picture's runs are
what is shown where it cannot be drawn."""
Why = Literal["quote", "seen", "armor"]
Emphasis = frozenset[Literal["bold", "italic", "underline", "strike", "code", "dim"]]
PLAIN: Emphasis = frozenset()


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one look. `link` is 1-based into `Document.links`; 0 is none."""

    text: str
    emphasis: Emphasis = PLAIN
    link: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a data table."""

    runs: tuple[Run, ...]
    heading: bool = False
    right: bool = False
    """Aligned to the right."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item, table or gap.

    `first` and `rest` are what stands before its first and its other lines (bullets and their indent);
    `quote` is how many bars stand before it. `kind` "pre", the lines of a patch and "armor" are not wrapped at blanks;
    "table" has `rows` and no runs; "rule" and "gap" have neither.
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    quote: int = 0
    first: str = ""
    rest: str = ""
    level: int = 0
    """1 to 6 for a heading; of a picture its number in `Document.pictures`."""
    rows: tuple[tuple[Cell, ...], ...] = ()
    fold: int = 0
    """1-based into `Document.folds`: it is shown when that fold is open. 0: always."""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Fold:
    """Neighbouring blocks that one line stands for until the person opens them."""

    words: str
    """`17 quoted lines`"""
    why: Why = "quote"


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks in reading order, and the targets that links number: http, https, mailto; ASCII, at most 2000."""

    blocks: tuple[Block, ...] = ()
    links: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What was left out, in sentences: `3 trackers blocked`."""
    folds: tuple[Fold, ...] = ()
    pictures: tuple[str, ...] = ()
    """Where pictures are to be had, https or cid; only where they were asked for."""
    is_page: bool = False
    """It tells the HTML of a letter, or some of it, rather than its text."""
    is_beginning: bool = False
    """It is the first screens of something larger, of which the rest is still to come."""

    @property
    def text(self) -> str:
        """The words alone, for the index, snippets and quoting; a table row is a line with blanks between cells."""
        lines = []
        for block in self.blocks:
            if block.kind == "table":
                lines += ["  ".join("".join(run.text for run in cell.runs) for cell in row) for row in block.rows]
            elif block.kind == "rule":
                lines.append("-" * 10)
            else:
                lines.append("> " * block.quote + block.first + block.text)
        return "\n".join(lines)
