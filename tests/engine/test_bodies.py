"""What is kept of a message goes with its row, on every way on which a row can go."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.engine.world import letter
from tui_mail.backend.contract import RemoteFolder, RemoteMessage
from tui_mail.engine import schema
from tui_mail.engine.arrivals import arrival
from tui_mail.engine.books import Books
from tui_mail.engine.index import KEEP_STRAYS
from tui_mail.engine.outline import Outlined
from tui_mail.mime.parse import parse
from tui_mail.model.folder import FolderId, Role
from tui_mail.model.message import MessageId

NOW = 1_795_435_200
LARGE = letter("large", 1, body=os.urandom(150_000).hex())
SMALL = letter("small", 2)
KEPT = ("body", "outline", "late")


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    with closing(Books.open(tmp_path)) as opened:
        yield opened


def folder(books: Books) -> FolderId:
    books.folders.learn("work", [(RemoteFolder(b"INBOX", "INBOX", "/", Role.INBOX), Role.INBOX)])
    found = books.folders.find("work", b"INBOX")
    assert found is not None
    return found


def kept(books: Books) -> tuple[MessageId, ...]:
    """A letter in a file, one in the database, one of which the outline is kept; all three stand in `late` too."""
    here = books.folders.state(folder(books))
    assert here is not None
    raws = (LARGE, SMALL, letter("outline", 3))
    arrivals = [
        arrival(RemoteMessage(uid, frozenset(), NOW, len(raw), raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"))
        for uid, raw in enumerate(raws, 1)
    ]
    with schema.writing(books.index.connection):
        born = books.index.place(here, arrivals).born
        for id, raw in zip(born[:2], raws, strict=False):
            books.bodies.write(id, raw, parse(raw))
        books.bodies.keep_outline(born[2], Outlined(raws[2], {}), parse(raws[2]))
        books.index.connection.executemany("INSERT INTO late VALUES(?)", [(id,) for id in born])
    return born


def left(books: Books, folder: Path) -> list[object]:
    """What is kept of messages that are gone."""
    execute = books.index.connection.execute
    rows: list[object] = []
    for table in KEPT:
        rows += execute(f"SELECT '{table}', message FROM {table} WHERE message NOT IN (SELECT id FROM message)")
    return [*rows, *execute("SELECT path FROM dropped"), *(folder / "letters").rglob("*.z")]


def bury(books: Books, ids: tuple[MessageId, ...]) -> None:
    books.index.bury(folder(books), ids)


def bury_strays(books: Books, ids: tuple[MessageId, ...]) -> None:
    books.index.lose_folder(folder(books), NOW)
    books.index.bury_strays(NOW + 2 * KEEP_STRAYS)


def kill(books: Books, ids: tuple[MessageId, ...]) -> None:
    books.index.kill(ids)


def kill_nowhere(books: Books, ids: tuple[MessageId, ...]) -> None:
    books.index.connection.execute("UPDATE message SET folder = 0, server_folder = 0, uid = NULL")
    books.index.kill_nowhere(ids)


def unseat(books: Books, ids: tuple[MessageId, ...]) -> None:
    """A pull was faster than the answer to a move, and each of these was born a second time."""
    clones = [new for new, _ in books.index.clone(ids)]
    books.ledger.told_place({clone: uid for uid, clone in enumerate(clones, 1)}, folder(books))


@pytest.mark.parametrize("way", [bury, bury_strays, kill, kill_nowhere, unseat])
def test_nothing_is_kept_of_a_message_that_is_gone(
    books: Books, tmp_path: Path, way: Callable[[Books, tuple[MessageId, ...]], None]
) -> None:
    ids = kept(books)
    assert [books.bodies.read(id) for id in ids] == [LARGE, SMALL, None]
    assert len(list((tmp_path / "letters").rglob("*.z"))) == 1
    with schema.writing(books.index.connection):
        way(books, ids)
    books.bodies.sweep()
    rows = books.index.connection.execute("SELECT id FROM message").fetchall()
    assert not {id for (id,) in rows} & set(ids)
    assert left(books, tmp_path) == []


def test_what_comes_for_a_message_that_is_gone_is_not_kept(books: Books, tmp_path: Path) -> None:
    ids = kept(books)
    with schema.writing(books.index.connection):
        books.index.kill(ids)
        books.bodies.write(ids[0], LARGE, parse(LARGE))
        books.bodies.keep_outline(ids[2], Outlined(SMALL, {}), parse(SMALL))
    books.bodies.sweep()
    assert left(books, tmp_path) == []


def test_what_an_older_version_left_behind_is_taken_away_once(tmp_path: Path) -> None:
    file = tmp_path / "letters" / "63" / "63.z"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"left")
    steps = schema.INDEX_STEPS[: [one.count("TABLE dropped") for one in schema.INDEX_STEPS].index(1)]
    with closing(schema.connect(tmp_path / "mail.db", durable=False)) as connection:
        schema.prepare(connection, schema.INDEX, steps, "mail.db")
        connection.execute("INSERT INTO meta VALUES('generation', 1), ('applied', 0)")
        connection.execute("INSERT INTO body VALUES(99, NULL, '63/63.z', 4)")
        connection.execute("INSERT INTO outline VALUES(98, x'00')")
    with closing(Books.open(tmp_path)) as books:
        books.tidy(NOW)
        assert left(books, tmp_path) == []


def test_a_file_that_cannot_be_removed_is_tried_again(books: Books, tmp_path: Path) -> None:
    ids = kept(books)
    (file,) = (tmp_path / "letters").rglob("*.z")
    content = file.read_bytes()
    file.unlink()
    file.mkdir()  # something that cannot be removed as a file
    books.index.kill(ids)
    books.bodies.sweep()
    assert len(left(books, tmp_path)) == 2
    file.rmdir()
    file.write_bytes(content)
    books.bodies.sweep()
    assert left(books, tmp_path) == []
