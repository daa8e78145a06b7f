"""Somebody types in a real terminal and the program is killed at a random moment: what was typed is on the disk."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

from tests.sweeps.differential import Wrong
from tests.ui.pty.tui import Tui
from tui_mail.engine.kept_drafts import unpack_draft

ROOT = Path(__file__).parents[2]
PROMISED = 0.3
"""Seconds: nothing that was typed earlier before the end may be missing."""
_WORDS = "the quick brown fox jumps over the lazy dog and writes a letter about it "


def run(seed: int, folder: Path, allowed: float = PROMISED) -> float:
    """One life and death; the age in seconds of the oldest character that is missing. Raises Wrong."""
    dice = random.Random(f"typing {seed}")
    tui = Tui([sys.executable, "-m", "tests.ui.pty.program", str(folder)], {"PYTHONPATH": str(ROOT)})
    try:
        tui.until("● online").send("c").until("Subject").send("\t\t\t\t").quiet()
        typed, times = _type(tui, dice)
        os.kill(tui.pid, signal.SIGKILL)
        died = time.monotonic()
        tui.wait()
    finally:
        tui.close()
    kept = _kept(folder)
    if not typed.startswith(kept):
        raise Wrong(f"typed {typed!r}, kept {kept!r}")
    age = died - times[len(kept)] if len(kept) < len(typed) else 0.0
    if age > allowed:
        raise Wrong(f"typed {age * 1000:.0f} ms before the end and missing: {typed[len(kept) :]!r}")
    return age


def _type(tui: Tui, dice: random.Random) -> tuple[str, list[float]]:
    """Keys with a person's pauses, now and then a burst; what was typed and when each key was pressed."""
    end = time.monotonic() + dice.uniform(0.3, 3.0)
    typed, times = "", []
    pace = dice.choice([0.04, 0.08, 0.15])
    while time.monotonic() < end:
        for _ in range(dice.choice([1, 1, 1, 3])):
            char = _WORDS[len(typed) % len(_WORDS)]
            tui.send(char)
            typed += char
            times.append(time.monotonic())
        pause = time.monotonic() + dice.uniform(0, 2 * pace)
        while (left := pause - time.monotonic()) > 0:
            tui.pump(left)
    return typed, times


def _kept(folder: Path) -> str:
    """The text of the only draft in the durable file, empty where there is none."""
    connection = sqlite3.connect(folder / "data" / "work.db")
    try:
        rows = connection.execute("SELECT fields FROM draft WHERE state = 'open'").fetchall()
    finally:
        connection.close()
    return unpack_draft(rows[0][0]).body if rows else ""
