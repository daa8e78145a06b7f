"""The address book from the shell: short transactions beside a program that may be running."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tui_mail.model.contact import Contact
from tui_mail.model.errors import StorageFailed

from . import schema
from .address_book import AddressBook


def everybody(data: Path) -> list[Contact]:
    """Nobody where nothing was ever kept. Raises StorageFailed."""
    if not (data / "work.db").exists():
        return []
    with _book(data) as book:
        return book.all()


def put(data: Path, contacts: Sequence[Contact]) -> int:
    """Writes these down as the person's own words; how many. Raises StorageFailed."""
    with _book(data) as book:
        return book.put(contacts)


@contextmanager
def _book(data: Path) -> Iterator[AddressBook]:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = schema.connect(data / "work.db", durable=True)
        try:
            schema.prepare_work(connection, data / "work.db")
            yield AddressBook(connection)
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise StorageFailed(f"The contacts in {data} cannot be reached: {error}.") from error
