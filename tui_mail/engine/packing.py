"""Frozen values as plain lists and back, by their types: what one process tells another without running its code."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any  # a value of whatever type the class says

_PLAIN = frozenset({str, int, bool, float, type(None)})


def pack(value: Any) -> Any:
    """Lists of what JSON has; a value is the list of its fields, up to the last that is not as usual."""
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return [one if type(one) in _PLAIN else pack(one) for one in value]
    if kind is frozenset:
        return sorted(value)
    every, usual = _fields(kind)
    values = every(value)
    length = len(values)
    while length > 1 and values[length - 1] is usual[length - 1]:
        length -= 1  # most paragraphs end in fields that say nothing
    return [one if type(one) in _PLAIN else pack(one) for one in values[:length]]


@cache
def _fields(kind: Any) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[Any, ...]]:
    """All fields of such a value at once, and what they are by default."""
    return attrgetter(*kind.__match_args__), tuple(field.default for field in fields(kind))


@cache
def unpacker(kind: Any) -> Callable[[Any], Any]:
    """The way back for a dataclass, a tuple, a frozenset of words, an optional or a plain value."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return _tuple(inner)
    if origin is frozenset:
        return _set
    if origin in (types.UnionType, typing.Union):
        real = unpacker(next(one for one in inner if one is not type(None)))
        return lambda packed: None if packed is None else real(packed)
    if is_dataclass(kind):
        return _value(kind)
    return _same


def _value(kind: Any) -> Callable[[list[Any]], Any]:
    """Its fields are looked at when the first one comes: a value may hold values of its own kind."""
    real: list[tuple[int, Callable[[Any], Any]]] | None = None

    def made(packed: list[Any]) -> Any:
        nonlocal real
        if real is None:
            hints = typing.get_type_hints(kind)
            ways = [unpacker(hints[field.name]) for field in fields(kind)]
            real = [(at, way) for at, way in enumerate(ways) if way is not _same]
        length = len(packed)
        for at, way in real:
            if at >= length:
                break
            packed[at] = way(packed[at])
        return kind(*packed)

    return made


def _tuple(inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(inner) == 2 and inner[1] is Ellipsis:
        way = unpacker(inner[0])
        return tuple if way is _same else lambda packed: tuple([way(one) for one in packed]) if packed else ()
    ways = [unpacker(one) for one in inner]
    return lambda packed: tuple([way(one) for way, one in zip(ways, packed, strict=True)])


def _set(packed: list[str]) -> frozenset[str]:
    return _interned(tuple(packed))


@cache
def _interned(words: tuple[str, ...]) -> frozenset[str]:
    """The same few looks stand in every paragraph."""
    return frozenset(words)


def _same(packed: Any) -> Any:
    return packed
