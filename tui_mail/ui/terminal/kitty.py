"""Pictures by kitty's graphics protocol: sent once under a number, and then shown by cells of text that name it.

Cells of text scroll, are covered and are written over like any other, which no picture laid over the screen does.
"""

from __future__ import annotations

import re
from base64 import standard_b64encode
from collections.abc import Iterator

PLACE = "\U0010eeee"
"""The character that a terminal draws a piece of a picture for."""
CHUNK = 4096
"""Most characters of one command."""
_FIRST_KITTY = (0, 28)
"""The first version that knows PLACE."""
_DIACRITICS = (
    "\u0305\u030d\u030e\u0310\u0312\u033d\u033e\u033f\u0346\u034a\u034b\u034c\u0350\u0351\u0352\u0357\u035b\u0363"
    "\u0364\u0365\u0366\u0367\u0368\u0369\u036a\u036b\u036c\u036d\u036e\u036f\u0483\u0484\u0485\u0486\u0487\u0592"
    "\u0593\u0594\u0595\u0597\u0598\u0599\u059c\u059d\u059e\u059f\u05a0\u05a1\u05a8\u05a9\u05ab\u05ac\u05af\u05c4"
    "\u0610\u0611\u0612\u0613\u0614\u0615\u0616\u0617\u0657\u0658\u0659\u065a\u065b\u065d\u065e\u06d6\u06d7\u06d8"
    "\u06d9\u06da\u06db\u06dc\u06df\u06e0\u06e1\u06e2\u06e4\u06e7\u06e8\u06eb\u06ec\u0730\u0732\u0733\u0735\u0736"
    "\u073a\u073d\u073f\u0740\u0741\u0743\u0745\u0747\u0749\u074a\u07eb\u07ec\u07ed\u07ee\u07ef\u07f0\u07f1\u07f3"
)
"""The n-th stands for the number n, row or column of a piece. The protocol has 297; no letter is wider than these."""
MOST = len(_DIACRITICS)
"""Rows or columns that a picture can have here."""


def draws_cells(name: str) -> bool:
    """Whether a terminal that takes kitty's pictures can show them by cells of text, which some cannot (WezTerm,
    Konsole). `name` as it calls itself; one that knows the protocol and has no name gets the benefit of the doubt."""
    if match := re.match(r"kitty\((\d+)\.(\d+)", name):
        return (int(match[1]), int(match[2])) >= _FIRST_KITTY
    return not name or name.lower().startswith("ghostty")


def sent(number: int, png: bytes, columns: int, lines: int) -> str:
    """The commands that hand a picture over and give it a box of cells; the terminal answers nothing to it."""
    data = standard_b64encode(png).decode("ascii")
    head = f"a=T,U=1,i={number},p=1,f=100,t=d,c={columns},r={lines},q=2,"
    return "".join(_commands(head, data))


def _commands(head: str, data: str) -> Iterator[str]:
    for at in range(0, max(len(data), 1), CHUNK):
        more = int(at + CHUNK < len(data))
        yield f"\x1b_G{head}m={more};{data[at : at + CHUNK]}\x1b\\"
        head = "q=2,"


def taken_away(number: int) -> str:
    """The command that frees it, wherever it is shown."""
    return f"\x1b_Ga=d,d=I,i={number},q=2;\x1b\\"


def cells(line: int, column: int, count: int) -> str:
    """The text of so many pieces of one line of a picture; drawn in its number as colour (`colour_codes`)."""
    row = _DIACRITICS[line]
    return "".join(f"{PLACE}{row}{_DIACRITICS[at]}" for at in range(column, column + count))


def colour_codes(number: int) -> str:
    """The SGR codes of the foreground that names a picture."""
    return f"38;2;{number >> 16 & 255};{number >> 8 & 255};{number & 255}"
