"""Searches: answered behind the screen's back, and by the server where not all is stored here."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace

import pytest

from tests.engine.world import Machine, fill, folder, ids, letter
from tui_mail.engine.desk import IDLE
from tui_mail.engine.late_words import find_late_words
from tui_mail.engine.mail import Mail
from tui_mail.model.errors import Cancelled, Unsupported
from tui_mail.model.folder import Role
from tui_mail.model.query import Query


def test_a_newer_question_ends_the_one_before(here: Machine) -> None:
    fill(here.box, 3)
    mail = here.start()
    gate = threading.Event()
    first = mail._searches._reader.do(lambda: gate.wait(5))
    old = mail.search(Query.parse("mail"))
    new = mail.search(Query.parse("subject:mail"), 2)
    assert old.cancel()
    gate.set()
    assert first.result(20) and list(new.result(20)) == ids(mail)[:2]


def test_a_search_that_is_interrupted_is_called_off_and_the_next_one_is_answered(here: Machine) -> None:
    fill(here.box, 3)
    mail = here.start()
    windows = mail._searches._windows
    started = threading.Event()

    def slow(_: int) -> int:
        started.set()
        return 1

    windows._connection.create_function("slow", 1, slow)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT slow(i) FROM n) SELECT count(*) FROM n"
    running = mail._searches._reader.do(lambda: windows._connection.execute(endless).fetchone())
    assert started.wait(20)
    found = mail.search(Query.parse("mail"))
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        running.result(20)
    assert len(found.result(20)) == 3


def test_who_goes_on_typing_while_people_are_looked_up_ends_that_without_a_word(here: Machine) -> None:
    fill(here.box, 60)
    mail = here.start()
    started, goes_on, steps = threading.Event(), threading.Event(), itertools.count()

    def hold() -> None:
        if next(steps) == 100:  # in the middle of its rows
            started.set()
            goes_on.wait(20)

    mail._searches._windows._connection.set_progress_handler(hold, 1)
    people = mail.people("bob")
    assert started.wait(20)
    found = mail.search(Query.parse("mail"))
    goes_on.set()
    with pytest.raises(Cancelled):
        people.result(20)
    assert len(found.result(20)) == 60


def test_the_server_finds_text_that_is_not_stored_here(here: Machine) -> None:
    here.box.add("INBOX", letter("Menu", 1, body="Darjeeling, please.\r\n"))
    here.box.add("INBOX", letter("Plan", 2, body="Nothing of the kind.\r\n"))
    mail = here.start()
    query = Query.parse("darjeeling is:unread")
    assert list(mail.search(query).result(20)) == []
    asked = mail.beyond(query).result(20)
    found = mail.find("work", asked["work"]).result(20)
    listing = mail.joined(query, found).result(20)
    assert [row.subject for row in mail.rows(list(listing)) if row] == ["Menu"]
    mail.mark_read(list(listing))
    assert list(mail.joined(query, found).result(20)) == []


def test_nobody_is_asked_where_all_is_stored_here(here: Machine) -> None:
    here.box.add("INBOX", letter("Menu", 1, body="Darjeeling, please.\r\n"))
    mail = here.start()
    assert not mail.beyond(Query.parse("subject:menu")).result(20)
    mail.raw(ids(mail)[0]).result(20)
    assert mail.settled() and not mail.beyond(Query.parse("darjeeling")).result(20)


def test_the_server_finds_messages_whose_history_is_not_fetched_yet(here: Machine) -> None:
    fill(here.box, 230)
    mail = here.start()
    inbox = folder(mail, Role.INBOX)
    oldest = ids(mail)[-1]
    mail._writer.do(lambda books: books.index.kill([oldest])).result(20)
    mail._writer.do(
        lambda books: books.index.connection.execute(
            "UPDATE folder SET low = 2, beyond_total = 1 WHERE id = ?", (inbox.id,)
        )
    ).result(20)
    query = Query.parse('subject:"mail 0"')
    assert not len(mail.search(query).result(20))
    asked = mail.beyond(query).result(20)
    found = mail.find("work", asked["work"]).result(20)
    rows = mail.rows(list(mail.joined(query, found).result(20)))
    assert [row.subject for row in rows if row] == ["mail 0"]
    here.box.drop()  # the next connection fetches the rest of the past, and meets the row again
    mail.refresh()
    assert mail.settled() and len(ids(mail)) == 230


def test_who_asks_hears_when_the_line_is_cut(here: Machine) -> None:
    here.box.add("INBOX", letter("Menu", 1, body="Darjeeling, please.\r\n"))
    mail = here.start()
    inbox = folder(mail, Role.INBOX).id
    here.box.refuse("search", Unsupported("The search of this server cannot be relied on."))
    with pytest.raises(Unsupported):
        mail.find("work", {inbox: Query.parse("darjeeling").wanted}).result(20)


NEWER_THAN_8 = (
    "DROP TABLE late; DROP INDEX message_sought; DROP TRIGGER message_forgotten; DROP TABLE dropped;"
    " DROP INDEX message_noted"
)


def test_what_an_older_index_did_not_keep_for_the_search_is_found_in_letters_that_are_here(here: Machine) -> None:
    copied = "Cc: Kazuo <kazuo@example.net>\r\nList-Id: <tea.example.net>\r\n"
    files = (
        'MIME-Version: 1.0\r\nContent-Type: application/pdf; name="menu.pdf"\r\n'
        'Content-Disposition: attachment; filename="menu.pdf"\r\n'
    )
    here.box.add("INBOX", letter("Menu", 1, extra=copied))
    here.box.add("INBOX", letter("Card", 2, extra=files))
    mail = here.start()
    for id in ids(mail):
        mail.raw(id).result(20)
    wanted = {"cc:kazuo": "Menu", "list:tea": "Menu", "filename:menu": "Card"}
    assert mail.settled() and found(mail, wanted) == wanted
    here.close()
    with closing(sqlite3.connect(here.data / "mail.db")) as index:
        for table in ("ties", "files"):
            index.execute(f"INSERT INTO {table}({table}) VALUES('delete-all')")
        index.executescript(NEWER_THAN_8)
        index.execute("PRAGMA user_version = 8")
        index.commit()
    mail = here.start()
    for _ in range(2):  # the second time there is nothing left to do
        mail._accounts.session("work").ask(find_late_words).result(20)
        assert mail.settled() and found(mail, wanted) == wanted
    rows = mail._writer.do(lambda books: books.index.connection.execute("SELECT * FROM late").fetchall())
    assert rows.result(20) == []


def test_nobody_waits_while_an_older_index_is_looked_through_for_letters_that_are_not_here(here: Machine) -> None:
    mail = here.start()
    assert mail.settled()
    rows = [(id,) for id in range(1, 1_201)]
    mail._writer.do(lambda books: books.index.connection.executemany("INSERT INTO late VALUES(?)", rows)).result(20)
    let_through: list[int] = []
    find_late_words(replace(mail._accounts.session("work")._desk, breathe=let_through.append))
    assert let_through == [IDLE] * 4


def found(mail: Mail, wanted: Iterable[str]) -> dict[str, str]:
    """The one subject that each search finds."""
    return {
        text: " ".join(row.subject for row in mail.rows(list(mail.search(Query.parse(text)).result(20))) if row)
        for text in wanted
    }
