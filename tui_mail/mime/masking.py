"""A text of a server or of ours made fit to be shown to strangers: addresses, names and machines are struck out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

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


def letterless(lines: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """(direction, text) of these lines (dialogue, direction, text) without the letters that were handed over in SMTP.

    Dialogues may be held side by side; the first word of each line says which it belongs to.
    """
    hidden: dict[str, int] = {}
    """Dialogue in which a letter is on its way → lines of it so far."""
    for dialogue, way, text in lines:
        if dialogue not in hidden:
            yield way, text
            if way == "←" and text.startswith("354"):
                hidden[dialogue] = 0
        elif way == "←":
            lines_of_it = hidden.pop(dialogue)
            yield "·", f"({lines_of_it:,} {'line' if lines_of_it == 1 else 'lines'} of a letter)"
            yield way, text
        elif way == "→":
            hidden[dialogue] += 1
