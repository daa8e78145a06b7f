"""Starts the program in a terminal, and ends it whatever happens."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .tui import Tui

Start = Callable[..., Tui]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """`start(*arguments, columns=, rows=, answers=)` runs `program.py` with its data in the test's folder."""
    running: list[Tui] = []

    def begin(*arguments: str, columns: int = 100, rows: int = 30, answers: str = "") -> Tui:
        argv = [sys.executable, "-m", "tests.ui.pty.program", str(tmp_path), *arguments]
        tui = Tui(argv, {"PYTHONPATH": str(ROOT)}, columns, rows, answers)
        running.append(tui)
        return tui

    yield begin
    for tui in running:
        tui.close()
