"""A pasted list of people, from wherever it was copied, as the list that an address field holds."""

from __future__ import annotations

import re
import urllib.parse

from .address import Address, parse_list

_MAILTO = re.compile(r"mailto:([^\s?<>,;]*)(?:\?[^\s<>,;]*)?", re.I)
_LABEL = re.compile(r"^\s*(?:to|cc|bcc|an|from|von|kopie|à|para|a)\s*:\s*", re.I)
_BULLET = re.compile(r"^\s*(?:[-*•·]|\d{1,4}[.)])\s+")
_BARE = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\]]+")


def people(text: str) -> tuple[Address, ...]:
    """Everybody that the text names: lists with commas, semicolons or lines, columns of a sheet, header fields,
    bullets, mailto links, groups. Pieces without an address are kept as names, for the person to mend."""
    text = _MAILTO.sub(lambda match: urllib.parse.unquote(match[1]), text)
    found: list[Address] = []
    held = ""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = _LABEL.sub("", _BULLET.sub("", line)).strip()
        if not line:
            continue
        held = f"{held} {line}".strip()
        if held.count('"') % 2:  # a quoted name went over the line's end
            continue
        found += _line(held)
        held = ""
    found += _line(held) if held else []
    return tuple({(one.key or one.name): one for one in found}.values())


def _line(line: str) -> list[Address]:
    cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
    if len(cells) > 1:
        return _row(cells)
    bare = _BARE.findall(line)
    if len(bare) > 1 and not re.search(r'[<>,;:"()]', line):
        return [Address("", one) for one in bare] if "".join(line.split()) == "".join(bare) else list(parse_list(line))
    return [one for one in parse_list(line) if one.email or one.name]


def _row(cells: list[str]) -> list[Address]:
    """A row of a sheet: the cells with addresses, named by the cells before the first of them."""
    first = next((number for number, cell in enumerate(cells) if _BARE.search(cell)), -1)
    if first < 0:
        return [Address(" ".join(cells), "")]
    name = " ".join(cells[:first])
    found = [one for cell in cells[first:] for one in parse_list(cell) if one.email]
    return [Address(one.name or (name if len(found) == 1 else ""), one.email) for one in found]


def pasted(text: str) -> str:
    """The same as the text of an address field."""
    return ", ".join(str(one) if one.email else one.name for one in people(text))
