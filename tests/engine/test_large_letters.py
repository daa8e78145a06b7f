"""A large letter is read at once; what is attached to it comes when it is asked for, and can be called off."""

from __future__ import annotations

import base64
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.engine.world import Ears, ids, one
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Server, Settings
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import Server as Demo
from tui_mail.engine.mail import Mail
from tui_mail.model.errors import MailError, Offline
from tui_mail.model.folder import Role
from tui_mail.model.query import Query

FILE = bytes(range(256)) * 12_000
LETTER = (
    b"From: Bob <bob@example.org>\r\nTo: ann@example.org\r\nSubject: =?utf-8?q?Gro=C3=9F?=\r\n"
    b"Date: Mon, 23 Nov 2026 11:00:00 +0000\r\nMessage-ID: <large@example.org>\r\nX-Own: kept\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n"
    b"Content-Type: multipart/alternative; boundary=inner\r\n\r\n"
    b"--inner\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"Gr=FC=DFe, see the file.\r\n--inner\r\nContent-Type: text/html\r\n\r\n<p>see the file</p>\r\n--inner--\r\n"
    b'--outer\r\nContent-Type: application/zip; name="a.zip"\r\nContent-Disposition: attachment; filename="a.zip"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(FILE).replace(b"\n", b"\r\n") + b"--outer--\r\n"
)


@contextmanager
def running(data: Path) -> Iterator[Mail]:
    box = Mailbox()
    box.put(LETTER)
    with Demo(box) as demo:
        there = Server("localhost", demo.imap_port, "none")
        account = Account("work", box.owner, there, there)
        credentials = Credentials(ask=True)
        credentials.offer(account, Secret("demo"))
        mail = Mail(
            Settings({"work": account}),
            data,
            connect=lambda account: ImapStore(account, lambda: credentials.password(account)),
            carry=lambda account: MemorySender(MemoryMailbox()),
            credentials=credentials,
        )
        ears = Ears()
        mail.start(ears.listen)
        try:
            ears.wait(object, lambda _: mail.role("work", Role.INBOX) is not None and len(ids(mail)) == 1, 10)
            yield mail
        finally:
            mail.close()


def test_its_words_come_without_what_is_attached(tmp_path: Path) -> None:
    with running(tmp_path) as mail:
        (id,) = ids(mail)
        message = mail.read(id).result(20)
        assert message.subject == "Groß" and message.text == "Grüße, see the file."
        assert "see the file" in message.html and message.header("X-Own") == "kept"
        (file,) = message.attachments
        assert (file.name, file.part) == ("a.zip", "2") and abs(file.size - len(FILE)) < 5000 and not file.damage
        assert any("when you ask" in note for note in message.notes)
        assert not one(mail, id).has_text


def test_the_part_comes_when_it_is_asked_for_and_says_how_far_it_is(tmp_path: Path) -> None:
    with running(tmp_path) as mail:
        (id,) = ids(mail)
        told: list[tuple[int, int]] = []
        octets = mail.attachment(id, "2", lambda done, total: told.append((done, total))).result(20)
        assert octets == FILE
        assert len(told) > 2 and told[0][0] < told[-1][0] and told[-1][1] > len(FILE)
        assert not one(mail, id).has_text


def test_calling_it_off_stops_it_and_the_next_thing_works(tmp_path: Path) -> None:
    with running(tmp_path) as mail:
        (id,) = ids(mail)
        begun, go_on = threading.Event(), threading.Event()

        def told(done: int, total: int) -> None:
            begun.set()
            assert go_on.wait(20)

        promise = mail.attachment(id, "2", told)
        assert begun.wait(20)
        assert promise.cancel()
        go_on.set()
        assert mail.attachment(id, "2").result(20) == FILE


def test_the_whole_of_it_can_still_be_had(tmp_path: Path) -> None:
    with running(tmp_path) as mail:
        (id,) = ids(mail)
        assert mail.raw(id).result(20) == LETTER
        assert mail.read(id).result(20).attachments[0].size == len(FILE)
        with pytest.raises(MailError):
            mail.attachment(id, "9").result(20)


@contextmanager
def offline(data: Path) -> Iterator[Mail]:
    """The same machine, without a network."""

    nowhere = Server("localhost", 1, "none")
    account = Account("work", "ann@example.org", nowhere, nowhere)
    credentials = Credentials(ask=True)
    credentials.offer(account, Secret("demo"))
    mail = Mail(
        Settings({"work": account}),
        data,
        connect=lambda account: ImapStore(account, lambda: credentials.password(account)),
        carry=lambda account: MemorySender(MemoryMailbox()),
        credentials=credentials,
    )
    mail.start(Ears().listen)
    try:
        yield mail
    finally:
        mail.close()


def test_what_was_read_once_can_be_read_and_found_without_a_network(tmp_path: Path) -> None:
    with running(tmp_path) as mail:
        (id,) = ids(mail)
        mail.read(id).result(20)
    with offline(tmp_path) as mail:
        message = mail.read(id).result(20)
        assert message.text == "Grüße, see the file." and message.header("X-Own") == "kept"
        (file,) = message.attachments
        assert file.name == "a.zip" and abs(file.size - len(FILE)) < 5000
        assert any("when you ask" in note for note in message.notes)
        assert not one(mail, id).has_text and one(mail, id).snippet == "Grüße, see the file."
        assert list(mail.listing(Query.parse("grüße"))) == [id]
        with pytest.raises(Offline):
            mail.attachment(id, "2").result(20)
        with pytest.raises(Offline):
            mail.raw(id).result(20)


def test_what_was_read_in_part_and_then_fetched_is_here_whole_and_once(tmp_path: Path) -> None:
    with running(tmp_path) as mail:
        (id,) = ids(mail)
        mail.read(id).result(20)
        assert mail.raw(id).result(20) == LETTER
    with offline(tmp_path) as mail:
        assert mail.attachment(id, "2").result(20) == FILE
        assert not mail.read(id).result(20).notes
        assert one(mail, id).has_text
    with closing(sqlite3.connect(tmp_path / "mail.db")) as index:
        assert index.execute("SELECT count(*) FROM outline").fetchone() == (0,)
        assert index.execute("SELECT count(*) FROM texts").fetchone() == (1,)
