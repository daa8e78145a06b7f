"""The searches that stand among the folders: those of the configuration, and those that were made in the program."""

from __future__ import annotations

from collections.abc import Mapping

from tui_mail.config.settings import View
from tui_mail.model.query import Query, typed

from .books import Books
from .schema import writing
from .writer import Writer

_KEY = "view "
"""What the names of views stand behind in the durable file's `meta`."""


class Views:
    """Known in memory; what changes goes to the durable file behind the caller's back."""

    def __init__(self, writer: Writer, configured: Mapping[str, View]) -> None:
        self._writer = writer
        self._configured = {name: view for name, view in configured.items() if not view.tab}
        self._made: dict[str, str] = {}

    def load(self) -> None:
        """What was made in earlier runs."""
        self._made = self._writer.do(_kept).result()

    def all(self) -> dict[str, Query]:
        """By name, the configured ones first; a name that is configured wins."""
        texts = {name: view.query for name, view in self._configured.items()}
        texts |= {name: text for name, text in self._made.items() if name not in texts}
        return {name: typed(text)[0] for name, text in texts.items()}

    def is_made(self, name: str) -> bool:
        """It was made in the program, so the program may remove it."""
        return name in self._made and name not in self._configured

    def keep(self, name: str, query: Query) -> None:
        text = str(query)
        self._made[name] = text
        self._writer.do(lambda books: _write(books, name, text))

    def drop(self, name: str) -> None:
        self._made.pop(name, None)
        self._writer.do(lambda books: _write(books, name, None))


def _kept(books: Books) -> dict[str, str]:
    rows = books.work.connection.execute("SELECT key, value FROM meta WHERE key LIKE 'view %' ORDER BY key")
    return {key.removeprefix(_KEY): text for key, text in rows}


def _write(books: Books, name: str, text: str | None) -> None:
    with writing(books.work.connection):
        books.work.connection.execute("DELETE FROM meta WHERE key = ?", (_KEY + name,))
        if text is not None:
            books.work.connection.execute("INSERT INTO meta VALUES(?,?)", (_KEY + name, text))
