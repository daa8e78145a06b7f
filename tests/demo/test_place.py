"""A demo run leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tui_mail.demo.place import Place, began


def test_the_folder_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with Place(tmp_path) as place:
        assert place.stat().st_mode & 0o777 == 0o700
        (place / "mail.db").write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from tui_mail.demo.place import Place\n"
        "place = Place(Path(sys.argv[1])); (place.path / 'mail.db').write_text('x'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    left = [path.name for path in tmp_path.iterdir()]
    assert len(left) == 1
    with Place(tmp_path) as place:
        assert [path for path in tmp_path.iterdir()] == [place]


def test_the_folder_of_a_living_run_stays(tmp_path: Path) -> None:
    with Place(tmp_path) as one, Place(tmp_path) as other:
        assert one.exists() and other.exists()


def test_a_number_that_was_given_to_another_process_does_not_protect(tmp_path: Path) -> None:
    stale = tmp_path / f"tui-mail-demo-{os.getpid()}-{began(os.getpid()) + 1}-abc"
    if began(os.getpid()):  # elsewhere the system does not tell
        stale.mkdir()
    with Place(tmp_path):
        assert not stale.exists()


def test_links_and_strange_names_are_left_alone(tmp_path: Path) -> None:
    dear = tmp_path / "dear"
    dear.mkdir()
    (dear / "letter").write_text("keep me")
    (tmp_path / "tui-mail-demo-999999-1-abc").symlink_to(dear)
    (tmp_path / "tui-mail-demo-notes").mkdir()
    with Place(tmp_path):
        pass
    assert (dear / "letter").exists()
    assert (tmp_path / "tui-mail-demo-notes").exists()
