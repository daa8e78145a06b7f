"""Editors that behave and editors that do not; openers."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tui_mail.model.errors import BadInput
from tui_mail.ui.external import Edited, edit, editor_command, editor_file, forget, open_link


def run(folder: Path, script: str, text: str = "before\n") -> Edited:
    path = editor_file(folder, "d1")
    return edit(text, ["sh", "-c", script, "editor"], path, nullcontext)


def test_an_editor_that_saves_brings_its_text(tmp_path: Path) -> None:
    assert run(tmp_path, 'echo after >> "$1"') == Edited("before\nafter\n", 0)


def test_the_file_is_private_and_its_folder_too(tmp_path: Path) -> None:
    edited = run(tmp_path, 'stat -c %a "$1" "$(dirname "$1")" > "$1.tmp"; mv "$1.tmp" "$1"')
    assert edited.text == "600\n700\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("true", Edited("before\n", 0)),
        ("exit 3", Edited("before\n", 3)),
        ("kill -9 $$", Edited("before\n", -9)),
        ('echo new > "$1.x" && mv "$1.x" "$1"', Edited("new\n", 0)),
        (': > "$1"', Edited("", 0)),
        ('rm "$1"', Edited(None, 0)),
        ('rm "$1" && mkdir "$1"', Edited(None, 0)),
        (r'printf "one\r\ntwo\r\n" > "$1"', Edited("one\ntwo\n", 0)),
        (r'printf "\357\273\277bom" > "$1"', Edited("bom", 0)),
        (r'printf "\377\376h\000i\000" > "$1"', Edited("hi", 0)),
        ('touch "$1~" "$(dirname "$1")/.letter.txt.swp"', Edited("before\n", 0)),
    ],
)
def test_whatever_an_editor_does_is_told(tmp_path: Path, script: str, expected: Edited) -> None:
    assert run(tmp_path, script) == expected


def test_latin_text_from_an_editor_is_read_and_noted(tmp_path: Path) -> None:
    edited = run(tmp_path, r'printf "caf\351" > "$1"')
    assert edited.text == "café"
    assert "Windows-1252" in edited.note


def test_nothing_of_the_editor_stays_behind(tmp_path: Path) -> None:
    run(tmp_path, 'touch "$1~"')
    forget(editor_file(tmp_path, "d1"))
    assert not editor_file(tmp_path, "d1").parent.exists()


def test_the_name_of_a_draft_cannot_lead_elsewhere(tmp_path: Path) -> None:
    assert editor_file(tmp_path, "../../x").parent.parent == tmp_path / "editing"


def test_a_link_laid_where_the_file_goes_is_not_followed(tmp_path: Path) -> None:
    path = editor_file(tmp_path, "d1")
    path.parent.mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.write_text("mine")
    path.symlink_to(secret)
    assert run(tmp_path, "true").text == "before\n"
    assert secret.read_text() == "mine"
    assert not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_configured_editor_comes_first_then_visual_then_editor() -> None:
    environ = {"PATH": os.environ["PATH"], "VISUAL": "cat -v", "EDITOR": "ls"}
    assert editor_command("sh -c 'x y'", environ) == ["sh", "-c", "x y"]
    assert editor_command("", environ) == ["cat", "-v"]
    assert editor_command("", {"PATH": os.environ["PATH"], "EDITOR": "ls"}) == ["ls"]


@pytest.mark.parametrize("command", ["no-such-editor-at-all", "sh 'unclosed"])
def test_an_editor_that_cannot_be_is_a_sentence_with_a_remedy(command: str) -> None:
    with pytest.raises(BadInput) as caught:
        editor_command(command, {"PATH": os.environ["PATH"]})
    assert "[compose]" in caught.value.remedy


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac always has a display")
async def test_without_a_display_no_browser_is_started() -> None:
    assert not await open_link("https://example.org/", {})
