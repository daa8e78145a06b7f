"""Writes the key table of the README from the bindings; with `--check` it only says whether it is current."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from textual.binding import Binding

from tui_mail.ui.app import contexts
from tui_mail.ui.keys import GROUPS, KEYMAPS, Context, Keymap, bindings_of, is_unbound, keymap, shown
from tui_mail.ui.panes.compose import ComposePane

README = Path(__file__).parents[1] / "README.md"
PALETTE = "*palette*"
BEGIN, END = "<!-- keys: begin (made from the bindings) -->\n", "<!-- keys: end -->\n"


def table() -> str:
    """The actions by group, each once, with its keys in every keymap."""
    places: dict[str, Context] = {**contexts(), "compose": (ComposePane,)}
    maps = {name: keymap(name, {}, places) for name in KEYMAPS}
    bindings: dict[str, Binding] = {}
    for owner in (owner for context in places.values() for owner in context):
        for binding in bindings_of(owner):
            if binding.id and binding.description:
                bindings.setdefault(binding.id, binding)
    lines = []
    for group, heading in GROUPS.items():
        rows = [binding for id, binding in bindings.items() if id.partition(".")[0] == group]
        if not rows:
            continue
        lines += ["", f"**{heading}**", "", f"| action | {' | '.join(maps)} |", "|---" * (len(maps) + 1) + "|"]
        for binding in sorted(rows, key=lambda one: rank(one, maps.values())):
            what = binding.tooltip or binding.description
            lines.append(f"| {what} | {' | '.join(keys(one, binding.id or '') for one in maps.values())} |")
    return "\n".join([*lines[1:], ""])


def rank(binding: Binding, maps: Iterable[Keymap]) -> int:
    """The keys that stand at the foot of a screen first, last what only the palette has."""
    if not any(keys(one, binding.id or "") != PALETTE for one in maps):
        return 2
    return 0 if binding.show else 1


def keys(one: Keymap, id: str) -> str:
    """The keys of an action in a map, as code, or that the palette has it."""
    names = [shown(key) for key in one.keys[id].split(",") if not is_unbound(key)]
    return " ".join(f"`{name}`".replace("|", "\\|") if name != "`" else "`` ` ``" for name in names) or PALETTE


def main() -> int:
    text = README.read_text()
    head, rest = text.split(BEGIN)
    tail = rest.split(END, 1)[1]
    made = head + BEGIN + table() + END + tail
    if "--check" in sys.argv:
        return int(made != text)
    README.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
