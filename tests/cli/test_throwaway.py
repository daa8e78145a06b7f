"""The demo's folder leaves nothing behind, and sweeps what a killed demo left."""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tui_mail.cli import throwaway


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_is_private_and_goes_away(temporary: Path) -> None:
    places = throwaway.places()
    folder = places.config.parent
    assert folder.parent == temporary
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    throwaway.remove(places)
    assert not list(temporary.iterdir())


def test_a_killed_demo_is_swept_by_the_next_and_a_running_one_is_not(temporary: Path) -> None:
    code = (
        f"import sys, tempfile; tempfile.tempdir = {str(temporary)!r}\n"
        "from tui_mail.cli import throwaway; print(throwaway.places().config.parent, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        folder = Path(other.stdout.readline().strip())
        throwaway.remove(throwaway.places())
        assert folder.exists()
        other.kill()
    assert folder.exists()
    throwaway.remove(throwaway.places())
    assert not list(temporary.iterdir())


def test_folders_of_others_are_left_alone(temporary: Path) -> None:
    (temporary / "elsewhere").mkdir()
    (temporary / "elsewhere" / "alive").touch()
    (temporary / "tui-mail-demo-link").symlink_to(temporary / "elsewhere")
    (temporary / "tui-mail-demo-new").mkdir()
    throwaway.remove(throwaway.places())
    assert sorted(path.name for path in temporary.iterdir()) == ["elsewhere", "tui-mail-demo-link", "tui-mail-demo-new"]
    assert (temporary / "elsewhere" / "alive").exists()
