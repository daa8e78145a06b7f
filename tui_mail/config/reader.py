"""TOML tables into frozen dataclasses, by their types: one reader for every setting there will be."""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
import types
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args, get_origin

from tui_mail.model.errors import BadConfig

Shape = TypeVar("Shape")
_SECRETS = frozenset({"password", "passwd", "pass", "secret", "token", "imap_password", "smtp_password"})
_MULTILINE = frozenset({"signature"})
"""Settings whose text may have lines."""


def dotted(*keys: str) -> str:
    """`accounts.work.imap`, quoted where TOML wants it so."""
    return ".".join(key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key) for key in keys)


@dataclasses.dataclass(frozen=True, slots=True)
class Reader:
    """Reads for one file; every mistake is a BadConfig that names the file and the key."""

    name: str
    folder: Path

    def read(self, shape: type[Shape], table: Mapping[str, object], *at: str, key: str | None = None) -> Shape:
        """An instance of the dataclass `shape`; `key` fills its field of that name, which is no setting then."""
        hints = typing.get_type_hints(shape)
        fields = {field.name: field for field in dataclasses.fields(shape)}  # type: ignore[arg-type]  # a dataclass
        given: dict[str, Any] = {}
        if key is not None:
            given["key"] = key
            del fields["key"]
        for name, value in table.items():
            if name not in fields:
                self._unknown(name, fields, at)
            given[name] = self._value(hints[name], value, *at, name)
        for name, field in fields.items():
            if name not in given and field.default is field.default_factory is dataclasses.MISSING:
                self._fail(f"{dotted(*at, name)} is missing")
        return shape(**given)

    def _value(self, hint: Any, value: object, *at: str) -> object:
        """`value` as the type `hint`; the types that settings are made of, and no others."""
        if dataclasses.is_dataclass(hint):
            return self.read(typing.cast("type[object]", hint), self._table(value, at), *at)
        match get_origin(hint) or hint:
            case typing.Literal:
                return self._choice(get_args(hint), value, at)
            case types.UnionType:  # Path | None: a path, or left out
                return self._path(self._text(value, at))
            case origin if origin is Mapping:
                return self._mapping(get_args(hint)[1], self._table(value, at), at)
            case origin if origin is tuple:
                return self._strings(value, at)
            case kind if kind is str:
                return self._text(value, at)
            case kind if kind is bool:
                return value if isinstance(value, bool) else self._wrong("true or false", value, at)
            case kind if kind is int:
                whole = isinstance(value, int) and not isinstance(value, bool)
                return value if whole else self._wrong("a whole number", value, at)
            case kind if kind is float:
                return self._number(value, at)
        raise TypeError(f"{dotted(*at)} has a type that no setting can have: {hint}")

    def _mapping(self, inner: Any, table: Mapping[str, object], at: tuple[str, ...]) -> dict[str, object]:
        if dataclasses.is_dataclass(inner):
            shape = typing.cast("type[object]", inner)
            return {
                name: self.read(shape, self._table(value, (*at, name)), *at, name, key=name)
                for name, value in table.items()
            }
        return {name: self._value(inner, value, *at, name) for name, value in table.items()}

    def _table(self, value: object, at: tuple[str, ...]) -> Mapping[str, object]:
        if not isinstance(value, dict):
            self._wrong(f"a table ([{dotted(*at)}] or {{ … }})", value, at)
        return value

    def _text(self, value: object, at: tuple[str, ...]) -> str:
        if not isinstance(value, str):
            self._wrong('text in quotes ("…")', value, at)
        allowed = "\n\t" if at[-1] in _MULTILINE else ""
        if any(not char.isprintable() and char not in allowed for char in value):
            self._fail(f"{dotted(*at)} holds a control or invisible character")
        return value

    def _strings(self, value: object, at: tuple[str, ...]) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong('a list of texts (["pass", "show", "mail"])', value, at)
        return tuple(self._text(item, at) for item in value)

    def _number(self, value: object, at: tuple[str, ...]) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            self._wrong("a number", value, at)
        if value < 0:
            self._wrong("0 or more", value, at)
        return value

    def _choice(self, choices: tuple[str, ...], value: object, at: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in choices:
            return value
        near = nearest(value, choices) if isinstance(value, str) else ""
        hint = f"; did you mean {_quoted(near)}?" if near else "."
        known = f"{', '.join(map(_quoted, choices[:-1]))} or {_quoted(choices[-1])}"
        raise BadConfig(f"{self.name}: {dotted(*at)} must be {known}, not {_shown(value)}{hint}")

    def _path(self, text: str) -> Path:
        return (self.folder / Path(text).expanduser()).absolute()

    def _unknown(self, name: str, fields: Iterable[str], at: tuple[str, ...]) -> NoReturn:
        if name.lower() in _SECRETS:
            raise BadConfig(
                f"{self.name}: {dotted(*at, name)} must not stand in a file.",
                remedy="Remove it and use password_command or the keyring, or be asked in each run.",
            )
        known = list(fields)
        if near := nearest(name, known):
            self._fail(f"there is no {dotted(*at, name)}; the nearest right key is {dotted(*at, near)}")
        self._fail(f"there is no {dotted(*at, name)}; known there: {', '.join(known)}")

    def _wrong(self, wanted: str, value: object, at: tuple[str, ...]) -> NoReturn:
        self._fail(f"{dotted(*at)} must be {wanted}, not {_shown(value)}")

    def _fail(self, what: str) -> NoReturn:
        raise BadConfig(f"{self.name}: {what}.")


def nearest(name: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or empty."""
    words = list(known)
    return next(iter(difflib.get_close_matches(name.lower().replace("-", "_"), words, n=1, cutoff=0.5)), "")


def _quoted(text: str) -> str:
    return '"' + "".join(char if char.isprintable() else "�" for char in text) + '"'


def _shown(value: object) -> str:
    """A value for a sentence: short, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value if len(value) <= 40 else value[:39] + "…")
        case int() | float():
            return str(value)[:40]
        case list():
            return "a list"
        case dict():
            return "a table"
    return "a date"
