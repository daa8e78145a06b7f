"""What a page of the manual is made of, and how it reads as `--help`; man page and completions come from it too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "file", "folder"]
"""What stands after an option, for shells that complete it."""
_COLUMN = 27
"""Where the explanations begin."""


@dataclass(frozen=True, slots=True)
class Option:
    """One `--option`. Lines of `words` are lines on the page."""

    name: str
    words: str = ""
    value: str = ""
    """What stands for its value on the page; empty is a switch."""
    short: str = ""
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    repeats: bool = False

    @property
    def shown(self) -> str:
        first = ", ".join(filter(None, (self.name, self.short)))
        return f"{first} {self.value}".rstrip()

    @property
    def key(self) -> str:
        """Its name in what argparse makes of it."""
        return self.name.lstrip("-").replace("-", "_")


@dataclass(frozen=True, slots=True)
class Operand:
    """A word without dashes."""

    name: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    optional: bool = False
    repeats: bool = False
    """One or more."""

    @property
    def key(self) -> str:
        return self.name.lower()

    @property
    def shown(self) -> str:
        name = f"[{self.name}]" if self.optional else self.name
        return f"{name}…" if self.repeats else name


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs as they stand on the page, an empty line between two; `heading` may be empty."""

    words: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Pairs side by side under a heading: commands, exit codes, names and what they mean."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Options:
    """Options under a heading."""

    heading: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One command's page. `name` is empty for the program itself; `examples` are (command line, remark)."""

    name: str
    line: str
    parts: tuple[Text | Rows | Options, ...]
    examples: tuple[tuple[str, str], ...] = ()
    operands: tuple[Operand, ...] = ()

    @property
    def program(self) -> str:
        return f"tui-mail {self.name}".rstrip()

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(option for part in self.parts if isinstance(part, Options) for option in part.options)


def text(page: Page) -> str:
    """The page as `--help` prints it."""
    blocks = [[f"{page.program}: {page.line}"]]
    if page.examples:
        blocks.append([line for left, right in page.examples for line in _row(left, right)])
    for part in page.parts:
        blocks.append(list(_lines(part)))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _lines(part: Text | Rows | Options) -> Iterator[str]:
    if part.heading:
        yield part.heading
    match part:
        case Text(words, heading):
            for line in words.split("\n"):
                yield f"  {line}".rstrip() if heading else line
        case Rows(_, rows):
            for left, right in rows:
                yield from _row(left, right)
        case Options(_, options):
            for option in options:
                yield from _row(option.shown, option.words)


def _row(left: str, right: str) -> Iterator[str]:
    first, *rest = right.split("\n")
    if len(left) + 2 >= _COLUMN and first:
        yield f"  {left}"
        rest = [first, *rest]
    else:
        yield f"  {left}".ljust(_COLUMN) + first if first else f"  {left}"
    for line in rest:
        yield " " * _COLUMN + line
