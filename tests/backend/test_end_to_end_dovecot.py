"""A person's morning against a real server: read, archive, undo, answer, and new mail that comes by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.backend import desk as desks
from tests.backend.desk import PATIENCE, Desk, letter
from tests.backend.worlds import DovecotWorld
from tests.engine.world import Ears, folder, ids, rows, subjects
from tests.private_dovecot import Dovecot
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Security, Settings
from tui_mail.engine.mail import Mail
from tui_mail.mime.parse import parse
from tui_mail.mime.reply import reply
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.event import Connection, DraftChanged, Sent
from tui_mail.model.folder import Role
from tui_mail.model.message import ANSWERED, SEEN


@contextmanager
def running(dovecot: Dovecot, data: Path, account: Account) -> Iterator[Desk]:
    other = DovecotWorld(dovecot, account)
    try:
        with desks.running(data, account, dovecot.secret(), other) as desk:
            yield desk
    finally:
        other.close()


@pytest.fixture(params=["tls", "starttls"])
def account(request: pytest.FixtureRequest, dovecot: Dovecot) -> Account:
    security: Security = request.param
    return dovecot.account(security)


def test_a_morning_with_a_real_server(dovecot: Dovecot, account: Account, tmp_path: Path) -> None:
    world = DovecotWorld(dovecot, account)
    world.add("INBOX", letter("First plan", account.address))
    world.close()
    with running(dovecot, tmp_path / "data", account) as desk:
        mail = desk.mail
        desk.until(lambda: mail.role("work", Role.INBOX) and subjects(mail) == ["First plan"], "the first sync")

        [id] = ids(mail)
        message = mail.read(id).result(timeout=PATIENCE)
        assert message.text.strip() == "Can we build it?"
        mail.mark_read([id])
        desk.until(lambda: SEEN in desk.other.held("INBOX")[0].flags, "read there, too")

        mail.archive([id])
        assert subjects(mail) == []
        desk.until(lambda: desk.there("Archive") == [b"First plan"] and not desk.there("INBOX"), "archived there")
        assert mail.undo()
        assert subjects(mail) == ["First plan"]
        desk.until(lambda: desk.there("INBOX") == [b"First plan"] and not desk.there("Archive"), "undone there")

        answer(desk, dovecot)

        desk.other.add("INBOX", letter("Second plan", account.address))
        desk.until(lambda: sorted(subjects(mail)) == ["First plan", "Second plan"], "new mail without a key")


def answer(desk: Desk, dovecot: Dovecot) -> None:
    """Replies to the one letter in the inbox; it arrives, is filed, and the letter counts as answered."""
    mail = desk.mail
    [id] = ids(mail)
    message = mail.read(id).result(timeout=PATIENCE)
    me = Address("Ann Example", desk.account.address)
    draft = reply(message, id=DraftId("d1"), account="work", own=[me], everyone=False, signature="Ann", source=id)
    mail.send(draft, after=0).result(timeout=PATIENCE)
    taken = dovecot.sink.for_recipient(f"bob-{desk.account.address}")
    assert b"Subject: Re: First plan\r\n" in taken.data
    assert b"In-Reply-To: <First-plan@example.org>\r\n" in taken.data
    assert b"> Can we build it?\r\n" in taken.data
    desk.until(lambda: any(event.filed for event in desk.ears.of(Sent)), "sent and filed")
    [filed] = desk.other.held("Sent")
    assert filed.raw in taken.data
    assert SEEN in filed.flags
    desk.until(lambda: ANSWERED in desk.other.held("INBOX")[0].flags, "answered there, too")
    assert mail.outbox() == ()


def test_a_refused_recipient_leaves_the_letter_in_the_outbox(
    dovecot: Dovecot, account: Account, tmp_path: Path
) -> None:
    with running(dovecot, tmp_path / "data", account) as desk:
        desk.until(lambda: desk.mail.connection("work").state == "online", "online")
        wrong = f"reject-{account.address}"
        draft = Draft(DraftId("d2"), "work", to=f"bob-{account.address}, {wrong}", subject="Both", body="Hello.\n")
        desk.mail.send(draft, after=0).result(timeout=PATIENCE)
        desk.until(lambda: [waiting.state for waiting in desk.mail.outbox()] == ["refused"], "refused")
        [waiting] = desk.mail.outbox()
        assert wrong in waiting.why
        assert not any(f"bob-{account.address}" in taken.recipients for taken in dovecot.sink.taken)
        assert desk.there("Sent") == []


def test_a_server_that_hangs_keeps_nobody_waiting_and_hears_of_everything_later(
    dovecot: Dovecot, account: Account, tmp_path: Path
) -> None:
    world = DovecotWorld(dovecot, account)
    for number in range(3):
        world.add("INBOX", letter(f"Plan {number}", account.address))
    world.close()
    with running(dovecot, tmp_path / "data", account) as desk:
        mail = desk.mail
        desk.until(lambda: mail.role("work", Role.INBOX) and len(ids(mail)) == 3, "the first sync")
        assert mail.settled(PATIENCE)
        dovecot.freeze()
        try:
            first, second, _ = ids(mail)
            begun = time.monotonic()
            mail.archive([first])
            mail.star([second])
            mail.trash([second])
            assert mail.undo()
            assert len(rows(mail)) == 2
            assert time.monotonic() - begun < 1
        finally:
            dovecot.thaw()
        desk.until(lambda: len(desk.there("Archive")) == 1 and len(desk.there("INBOX")) == 2, "told there")
        desk.until(lambda: sum("\\Flagged" in held.flags for held in desk.other.held("INBOX")) == 1, "starred there")
        assert desk.there("Trash") == []


def test_a_wrong_password_is_asked_for_and_then_it_goes_on(dovecot: Dovecot, account: Account, tmp_path: Path) -> None:
    ears = Ears()
    credentials = Credentials(ask=True)
    credentials.offer(account, Secret("wrong"))
    mail = Mail(
        Settings({"work": account}),
        tmp_path / "data",
        connect=lambda account: ImapStore(account, lambda: credentials.password(account)),
        carry=lambda account: SmtpSender(account, lambda: credentials.password(account)),
        credentials=credentials,
    )
    mail.start(ears.listen)
    try:
        ears.wait(Connection, lambda event: event.state == "auth", PATIENCE)
        mail.login("work", dovecot.secret().reveal())
        ears.wait(Connection, lambda event: event.state == "online", PATIENCE)
        assert mail.settled(PATIENCE)
        assert folder(mail, Role.SENT).name == "Sent"
    finally:
        mail.close()


def test_a_draft_stands_there_once_and_what_another_program_made_of_it_is_never_overwritten(
    dovecot: Dovecot, account: Account, tmp_path: Path
) -> None:
    with running(dovecot, tmp_path / "data", account) as desk:
        mail = desk.mail
        desk.until(lambda: mail.role("work", Role.DRAFTS), "the folders")
        draft = Draft(DraftId("d3"), "work", to=f"bob-{account.address}", subject="Half", body="First.\n.\nGrüße")
        for body in (draft.body, "Second."):
            draft = replace(draft, body=body)
            mail.keep(draft)
            mail.drafting.paused("work")
            desk.until(lambda: texts(desk, "Drafts") == [body], f"the copy of {body!r}, alone")  # noqa: B023  # at once
        [held] = desk.other.held("Drafts")
        desk.other.remove("Drafts", held.uid)
        desk.other.add("Drafts", letter("Half", account.address))
        draft = replace(draft, body="Third.")
        mail.keep(draft)
        mail.drafting.paused("work")
        event = desk.ears.wait(DraftChanged, timeout=PATIENCE)
        assert event.theirs is not None and event.theirs.body == "Can we build it?"
        assert desk.there("Drafts") == [b"Half"]
        mail.drafting.settle(draft, "mine")
        desk.until(lambda: texts(desk, "Drafts") == ["Third."], "mine, alone")
        mail.send(draft, after=0).result(timeout=PATIENCE)
        desk.ears.wait(Sent, timeout=PATIENCE)
        desk.until(lambda: not desk.other.held("Drafts"), "gone once it was sent")


def texts(desk: Desk, name: str) -> list[str]:
    """What the letters of a folder say, as the other client sees them."""
    return [parse(held.raw).text for held in desk.other.held(name)]
