"""Frozen values as plain lists and back, by their types: what one process tells another without running its code."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any  # a value of whatever type the class says

_PLAIN = (str, int, bool, float, type(None))


def pack(value: Any) -> Any:
    """Lists of what JSON has; a value is the list of its fields."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, tuple):
        return [pack(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return [pack(getattr(value, field)) for field in type(value).__match_args__]


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
        hints = typing.get_type_hints(kind)
        ways = [unpacker(hints[field.name]) for field in fields(kind)]
        make: Callable[..., Any] = kind  # type: ignore[assignment]  # is_dataclass holds for instances as well
        return lambda packed: make(*[way(one) for way, one in zip(ways, packed, strict=True)])
    return _same


def _tuple(inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(inner) == 2 and inner[1] is Ellipsis:
        way = unpacker(inner[0])
        return (lambda packed: tuple(packed)) if way is _same else (lambda packed: tuple([way(one) for one in packed]))
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
