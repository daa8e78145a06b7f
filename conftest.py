"""Tests run against the package as it was installed, so that what the wheel lacks is missed here and not by a user."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

WAITING = 2
"""Processes a core: half of a test's time goes by waiting for servers, terminals and clocks."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite runs in several processes; a room or a single test in the one that was called."""
    chosen = [argument for argument in config.args if Path(argument).resolve() not in (ROOT, ROOT / "tests")]
    return 0 if chosen or config.option.keyword else WAITING * (os.cpu_count() or 1)


def import_installed() -> None:
    """`python -m pytest` puts this folder first on the path; for one import it stands last."""
    before = sys.path[:]
    sys.path[:] = [entry for entry in before if Path(entry or ".").resolve() != ROOT] + [str(ROOT)]
    try:
        import tui_mail
    finally:
        sys.path[:] = before
    installed = Path(tui_mail.__file__).parent
    if installed == ROOT / "tui_mail":
        return
    for source in sorted((ROOT / "tui_mail").rglob("*")):
        if source.is_dir() or "__pycache__" in source.parts:
            continue
        copy = installed / source.relative_to(ROOT / "tui_mail")
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            pytest.exit(f"{source.relative_to(ROOT)} is not what is installed: pip install '.[test]' again", 4)


import_installed()
