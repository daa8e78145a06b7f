"""From blocks to lines of a width: breaks text by cells, never wider than asked, and never drops a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size, split_graphemes

from tui_mail.model.document import PLAIN, Block, Cell, Emphasis, Fold, Kind, Run

LEAST = 4
"""Narrower than this nothing can be said; lines are then cut by the view."""
_DIM: Emphasis = frozenset({"dim"})
_BOLD: Emphasis = frozenset({"bold"})
_BARS = 8
"""More quote bars than this are not drawn."""

_TOKEN = re.compile(r"[^ ]+ *| +")
_WIDE = "\u2e80-\u303e\u3041-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
_OPENING = "「『（［｛〈《【〔〖“‘"  # never the last of a line
_CLOSING = "、。，．！？：；」』）］｝〉》】〕〗”’…ー々"  # never the first of a line
_BREAKS = re.compile(f"[{_OPENING}]*[{_WIDE}][{_CLOSING}]*|[^{_WIDE}{_OPENING}]+|[{_OPENING}]+")
_IS_WIDE = re.compile(f"[{_WIDE}]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is drawn: `quote` bars, then the runs. It is the `part`-th of its block, 0 ≤ part < 1."""

    block: int
    part: float
    kind: Kind
    quote: int
    level: int
    runs: tuple[Run, ...]
    fold: int = 0
    """The fold that this line stands for, closed or open; 0: it stands for itself."""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def width(self) -> int:
        """In cells, the bars with it."""
        return 2 * self.quote + measure(self.runs)


@dataclass(slots=True)
class _Word:
    """What stays together on a line: pieces, their cells, and the blanks behind them that a line end swallows."""

    pieces: list[Run]
    width: int
    blanks: int
    gap: Run | None = None
    """Whose look the blanks have, where it is not that of the last piece: a link ends with its last letter."""


def measure(runs: Iterable[Run]) -> int:
    """How many cells these take."""
    return sum(cell_len(run.text) for run in runs)


def lay_out(block: Block, index: int, width: int) -> list[Line]:
    """The lines of one block in a view of `width` cells."""
    bars = _bars(block, width)
    rows = _rows(block, max(width - 2 * bars, LEAST))
    share = 1 / max(len(rows), 1)
    return [Line(index, number * share, block.kind, bars, block.level, tuple(row)) for number, row in enumerate(rows)]


def fold_line(block: Block, index: int, fold: Fold, width: int, *, is_open: bool) -> Line:
    """The one line that stands for a fold at its first block."""
    bars = _bars(block, width)
    words = f"{'▾' if is_open else '▸'} {fold.words}"
    return Line(
        index, 0.0, "note", bars, 0, (Run(set_cell_size(words, min(cell_len(words), width - 2 * bars))),), block.fold
    )


def _bars(block: Block, width: int) -> int:
    return max(0, min(block.quote, _BARS, (width - LEAST * 2) // 2))


def _rows(block: Block, width: int) -> list[list[Run]]:
    match block.kind:
        case "gap":
            return [[]]
        case "rule":
            return [[Run("─" * width, _DIM)]]
    first, rest = _prefix(block.first, width), _prefix(block.rest, width)
    room = width - max(cell_len(first), cell_len(rest))
    match block.kind:
        case "table":
            rows = table(block.rows, room)
        case "pre" | "added" | "removed" | "hunk" | "armor":
            rows = _chop(block.runs, room)
        case "entry":
            rows = [_cut(block.runs, room)]
        case _:
            rows = wrap(block.runs, room)
    if not (first or rest):
        return rows
    heads = [first] + [rest] * (len(rows) - 1)
    return [[Run(head, _DIM), *row] if head else row for head, row in zip(heads, rows, strict=True)]


def _cut(runs: Sequence[Run], width: int) -> list[Run]:
    """What fits on one line, with a mark where more would follow."""
    if measure(runs) <= width:
        return list(runs)
    line = _trimmed(_chop(runs, width - 1)[0])
    return [*line, Run("…", line[-1].emphasis if line else PLAIN)]


def _prefix(text: str, width: int) -> str:
    """What stands before the lines, shortened where it would leave no room for words."""
    most = max(0, width - max(LEAST, width // 2))
    return text if cell_len(text) <= most else set_cell_size(text, most)


def wrap(runs: Sequence[Run], width: int) -> list[list[Run]]:
    """Breaks at blanks and between ideographs; a word longer than the line is cut. At least one line."""
    width = max(width, 2)
    if len(runs) == 1 and (run := runs[0]).text.isascii():
        return _wrap_plain(run, width)
    if sum(len(run.text) for run in runs) <= width and all(run.text.isascii() for run in runs):
        return [_trimmed(list(runs))]
    lines: list[list[Run]] = []
    line: list[Run] = []
    used = 0
    for word in _words(runs):
        if used and used + word.width > width:
            lines.append(_trimmed(line))
            line, used = [], 0
        if word.width > width:
            *full, line = _chop([*line, *word.pieces], width)  # what stands in the line by now takes no cells
            lines += full
            used = measure(line)
        else:
            for piece in word.pieces:
                _join(line, piece)
            used += word.width
        if word.blanks and used:
            look = word.gap or word.pieces[-1]
            _join(line, Run(" " * word.blanks, look.emphasis, look.link))
            used += word.blanks
    lines.append(_trimmed(line))
    return lines


def _wrap_plain(run: Run, width: int) -> list[list[Run]]:
    """The same for ASCII of one look, which most text is: cut with `rfind`, no list of words."""
    text = run.text.rstrip(" ")
    if len(text) <= width:
        return [[run if len(text) == len(run.text) else Run(text, run.emphasis, run.link)] if text else []]
    lines = []
    start = 0
    while len(text) - start > width:
        stop = text.rfind(" ", start, start + width + 1)
        if stop <= start or not text[start:stop].strip(" "):
            stop = start + width
        lines.append([Run(text[start:stop].rstrip(" "), run.emphasis, run.link)])
        while text[stop : stop + 1] == " ":
            stop += 1
        start = stop
    lines.append([Run(text[start:], run.emphasis, run.link)])
    return lines


def _words(runs: Sequence[Run]) -> list[_Word]:
    words: list[_Word] = []
    for run in runs:
        plain = run.text.isascii()
        for token in _TOKEN.findall(run.text):
            bare = token.rstrip(" ")
            blanks = len(token) - len(bare)
            if not bare:
                _blank(words, run, blanks)
                continue
            pieces = [bare] if plain else _BREAKS.findall(bare) or [bare]
            for number, text in enumerate(pieces):
                width = len(text) if plain else cell_len(text)
                after = blanks if number == len(pieces) - 1 else 0
                last = words[-1] if words else None
                if last is not None and number == 0 and _sticks(last, text):
                    last.pieces.append(Run(text, run.emphasis, run.link))
                    last.width += width
                    last.blanks = after
                else:
                    words.append(_Word([Run(text, run.emphasis, run.link)], width, after))
    return words


def _blank(words: list[_Word], run: Run, blanks: int) -> None:
    """Blanks that follow no letter of their own run: they belong to the word before, or are the first indent."""
    if words:
        words[-1].gap = words[-1].gap if words[-1].blanks else run
        words[-1].blanks += blanks
    else:
        words.append(_Word([Run(" " * blanks, run.emphasis, run.link)], blanks, 0))


def _sticks(last: _Word, text: str) -> bool:
    """Whether no line may end between this word and the text that follows it in another run."""
    before = last.pieces[-1].text
    if last.blanks or before.endswith(" "):
        return False
    return text[0] in _CLOSING or not (_IS_WIDE.match(text[0]) or _IS_WIDE.match(before[-1]))


def _join(line: list[Run], piece: Run) -> None:
    """Appends, as one run where the look is the same."""
    if line and line[-1].link == piece.link and line[-1].emphasis == piece.emphasis:
        line[-1] = Run(line[-1].text + piece.text, piece.emphasis, piece.link)
    else:
        line.append(piece)


def _trimmed(line: list[Run]) -> list[Run]:
    while line and line[-1].text.endswith(" "):
        last = line.pop()
        if text := last.text.rstrip(" "):
            line.append(Run(text, last.emphasis, last.link))
    return line


def _chop(runs: Sequence[Run], width: int) -> list[list[Run]]:
    """Cuts between characters as a person sees them, wherever the line is full. At least one line."""
    width = max(width, 2)
    lines: list[list[Run]] = [[]]
    used = 0
    for run in runs:
        if used + (whole := cell_len(run.text)) <= width:
            _join(lines[-1], run)
            used += whole
            continue
        begin = 0
        for start, end, cells in split_graphemes(run.text)[0]:
            cells = cells or cell_len(run.text[start:end])  # behind a joiner that joins nothing it counts none
            if used + cells > width:
                if start > begin:
                    _join(lines[-1], Run(run.text[begin:start], run.emphasis, run.link))
                lines.append([])
                begin, used = start, 0
            used += cells
        _join(lines[-1], Run(run.text[begin:], run.emphasis, run.link))
    return lines


def table(rows: Sequence[Sequence[Cell]], width: int) -> list[list[Run]]:
    """A box around a data table; where the columns cannot stand side by side, one line a cell."""
    count = max((len(row) for row in rows), default=0)
    if not count:
        return [[]]
    filled = [[*row, *[Cell(())] * (count - len(row))] for row in rows]
    widths = _columns(filled, count, width - 3 * count - 1)
    if widths is None:
        return _records(filled, width)
    lines = [_border("┌┬┐", widths)]
    for number, row in enumerate(filled):
        cells = [wrap([_headed(run, cell) for run in cell.runs], widths[at]) for at, cell in enumerate(row)]
        for level in range(max(map(len, cells))):
            line = [Run("│ ", _DIM)]
            for at, cell in enumerate(cells):
                part = cell[level] if level < len(cell) else []
                pad = Run(" " * (widths[at] - measure(part)))
                line += [pad, *part] if row[at].right else [*part, pad]
                line.append(Run(" │ " if at < count - 1 else " │", _DIM))
            lines.append([run for run in line if run.text])
        if number < len(filled) - 1 and all(cell.heading for cell in row):
            lines.append(_border("├┼┤", widths))
    lines.append(_border("└┴┘", widths))
    return lines


def _headed(run: Run, cell: Cell) -> Run:
    return Run(run.text, run.emphasis | _BOLD, run.link) if cell.heading else run


def _border(corners: str, widths: Sequence[int]) -> list[Run]:
    left, middle, right = list(corners)
    return [Run(left + middle.join("─" * (width + 2) for width in widths) + right, _DIM)]


def _columns(rows: Sequence[Sequence[Cell]], count: int, room: int) -> list[int] | None:
    """The width of each column: what it wants, the widest gives way first; None where 3 cells each are too much."""
    widths = [max(2, *(measure(row[at].runs) for row in rows)) for at in range(count)]
    while (over := sum(widths) - room) > 0:
        widest = max(range(count), key=widths.__getitem__)
        second = max((width for at, width in enumerate(widths) if at != widest), default=0)
        if widths[widest] <= 3:
            return None
        widths[widest] = max(3, widths[widest] - max(1, min(over, widths[widest] - second)))
    return widths


def _records(rows: Sequence[Sequence[Cell]], width: int) -> list[list[Run]]:
    """A table too wide for boxes: every cell a line, with its column's heading before it, a blank line between rows."""
    heads = rows[0] if len(rows) > 1 and all(cell.heading for cell in rows[0]) else None
    lines: list[list[Run]] = []
    for row in rows[1:] if heads else rows:
        if lines:
            lines.append([])
        for at, cell in enumerate(row):
            if not cell.runs:
                continue
            label = [*heads[at].runs, Run(": ")] if heads and heads[at].runs else []
            lines += wrap([*(Run(run.text, _DIM) for run in label), *cell.runs], width)
    return lines or [[]]


def plain(text: str, emphasis: Emphasis = PLAIN) -> tuple[Run, ...]:
    """One run, or none for no text."""
    return (Run(text, emphasis),) if text else ()
