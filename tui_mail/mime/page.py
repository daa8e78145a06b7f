"""Blocks in the making: the line that is being filled, and what the next one will look like."""

from __future__ import annotations

import re

from tui_mail.model.document import PLAIN, Block, Emphasis, Kind, Run

from .clean import clean, line

_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")


class Page:
    """Takes words as they come and ends lines where it is told to; blanks fold as HTML has it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.first = ""
        self.quote = 0
        self.indent = ""
        self.bullet = ""
        """What the next line begins with, in the last columns of `indent`."""
        self.level = 0
        """Of the heading that is open."""
        self.pre = 0
        self.look: Emphasis = PLAIN
        self.link = 0
        """The number of the link that is open, or 0."""
        self.is_unseen = False
        """The text has no size."""
        self.is_pale = False
        """The text is white on white."""
        self.unseen = 0
        """Stretches of such text."""
        self.is_blank = True
        """A blank now would be one too many."""

    def put(self, text: str, look: Emphasis | None = None) -> None:
        """Words for the open line, as they are; opens one where there is none."""
        look = self.look if look is None else look
        if not self.runs:
            self.first = self.indent
            if self.bullet:
                self.first = self.indent[: -len(self.bullet)] + self.bullet
                self.bullet = ""
        elif (last := self.runs[-1]).link == self.link and last.emphasis == look:
            self.runs[-1] = Run(last.text + text, look, self.link)
            return
        self.runs.append(Run(text, look, self.link))

    def text(self, text: str) -> None:
        """Text of the source: cleaned, blanks folded."""
        if self.is_unseen or self.is_pale:
            self.unseen += bool(line(text[:200]))
            return
        if self.pre:
            self._shaped(text)
            return
        text = clean(_BLANKS.sub(" ", text))
        if not text.isascii():
            text = _BLANKS.sub(" ", text)
        if self.is_blank:
            text = text.lstrip(" ")
        if text:
            self.is_blank = text[-1] == " "
            self.put(text)

    def _shaped(self, text: str) -> None:
        for number, piece in enumerate(clean(text, lines=True).split("\n")):
            if number:
                if not self.runs:
                    self.put("")
                self.close()
            if piece:
                self.put(piece)

    def close(self) -> None:
        """Ends the line that is being filled, if there is one."""
        self.is_blank = True
        if not self.runs:
            return
        kind: Kind = "pre" if self.pre else "heading" if self.level else "text"
        if not self.pre and self.runs[-1].text.endswith(" "):
            last = self.runs.pop()
            if text := last.text.rstrip(" "):
                self.runs.append(Run(text, last.emphasis, last.link))
        self.blocks.append(Block(kind, tuple(self.runs), self.quote, self.first, self.indent, self.level))
        self.runs = []

    def gap(self) -> None:
        """Ends the line and leaves one free, but not between a bullet and its words."""
        self.close()
        if not self.bullet and self.blocks and self.blocks[-1].kind != "gap":
            self.blocks.append(Block("gap", quote=self.quote))
