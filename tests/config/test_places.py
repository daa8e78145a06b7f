"""Where files live, and who may read them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tui_mail.config import places


def test_without_options_the_xdg_folders_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    found = places.find(None, {})
    assert found == places.Places(
        tmp_path / "config/tui_mail/config.toml",
        tmp_path / "data/tui_mail",
        tmp_path / "state/tui_mail/state.toml",
        tmp_path / "state/tui_mail/tui-mail.log",
    )
    assert not list(tmp_path.iterdir())


def test_with_config_everything_lives_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = places.find(Path("test/my.toml"), {})
    folder = tmp_path / "test"
    assert found == places.Places(folder / "my.toml", folder / "data", folder / "state.toml", folder / "tui-mail.log")


def test_the_environment_decides_over_data(tmp_path: Path) -> None:
    found = places.find(Path("/etc/my.toml"), {"TUI_MAIL_DATA": str(tmp_path)})
    assert found == places.Places(Path("/etc/my.toml"), tmp_path, tmp_path / "state.toml", tmp_path / "tui-mail.log")


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_new_folders_are_for_their_owner_alone(tmp_path: Path, umask: int) -> None:
    old = os.umask(umask)
    try:
        folder = places.private_folder(tmp_path / "a" / "b")
    finally:
        os.umask(old)
    assert folder == tmp_path / "a" / "b"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700, 0o700]
    assert places.private_folder(folder) == folder
