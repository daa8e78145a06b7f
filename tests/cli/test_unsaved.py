"""What a full disk would not take until the end lies somewhere else, and the person is told where."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from tui_mail.cli.unsaved import put_elsewhere
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.editable import read

DRAFT = Draft(DraftId("d1"), "work", to="bob@example.org", subject="Half a thought", body="and \udce4 more")


def test_a_letter_that_the_disk_would_not_take_lies_as_text_for_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = re.search(r"1 unfinished letter as text in (.+)\.", put_elsewhere([DRAFT], tmp_path / "home"))
    assert found is not None
    [path] = Path(found[1]).iterdir()
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert read(path.read_bytes().decode(errors="surrogateescape"), Draft(DraftId("d1"), "work")) == DRAFT


def test_where_the_first_place_takes_nothing_either_the_next_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert str(tmp_path) in put_elsewhere([DRAFT], tmp_path)
    assert "could not be saved anywhere" in put_elsewhere([DRAFT], tmp_path / "missing too")


def test_where_all_is_saved_nothing_is_said(tmp_path: Path) -> None:
    assert put_elsewhere([], tmp_path) == ""
