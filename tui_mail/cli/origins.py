"""Every setting with its value and where that comes from: a line of the file, what the program remembers, a default."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tui_mail.config.places import Places
from tui_mail.config.reader import dotted
from tui_mail.config.settings import NOWHERE, Settings

_REMEMBERED = {"ui.theme": "theme", "ui.preview": "preview"}
"""Settings that a choice in the program decides where the file says nothing: their names in state.toml."""
Keys = tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Origin:
    """One setting."""

    key: str
    value: object
    source: str


def origins(settings: Settings, text: str, places: Places) -> list[Origin]:
    """`text` is what stands in the configuration file; empty where there is none."""
    lines = lines_of(text)
    remembered = _remembered(places.state)
    found = []
    for keys, value in _flat(settings):
        key = dotted(*keys)
        if (line := _line(lines, keys)) is not None:
            source = f"{places.config}:{line}"
        elif _REMEMBERED.get(key) in remembered:
            value, source = remembered[_REMEMBERED[key]], f"{places.state} (chosen in the program)"
        else:
            source = "default"
        found.append(Origin(key, value, source))
    return found


def _line(lines: Mapping[Keys, int], keys: Keys) -> int | None:
    """The line of the key, or of the table or list that it was written as."""
    return next((lines[keys[:size]] for size in range(len(keys), 1, -1) if keys[:size] in lines), None)


def _flat(value: object, *at: str) -> Iterator[tuple[Keys, object]]:
    """The leaves of the settings; an account's own key is in its path."""
    if value == NOWHERE:
        return  # an account has no such server
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if not (at[:1] == ("accounts",) and field.name == "key"):
                yield from _flat(getattr(value, field.name), *at, field.name)
    elif isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _flat(inner, *at, name)
    elif isinstance(value, tuple):
        yield at, list(value)
    elif isinstance(value, Path):
        yield at, str(value)
    elif not isinstance(value, Mapping) or at[:1] != ("accounts",):
        yield at, dict(value) if isinstance(value, Mapping) else value


def lines_of(text: str) -> dict[Keys, int]:
    """Where each key of a TOML text stands, counted from 1; the text is known to be right.

    A statement is as many lines as it takes to be TOML by themselves; so no second reader of TOML is needed.
    """
    found: dict[Keys, int] = {}
    table: Keys = ()
    statement, begun = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        statement, begun = (statement + "\n" + line, begun) if statement else (line, number)
        try:
            parsed = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue  # a list or a text that goes on
        if statement.lstrip().startswith("["):
            table = _chain(parsed)
        else:
            for keys in _paths(parsed):
                found[table + keys] = begun
        statement = ""
    return found


def _chain(parsed: Mapping[str, object]) -> Keys:
    """The keys of `[a.b.c]`."""
    keys: Keys = ()
    here: object = parsed
    while isinstance(here, Mapping) and here:
        keys, here = (*keys, next(iter(here))), next(iter(here.values()))
    return keys


def _paths(value: object, *at: str) -> Iterator[Keys]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _paths(inner, *at, name)
    elif at:
        yield at


def _remembered(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # what is broken there is put aside by the program, and decides nothing
