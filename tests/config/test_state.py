"""What the program remembers by itself survives, and never stands in the way."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tui_mail.config import atomic
from tui_mail.config.state import State


def test_what_was_picked_is_there_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.toml"
    state = State(path)
    state.put("theme", "house-light")
    state.put("width", 42)
    state.put("share", 0.5)
    state.put("folders", {"work": "INBOX"})
    again = State(path)
    assert again.get("theme", "house-dark") == "house-light"
    assert again.get("width", 1) == 42
    assert again.get("share", 1.0) == 0.5
    assert again.get("folders", {"": ""}) == {"work": "INBOX"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_value_of_another_kind_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "state.toml"
    path.write_text('theme = 3\nwidth = "wide"\nwide = 1\n')
    state = State(path)
    assert state.get("theme", "house-dark") == "house-dark"
    assert state.get("width", 30) == 30
    assert state.get("wide", False) is False
    assert state.get("missing", "x") == "x"


@pytest.mark.parametrize("content", [b"[broken", b"\xff\xfe", b"x = 1" + b"0" * 5000])
def test_a_broken_file_is_put_aside_and_the_program_starts(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.toml"
    path.write_bytes(content)
    state = State(path)
    assert state.get("theme", "house-dark") == "house-dark"
    assert (tmp_path / "state.toml.broken").read_bytes() == content
    state.put("theme", "x")
    assert State(path).get("theme", "") == "x"


def test_a_full_disk_costs_only_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state.toml"
    state = State(path)
    state.put("theme", "one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    state.put("theme", "two")
    assert state.get("theme", "") == "two"
    assert "No space left" in caplog.text
    assert State(path).get("theme", "") == "one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.toml"]


def test_what_is_no_file_is_never_replaced(tmp_path: Path) -> None:
    place = tmp_path / "state.toml"
    os.mkfifo(place)
    with pytest.raises(OSError, match="not a regular file"):
        atomic.replace(place, b"x")
    assert place.is_fifo() and list(tmp_path.iterdir()) == [place]


def test_a_program_that_is_only_asked_reads_and_keeps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.toml"
    path.write_text('theme = "kept"\n')
    state = State(path, is_kept=False)
    assert state.get("theme", "") == ""
    state.put("theme", "other")
    assert state.get("theme", "") == "other" and path.read_text() == 'theme = "kept"\n'
