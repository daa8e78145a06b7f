"""Killed while somebody types: the short form of `python -m tests.sweeps typing`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sweeps import typing

_SLACK = 1.5
"""Seconds more than is promised: a busy machine of the test's own may keep the program from its processor."""


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_typed_before_a_kill_is_there(seed: int, tmp_path: Path) -> None:
    assert typing.run(seed, tmp_path, typing.PROMISED + _SLACK) < typing.PROMISED + _SLACK
