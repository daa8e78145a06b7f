"""What the program remembers by itself: theme picked, pane widths, last folder."""

from __future__ import annotations

import logging
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import tomli_w

from . import atomic

Value = TypeVar("Value", bound="str | int | float | bool | list[str] | dict[str, str]")
_log = logging.getLogger("tui_mail.config.state")


class State:
    """`state.toml`, read once, written whole on every change; for the thread that made it.

    Nothing in it is worth a failure: what cannot be read is put aside, what cannot be written lives for this run.
    """

    def __init__(self, path: Path, *, is_kept: bool = True) -> None:
        """`is_kept` False: nothing is read and nothing written, for a program that is only asked what it knows."""
        self._path = path
        self._is_kept = is_kept
        self._values: dict[str, object] = dict(_read(path)) if is_kept else {}

    @property
    def folder(self) -> Path:
        """Where it lies: ours, private, and outlasting a crash."""
        return self._path.parent

    def get(self, key: str, default: Value) -> Value:
        """The value if it is there and of the default's type."""
        value = self._values.get(key, default)
        return value if type(value) is type(default) else default

    def put(self, key: str, value: str | int | float | bool | list[str] | dict[str, str]) -> None:
        if key in self._values and self._values[key] == value and type(self._values[key]) is type(value):
            return
        self._values[key] = value
        if not self._is_kept:
            return
        try:
            atomic.replace(self._path, tomli_w.dumps(self._values).encode())
        except OSError as error:
            _log.warning("%s could not be written (%s); %s lives for this run", self._path, error.strerror, key)


def _read(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        _log.warning("%s could not be read (%s)", path, error.strerror)
    except ValueError as error:  # not UTF-8, not TOML
        aside = path.with_name(path.name + ".broken")
        _log.warning("%s is broken (%s); put aside as %s", path, error, aside.name)
        try:
            os.replace(path, aside)
        except OSError:
            _log.warning("%s could not be put aside", path)
    return {}
