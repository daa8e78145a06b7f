"""The dialogues that letters were handed over with, kept for whoever wants to learn or to find a fault."""

from __future__ import annotations

import sqlite3
import zlib

from .schema import writing

_MOST_LINES = 400
_LONGEST = 2000
"""Characters of one line."""
_TRIES = 3
"""Of each letter the last so many tries are kept,"""
_KEPT = 500
"""and of all letters the last so many dialogues."""


class Record:
    """Listens to one dialogue; a Trace. Bounded: of an endless one the beginning is kept."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, direction: str, text: str) -> None:
        said = f"{direction} {text[:_LONGEST]}"
        if len(self.lines) < _MOST_LINES:
            self.lines.append(said)
        elif direction == "←":  # how it ended is what one looks for
            self.lines[-1] = said


class Dialogues:
    """The table of them in work.db."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def keep(self, letter: int, record: Record, at: float) -> None:
        """One try of a letter. What is too old goes."""
        if not record.lines:
            return
        lines = zlib.compress("\n".join(record.lines).encode("utf-8", "replace"))
        with writing(self.connection):
            self.connection.execute("INSERT INTO dialogue(letter, at, lines) VALUES(?,?,?)", (letter, at, lines))
            self.connection.execute(
                "DELETE FROM dialogue WHERE letter = ?1 AND id NOT IN"
                " (SELECT id FROM dialogue WHERE letter = ?1 ORDER BY id DESC LIMIT ?2)",
                (letter, _TRIES),
            )
            self.connection.execute("DELETE FROM dialogue WHERE id <= (SELECT max(id) FROM dialogue) - ?", (_KEPT,))

    def of(self, letter: int) -> list[tuple[float, list[str]]]:
        """(when, lines) of every try that is kept, in order. A line begins with `→`, `←` or `·`."""
        rows = self.connection.execute("SELECT at, lines FROM dialogue WHERE letter = ? ORDER BY id", (letter,))
        return [(at, zlib.decompress(lines).decode().split("\n")) for at, lines in rows]
