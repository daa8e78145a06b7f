"""What the terminal answers to our questions, told apart from what the person types."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

QUESTIONS = "\x1b[>q\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c"
"""Its name, kitty's pictures, the pixels of a cell; the last one every terminal answers, and in this order."""
CELL_QUESTION = "\x1b[16t\x1b[c"

_WHOLE = re.compile(
    r"\x1b_Gi=31(?:,[^;\x1b]*)?;(?P<kitty>[^\x1b]*)\x1b\\"
    r"|\x1bP>\|(?P<name>[^\x1b]*)\x1b\\"
    r"|\x1b\[6;(?P<height>\d{1,5});(?P<width>\d{1,5})t"
    r"|\x1b\[\?(?P<kind>[0-9;]*)c"
)
_PART = re.compile(
    r"\x1b(?:_(?:G[^\x1b]{0,250}\x1b?)?|P(?:>(?:\|[^\x1b]{0,250}\x1b?)?)?|\[(?:\?[0-9;]{0,60}|6(?:;[0-9;]{0,12})?)?)?\Z"
)
_NO_KEY = re.compile(r"\x1b(?:_G|P>|\[\?)")
"""How nothing begins that a keyboard sends."""
_MUTE = ("dumb", "linux", "vt100", "vt102", "vt220", "cons25", "ansi")
_LARGEST_CELL = 400
_PATIENCE = 5.0
"""Seconds in which a lone ESC may be the first octet of an answer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one terminal said of itself."""

    name: str = ""
    """`kitty(0.32.2)`; empty where it does not tell."""
    knows_kitty: bool = False
    """It takes pictures by kitty's protocol."""
    knows_sixel: bool = False
    cell: tuple[int, int] = (0, 0)
    """Pixels of a cell, width and height; zeros where it does not tell."""


def may_ask(environ: Mapping[str, str]) -> bool:
    """Whether the questions are understood or ignored: old terminals show them, multiplexers take some for a title."""
    term = environ.get("TERM", "").lower()
    if environ.get("TMUX") or environ.get("STY") or term.startswith(("screen", "tmux")) or term in ("", *_MUTE):
        return False
    return environ.get("TERM_PROGRAM", "") != "Apple_Terminal"


class Answers:
    """Takes the answers out of a stream of input that comes in any pieces. One reader at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held = ""
        self._until = 0.0
        self._found = Answered()
        self.is_ready = False
        """All questions were answered, or passed over."""

    @property
    def found(self) -> Answered:
        return self._found

    @property
    def is_holding(self) -> bool:
        """Something is kept back that may be the beginning of an answer."""
        return bool(self._held)

    def asked(self) -> None:
        """Questions were just written."""
        self.is_ready = False
        self._until = self._clock() + _PATIENCE

    def feed(self, text: str) -> str:
        """What of the input was typed."""
        text, self._held = self._held + text, ""
        if "\x1b" not in text:
            return text
        text = _WHOLE.sub(self._take, text)
        if (part := _PART.search(text)) and (_NO_KEY.match(part[0]) or self._clock() < self._until):
            text, self._held = text[: part.start()], part[0]
        return text

    def give_up(self) -> str:
        """What was kept back and can be typed, since nothing followed; half an answer is nothing that was."""
        text, self._held = self._held, ""
        return "" if _NO_KEY.match(text) else text

    def _take(self, match: re.Match[str]) -> str:
        if (said := match["kitty"]) is not None:
            self._found = replace(self._found, knows_kitty=said == "OK")
        elif (name := match["name"]) is not None:
            self._found = replace(self._found, name=name)
        elif match["kind"] is not None:
            self._found = replace(self._found, knows_sixel="4" in match["kind"].split(";")[1:])
            self.is_ready, self._until = True, 0.0
        else:
            width, height = int(match["width"]), int(match["height"])
            if 0 < width <= _LARGEST_CELL and 0 < height <= _LARGEST_CELL:
                self._found = replace(self._found, cell=(width, height))
        return ""
