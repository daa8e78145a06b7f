"""The letters of `tests/letters`, each with what a reader sees of it beside it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.mime.corpus import CORPUS, verdicts
from tests.mime.hostile import render
from tui_mail.cli.rendering import links
from tui_mail.mime.parse import parse
from tui_mail.mime.text import document
from tui_mail.model.document import Block
from tui_mail.model.message import Message

FOLDER = Path(__file__).parent.parent / "letters"
LETTERS = sorted(FOLDER.glob("*.eml"))
SHARED = Path(__file__).parent.parent.parent.parent / "shared"


def seen(message: Message) -> str:
    """Everything a reader shows, as lines."""
    when = "none" if message.date is None else datetime.fromtimestamp(message.date, UTC).strftime("%Y-%m-%d %H:%M")
    lines = [
        f"From: {message.sender}",
        f"To: {', '.join(map(str, message.to))}",
        f"Subject: {message.subject}",
        f"Date: {when}",
        f"Ids: {' '.join((message.message_id, *message.references))}",
        *(f"File {one.part}: {one.name} ({one.type}, {one.size}) {one.damage}".rstrip() for one in message.attachments),
        *(f"Note: {note}" for note in message.notes),
        "",
        *(drawn(block) for block in message.document.blocks),
        *(f"[{number}] {target}" for number, (_, target) in enumerate(links(message.document), 1)),
    ]
    return "\n".join(lines) + "\n"


def drawn(block: Block) -> str:
    bars = "▌" * block.quote + " " * bool(block.quote)
    if block.kind == "table":
        return "\n".join(
            bars + " | ".join("".join(run.text for run in cell.runs) for cell in row) for row in block.rows
        )
    marks = {"heading": "#" * block.level + " ", "signature": "~ ", "pre": "` ", "rule": "-----"}
    return (bars + marks.get(block.kind, "") + block.first + block.text).rstrip()


@pytest.mark.parametrize("path", LETTERS, ids=[path.stem for path in LETTERS])
def test_a_letter_reads_as_it_should(path: Path) -> None:
    assert seen(parse(path.read_bytes())) == path.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("path", LETTERS, ids=[path.stem for path in LETTERS])
def test_a_letter_cut_anywhere_or_bent_still_opens(path: Path) -> None:
    raw = path.read_bytes()
    step = max(1, len(raw) // 40)
    for at in range(0, len(raw), step):
        for bent in (raw[:at], raw[at:], raw[:at] + b"\0\xff\r" + raw[at + 3 :], raw[:at] + raw[:at]):
            assert not any("could not be taken apart" in note for note in parse(bent).notes)
            render(bent)


def test_quoting_a_letter_again_loses_no_line() -> None:
    text = parse((FOLDER / "plain-flowed.eml").read_bytes()).text
    assert [block.quote for block in document("> " + text.replace("\n", "\n> ")).blocks][:3] == [1, 1, 2]


@pytest.mark.skipif(not (SHARED / "tools" / "check_hostile.py").exists(), reason="the hostile letters are not here")
def test_no_hostile_letter_gets_through() -> None:
    # it tells of every file that is written: Python's own compiled ones are none of a letter's
    command = [sys.executable, "-B", str(SHARED / "tools" / "check_hostile.py"), "tests.mime.hostile:render"]
    done = subprocess.run(command, cwd=FOLDER.parent.parent, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout


LEAST = {"text": 98.0, "attachments": 97.0}
"""Percent of the strict rows that are right; of the other fields 99."""


@pytest.mark.skipif(not (CORPUS / "expected").exists(), reason="the collected letters are not here")
def test_collected_letters_read_as_their_own_projects_say() -> None:
    strict = [one for one in verdicts(CORPUS) if one.is_strict]
    for field in {one.field for one in strict}:
        rows = [one for one in strict if one.field == field]
        wrong = [one for one in rows if not one.is_right]
        assert 100 * (len(rows) - len(wrong)) >= LEAST.get(field, 99.0) * len(rows), wrong
