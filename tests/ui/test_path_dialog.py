"""Finding a file by typing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.app import App
from textual.widgets import Input

from tui_mail.ui.screens.path_dialog import PathDialog, completions, meant, refusal


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("plan.pdf", "plan-old.pdf", "Photo.jpg", ".secret"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "cv.pdf").write_bytes(b"cv")
    return tmp_path


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_what_is_typed_is_finished_folders_first_whatever_the_case(home: Path) -> None:
    assert names(completions("~/p")) == ["papers", "Photo.jpg", "plan-old.pdf", "plan.pdf"]
    assert names(completions("~/pl")) == ["plan-old.pdf", "plan.pdf"]
    assert names(completions("~/p", folders_only=True)) == ["papers"]


def test_hidden_files_are_offered_only_to_who_types_a_dot(home: Path) -> None:
    assert ".secret" not in names(completions("~/"))
    assert names(completions("~/.s")) == [".secret"]


def test_a_path_that_is_pasted_behind_the_folder_that_stands_there_counts_alone(home: Path) -> None:
    assert names(completions(f"~/{home}/pla")) == ["plan-old.pdf", "plan.pdf"]
    assert names(completions("/nowhere/~/pla")) == ["plan-old.pdf", "plan.pdf"]
    assert meant(f"~/file://{home}/plan.pdf ") == str(home / "plan.pdf")


def test_a_folder_that_is_not_there_offers_nothing(home: Path) -> None:
    assert completions("~/nowhere/x") == []


def test_what_has_no_contents_is_refused(home: Path) -> None:
    os.mkfifo(home / "pipe")
    assert refusal(home / "plan.pdf") == ""
    assert "folder" in refusal(home / "papers")
    assert "not a file" in refusal(home / "pipe")
    assert "not a file" in refusal(Path("/dev/zero"))
    assert refusal(home / "gone")


class Asking(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Path | None] = []

    def on_mount(self) -> None:
        self.push_screen(PathDialog("Which file?", "~/"), self.answers.append)


async def test_tab_finishes_the_name_and_enter_takes_it(home: Path) -> None:
    app = Asking()
    async with app.run_test() as pilot:
        await pilot.press(*"pa", "tab")
        assert app.screen.query_one(Input).value == "~/papers/"
        await pilot.press("tab", "enter")
        assert app.answers == [home / "papers" / "cv.pdf"]


async def test_tab_goes_as_far_as_the_names_agree(home: Path) -> None:
    app = Asking()
    async with app.run_test() as pilot:
        await pilot.press(*"pl", "tab")
        assert app.screen.query_one(Input).value == "~/plan"
        await pilot.press("down", "enter")
        assert app.answers == [home / "plan-old.pdf"]


async def test_a_wrong_path_is_told_and_the_dialog_stays(home: Path) -> None:
    app = Asking()
    async with app.run_test() as pilot:
        await pilot.press(*"nothing", "enter")
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]
