"""A text of a server or of ours made fit to be shown to strangers: addresses, names and machines are struck out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

ADDRESS, USER, MACHINE = "‹address›", "‹user›", "‹ip›"
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*", re.U)
_MACHINE = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]{3,39})(?![\w:]|\.\d)", re.I
)
_SHORTEST = 3
"""A user's name shorter than this stands in too many words."""


def masked(text: str, *, users: Iterable[str] = (), machines: Collection[str] = ()) -> str:
    """`users` are names to strike out beside all addresses; `machines` are the IP addresses that may stay."""
    text = _ADDRESS.sub(ADDRESS, text)
    for user in sorted({user for user in users if len(user) >= _SHORTEST}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(user)}(?!\w)", USER, text, flags=re.I)
    return _MACHINE.sub(lambda found: found[0] if found[0] in machines else MACHINE, text)


def letterless(lines: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """The lines of an SMTP dialogue (direction, text) without the letter that was handed over in it."""
    hidden = -1
    """Lines of the letter so far; -1 outside of one."""
    for way, text in lines:
        if hidden < 0:
            yield way, text
            hidden = 0 if (way, text[:3]) == ("←", "354") else -1
        elif way == "←":
            yield "·", f"({hidden:,} lines of a letter)"
            yield way, text
            hidden = -1
        elif way == "→":
            hidden += 1
