"""One line under a letter's head, where there is something to know: what is doubtful first."""

from __future__ import annotations

from collections.abc import Iterable

from tui_mail.model.document import Block, Kind, Run
from tui_mail.model.insight import Concern

_BETWEEN = " · "


def strip(concerns: Iterable[Concern], notes: Iterable[str] = ()) -> list[Block]:
    """The line, or nothing. Its kind is one that no sender's words can have; `notes` stand for a letter that was not
    looked into."""
    known = tuple(concerns)
    words = [one.words for one in known] or [note.rstrip(". ") for note in notes]
    words = list(dict.fromkeys(word for word in words if word))
    if not words:
        return []
    text = _BETWEEN.join([words[0][:1].upper() + words[0][1:], *words[1:]])
    kind: Kind = "alarm" if any(one.weight == "alarm" for one in known) else "note"
    return [Block(kind, (Run(text),), first="! ", rest="  "), Block("gap")]
