"""`tui-mail render`: files and folders as the reader would show them, one object each for programs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tui_mail.cli.main import main

LETTER = (
    b"From: Bob <bob@example.net>\nTo: Ann <ann@example.org>, cy@example.net\nSubject: Knots\n"
    b"Date: Mon, 23 Nov 2026 13:00:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
    b"--x\n\nA bowline holds: https://knots.example/bowline\n\n> Does it\n\n"
    b"--x\nContent-Type: application/pdf; name=knots.pdf\n\n%PDF\n--x--\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "b.eml").write_bytes(LETTER)
    (tmp_path / "inner" / "a.eml").write_bytes(b"Subject: Second\n\nHello\n")
    (tmp_path / ".hidden").write_bytes(b"Subject: Hidden\n\nNo\n")
    return tmp_path


def objects(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]]]:
    code = main(["render", "--json", *words])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_letter_is_an_object_on_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = objects(capsys, str(folder / "b.eml"))
    assert code == 0
    assert found[0].pop("list").startswith("● Bob Knots +")
    assert found[0].pop("headers").startswith("From: Bob <bob@example.net>\nTo: Ann")
    assert found == [
        {
            "file": str(folder / "b.eml"),
            "subject": "Knots",
            "from": [{"name": "Bob", "email": "bob@example.net"}],
            "to": [{"name": "Ann", "email": "ann@example.org"}, {"name": "", "email": "cy@example.net"}],
            "cc": [],
            "date": "2026-11-23T12:00:00+00:00",
            "text": "A bowline holds: https://knots.example/bowline\n\n> Does it",
            "links": [["https://knots.example/bowline", "https://knots.example/bowline"]],
            "attachments": [{"name": "knots.pdf", "type": "application/pdf", "size": 4}],
            "notes": [],
        }
    ]


def test_a_folder_is_all_that_lies_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = objects(capsys, str(folder))
    assert [one["subject"] for one in found] == ["Knots", "Second"]


def test_what_cannot_be_read_is_a_note_and_the_rest_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(folder / "pipe")
    code, found = objects(capsys, str(folder / "nowhere"), str(folder / "pipe"), str(folder / "b.eml"))
    assert code == 1
    assert [one["notes"] for one in found] == [
        ["This file cannot be read: No such file or directory."],
        ["This is no file."],
        [],
    ]
    assert found[0].keys() == found[2].keys()


def test_lines_are_as_wide_as_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "--width", "24", str(folder / "b.eml")]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert "A bowline holds:" in shown and "> Does it" in shown
    assert "[1] https://knots.example/bowline" in shown
    assert "Attachment: knots.pdf (application/pdf, 4)" in shown


def test_a_name_that_is_no_text_does_no_harm(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = os.fsencode(folder) + b"/caf\xe9\x1b[31m.eml"
    Path(os.fsdecode(path)).write_bytes(LETTER)
    assert main(["render", os.fsdecode(path)]) == 0
    assert main(["render", "--json", os.fsdecode(path)]) == 0
    assert b"\x1b" not in capfdbinary.readouterr().out
