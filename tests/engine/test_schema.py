"""Files of older versions of the program are brought up to date, and a copy of the durable one is kept first."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from tui_mail.engine import schema
from tui_mail.engine.books import Books
from tui_mail.model.errors import StorageFailed


def looks(path: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(path)
    try:
        return sorted(connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
    finally:
        connection.close()


def first_version(path: Path, script: str) -> None:
    connection = schema.connect(path, durable=True)
    connection.executescript(f"BEGIN;{script}PRAGMA user_version=1;COMMIT;")
    connection.execute("INSERT INTO meta VALUES('kept', 'yes')")
    connection.close()


def test_a_work_file_of_the_first_version_becomes_like_a_new_one_and_a_copy_is_kept(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    first_version(old / "work.db", schema.WORK)
    Books.open(old).close()
    Books.open(new).close()
    assert looks(old / "work.db") == looks(new / "work.db")
    copy = old / "work.db.version-1"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("SELECT value FROM meta WHERE key = 'kept'").fetchone() == ("yes",)
    connection.close()
    assert not (new / "work.db.version-1").exists()


def test_an_index_of_the_first_version_becomes_like_a_new_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    first_version(old, schema.INDEX)
    for path in (old, new):
        connection = schema.connect(path, durable=False)
        schema.prepare(connection, schema.INDEX, schema.INDEX_STEPS, "mail.db")
        connection.close()
    assert looks(old) == looks(new)


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    first_version(path, schema.WORK)
    before = looks(path)
    connection = schema.connect(path, durable=True)
    with pytest.raises(sqlite3.OperationalError):
        schema.prepare(connection, schema.WORK, ("CREATE TABLE half(x);", "CREATE nonsense;"), "work.db")
    connection.close()
    assert looks(path) == before


def test_programs_that_start_at_once_bring_a_file_up_to_date_once(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    first_version(path, schema.WORK)
    steps = ("CREATE TABLE once(x);",)
    together = threading.Barrier(4)
    told: list[BaseException] = []

    def start() -> None:
        connection = schema.connect(path, durable=True)
        try:
            together.wait(5)
            schema.prepare(connection, schema.WORK, steps, "work.db")
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test must hear of it
            told.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert told == []


def test_a_file_of_a_newer_program_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    first_version(path, schema.WORK)
    connection = schema.connect(path, durable=True)
    connection.execute("PRAGMA user_version=99")
    before = looks(path)
    with pytest.raises(StorageFailed, match="newer tui-mail"):
        schema.prepare_work(connection, path)
    connection.close()
    assert looks(path) == before and not list(tmp_path.glob("*.version-*"))
