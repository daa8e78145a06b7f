"""Which lines of a text are a patch: hunks are counted out as their heads say, so that nothing else is coloured."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_mail.model.document import Kind

_HUNK = re.compile(r"@@ -\d+(?:,(\d{1,7}))? \+\d+(?:,(\d{1,7}))? @@")
_HEAD = re.compile(
    r"diff --git |index [0-9a-f]{4,40}\.\.|--- \S|\+\+\+ \S|Index: \S|={60,}$|(?:new|deleted) file mode |old mode "
    r"|(?:rename|copy) (?:from|to) |similarity index |Binary files "
)
_KINDS: dict[str, Kind] = {"+": "added", "-": "removed", " ": "pre", "\\": "hunk"}


def kinds(lines: Sequence[str]) -> dict[int, Kind]:
    """The kind of every line that belongs to a patch, by its number."""
    found: dict[int, Kind] = {}
    at = 0
    while at < len(lines):
        if lines[at].startswith("@@ ") and (match := _HUNK.match(lines[at])) is not None:
            found |= _heads(lines, at)
            found[at] = "hunk"
            at = _hunk(lines, at + 1, int(match[1] or 1), int(match[2] or 1), found)
        else:
            at += 1
    return found


def _heads(lines: Sequence[str], at: int) -> dict[int, Kind]:
    """The lines above a hunk that name its file."""
    found: dict[int, Kind] = {}
    while at > 0 and _HEAD.match(lines[at - 1]):
        at -= 1
        found[at] = "hunk"
    return found


def _hunk(lines: Sequence[str], at: int, old: int, new: int, found: dict[int, Kind]) -> int:
    """Takes as many lines as the hunk has; fewer where the text stops to look like one."""
    while at < len(lines) and (old > 0 or new > 0):
        mark = lines[at][:1] or " "  # mail loses the blank of an empty line
        if mark not in _KINDS:
            return at
        old -= mark in " -"
        new -= mark in " +"
        found[at] = _KINDS[mark]
        at += 1
    if at < len(lines) and lines[at].startswith("\\ No newline"):
        found[at] = "hunk"
        at += 1
    return at
