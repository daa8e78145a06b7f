"""Attachments on the disk: under a harmless name, over nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tui_mail.model.errors import BadInput
from tui_mail.ui import private_copy
from tui_mail.ui.saving import save_into


def test_a_saved_file_is_the_owners_alone(tmp_path: Path) -> None:
    path = save_into(tmp_path, "plan.pdf", b"%PDF")
    assert path == tmp_path / "plan.pdf" and path.read_bytes() == b"%PDF"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_written_over(tmp_path: Path) -> None:
    names = [save_into(tmp_path, "a.tar.gz", str(number).encode()).name for number in range(3)]
    assert names == ["a.tar.gz", "a.tar (2).gz", "a.tar (3).gz"]
    assert (tmp_path / "a.tar.gz").read_bytes() == b"0"


@pytest.mark.parametrize("name", ["../../up.txt", "/etc/up.txt", "..\\..\\up.txt", "a/../up.txt"])
def test_a_path_in_a_name_leads_nowhere(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    assert save_into(folder, name, b"x") == folder / "up.txt"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["here", "in", "up.txt"]


def test_a_link_or_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "keys"
    (tmp_path / "a.pdf").symlink_to(target)
    (tmp_path / "b.pdf").mkdir()
    os.mkfifo(tmp_path / "c.pdf")
    assert [save_into(tmp_path, f"{name}.pdf", b"x").name for name in "abc"] == ["a (2).pdf", "b (2).pdf", "c (2).pdf"]
    assert not target.exists()


def test_a_name_that_hides_does_not(tmp_path: Path) -> None:
    assert not save_into(tmp_path, ".bashrc", b"x").name.startswith(".")
    assert not save_into(tmp_path, "-rf", b"x").name.startswith("-")
    assert save_into(tmp_path, "..", b"x").name == "attachment"


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        save_into(tmp_path / "gone", "a", b"x")


def test_copies_for_other_programs_lie_beside_the_state_where_the_session_has_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for runtime in ("", str(tmp_path / "file"), str(tmp_path / "none")):
        assert private_copy.home({"XDG_RUNTIME_DIR": runtime}, tmp_path) == tmp_path / "opened"
