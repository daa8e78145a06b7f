"""Which key does what: names of keys, the shipped keymaps, the user's own on top, and keys that follow each other."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import format_key

from tui_mail.model.errors import BadConfig

Context = Sequence[type[DOMNode]]
"""The classes that hear a key at the same time, from the focused widget to the app."""

UNBOUND = "unbound"
"""Stands where an action has no key; in a binding with the action's id behind it, because a key names one action."""


def unbound(id: str) -> str:
    """The key of a binding that only the palette reaches."""
    return f"{UNBOUND}_{id}"


def is_unbound(key: str) -> bool:
    return key.startswith(UNBOUND)


KEYMAPS: Mapping[str, Mapping[str, str]] = {
    "default": {},
    "gmail": {
        "message.archive": "e",
        "message.trash": "#,delete",
        "message.toggle-read": "",
        "message.compose": "c",
        "message.reply-all": "a",
        "message.mute": "m",
        "reader.next": "n,J,right",
        "reader.previous": "p,K,left",
        "reader.back": "u,escape",
        "view.preview": "P",
        "search.next": "]",
        "search.previous": "[",
    },
    "mutt": {
        "list.half-down": "]",
        "list.half-up": "[",
        "list.first": "=,home",
        "list.last": "end",
        "select.toggle": "t",
        "select.all": "T a",
        "select.none": "T n",
        "select.unread": "T u",
        "select.read": "T r",
        "select.starred": "T s",
        "select.sender": "T f",
        "select.thread": "T t",
        "select.query": "T /",
        "view.threads": "",
        "message.move": "s",
        "message.reply-later": "",
        "message.copy": "C",
        "message.trash": "d,delete",
        "message.star": "F",
        "reader.links": "^T",
        "message.toggle-read": "N",
        "message.mark-read": "",
        "message.mark-unread": "",
        "message.undo": "u",
        "message.redo": "U",
        "go.history": "c h",
        "message.compose": "m",
        "message.reply-all": "g",
        "search.filter": "l",
        "search.previous": "alt+n",
        "go.inbox": "c i",
        "go.starred": "c s",
        "go.sent": "c t",
        "go.drafts": "c d",
        "go.archive": "c a",
        "go.trash": "c x",
        "go.outbox": "c o",
        "go.snoozed": "c z",
        "go.folder": "c f",
        "go.people": "c p",
        "go.inboxes": "c u",
        "folder.new": "c n",
        "go.accounts": "c A",
        "go.add-account": "c plus",
        "message.archive": "a",
        "message.snooze": "B",
        "list.open": "enter",
        "reader.half_down": "]",
        "reader.half_up": "[",
        "reader.first": "=,home",
        "reader.last": "end",
        "reader.source": "e",
    },
}
"""Only where they differ from the bindings as written; "" leaves an action to the palette."""

GROUPS = {
    "message": "Message",
    "select": "Selecting",
    "reader": "Reading",
    "go": "Go to",
    "history": "History",
    "rest": "The rest",
    "rules": "Rules",
    "search": "Search",
    "folder": "Folders",
    "view": "View",
    "compose": "Writing",
    "outbox": "Letters",
    "trace": "Protocol trace",
    "list": "Moving",
    "app": "Program",
}
"""The first half of an id, and the heading that help shows over its bindings."""

_NAMES = {
    "esc": "escape",
    "del": "delete",
    "ins": "insert",
    "return": "enter",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "spc": "space",
}
_SHOWN = {
    "escape": "Esc",
    "delete": "Del",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "space": "Space",
    "enter": "Enter",
    "tab": "Tab",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "backspace": "Backspace",
}


def normal(keys: str) -> str:
    """The toolkit's spelling of `e, ^O, g i, Del`: commas between alternatives, blanks between keys in a row."""
    if keys.strip() in ("", UNBOUND):
        return UNBOUND
    pieces = [","] if keys.strip() == "," else [piece for piece in keys.split(",") if piece.strip()]
    return ",".join(" ".join(_normal_one(token) for token in piece.split()) for piece in pieces)


def _normal_one(token: str) -> str:
    if len(token) == 1:
        return next(iter(Binding.make_bindings([Binding(token, "")]))).key if token != "," else "comma"
    if len(token) == 2 and token[0] == "^":
        return f"ctrl+{token[1].lower()}"
    *modifiers, key = token.replace("-", "+").split("+") if token[-1] not in "-+" else [token]
    key = key if len(key) == 1 else key.lower()
    return "+".join([modifier.lower() for modifier in modifiers] + [_NAMES.get(key, key)])


def shown(key: str) -> str:
    """How a person reads a key: `ctrl+o` as `^O`, `g i` as `g i`, `question_mark` as `?`."""
    return " ".join(_shown_one(token) for token in key.split())


def _shown_one(token: str) -> str:
    *modifiers, key = token.split("+")
    name = _SHOWN.get(key) or (key.upper() if key[:1] == "f" and key[1:].isdigit() else format_key(key))
    if modifiers == ["ctrl"]:
        return "^" + name.upper() if len(name) == 1 else "Ctrl-" + name
    return "-".join([modifier.capitalize() for modifier in modifiers] + [name])


def bindings_of(owner: type[DOMNode]) -> Iterator[Binding]:
    """Every binding with an id that a class and the classes it is made of declare, one a key."""
    for base in owner.__mro__:
        if issubclass(base, DOMNode):
            for binding in Binding.make_bindings(base.__dict__.get("BINDINGS", ())):
                if binding.id:
                    yield binding


@dataclass(frozen=True, slots=True)
class Keymap:
    """Every action's keys, after the shipped map and the user's own."""

    keys: Mapping[str, str]
    """Id to keys, `UNBOUND` where it has none; for `App.set_keymap`."""
    changed: Mapping[str, str]
    """The part that differs from the bindings as written."""

    def shown(self, id: str) -> str:
        """The first key of an action as a person reads it, or empty."""
        first = self.keys.get(id, UNBOUND).split(",")[0]
        return "" if is_unbound(first) else shown(first)

    def all_shown(self, id: str, in_force: Collection[str]) -> list[str]:
        """Those keys of an action that are in force, as a person reads them, the first the one to learn."""
        known = [key for key in self.keys.get(id, "").split(",") if key in in_force and not is_unbound(key)]
        others = sorted(key for key in in_force if not is_unbound(key))
        return [shown(key) for key in dict.fromkeys((*known, *others))]

    @property
    def starters(self) -> frozenset[str]:
        """Keys that begin a sequence."""
        return frozenset(
            key.split()[0] for keys in self.keys.values() for key in keys.split(",") if len(key.split()) > 1
        )


def keymap(name: str, own: Mapping[str, str], contexts: Mapping[str, Context]) -> Keymap:
    """The map called `name` with the user's own on top; raises BadConfig where two actions would share a key."""
    written = _written(contexts.values())
    changed = {id: normal(keys) for id, keys in KEYMAPS[name].items() if id in written}
    for id, keys in own.items():
        if id not in written:
            near = difflib.get_close_matches(id, written, 1)
            meant = f" Did you mean “{near[0]}”?" if near else ""
            raise BadConfig(f"[keys] knows no action “{id}”.{meant}")
        changed[id] = normal(keys)
    changed = {id: unbound(id) if keys == UNBOUND else keys for id, keys in changed.items()}
    result = Keymap(written | changed, changed)
    for context in contexts.values() if own else ():
        _refuse_conflicts(result, context, own)
    return result


def _written(contexts: Iterable[Context]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for owner in {owner: None for context in contexts for owner in context}:
        for binding in bindings_of(owner):
            keys = found.setdefault(binding.id or "", [])
            if binding.key not in keys:
                keys.append(binding.key)
    return {id: ",".join(keys) for id, keys in found.items()}


def _refuse_conflicts(keymap: Keymap, context: Context, own: Mapping[str, str]) -> None:
    """Two actions on one key, or a key that both acts and begins a sequence, where the user's own map is the cause."""
    names = {binding.id or "": binding.description for owner in context for binding in bindings_of(owner)}
    taken: dict[str, str] = {}
    keys = [(key, id) for id in names for key in keymap.keys[id].split(",") if not is_unbound(key)]
    for key, id in keys:
        for other_key, other in taken.items():
            clash = key == other_key or key.startswith(other_key + " ") or other_key.startswith(key + " ")
            if clash and other != id and (id in own or other in own):
                mine, theirs = (id, other) if id in own else (other, id)
                raise BadConfig(
                    f"[keys] “{mine}” = “{own[mine]}”: {shown(other_key if mine == id else key)} already means "
                    f"{names[theirs]} (“{theirs}”).",
                    remedy="Choose another key, or move that action too.",
                )
        taken[key] = id


@dataclass(slots=True)
class Sequencer:
    """Remembers the keys of an unfinished sequence."""

    starters: frozenset[str]
    pending: str = ""

    def feed(self, key: str, bound: Iterable[str]) -> tuple[Literal["pass", "wait", "run", "stray"], str]:
        """What to do with a key where `bound` are the keys in force: and the keys so far.

        `pass`: an ordinary key; `wait`: more must follow; `run`: the sequence is whole; `stray`: it leads nowhere.
        """
        keys = f"{self.pending} {key}".strip()
        begun, self.pending = self.pending, ""
        if not begun and key not in self.starters:
            return "pass", key
        bound = tuple(bound)
        if begun and keys in bound:
            return "run", keys
        if any(other.startswith(keys + " ") for other in bound):
            self.pending = keys
            return "wait", keys
        return ("stray", keys) if begun else ("pass", key)
