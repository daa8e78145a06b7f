"""The same morning against the demo server and every oddity it knows: nothing lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backend.desk import PATIENCE, Desk, letter, running
from tests.backend.worlds import POLL, DemoWorld
from tests.engine.world import ids, subjects
from tests.servers import Demos, demo_account
from tui_mail.config.credentials import Secret
from tui_mail.demo import quirks
from tui_mail.demo.server import Server
from tui_mail.mime.reply import reply
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.event import Sent
from tui_mail.model.folder import Role
from tui_mail.model.message import ANSWERED, DELETED, SEEN

OFFERS = {"full": quirks.FULL, "condstore": quirks.CONDSTORE, "basic": quirks.BASIC, "plain": quirks.PLAIN}
ODDITIES = (
    "saves_sent",
    "no_uidplus",
    "permuted_copyuid",
    "move_says_bad",
    "no_uidnext",
    "exists_flicker",
    "unsolicited_flags",
    "no_keywords",
    "refuse_idle",
    "require_id",
    "literal_everything",
    "xlist",
    "connection_limit=2",
    "messagelimit=3",
    "eof_in_idle",
    "split_writes",
    "no_internal_date_zone",
)


@pytest.fixture(params=[*OFFERS, *ODDITIES])
def server(request: pytest.FixtureRequest, demo_server: Demos) -> Server:
    name: str = request.param
    return demo_server(capabilities=OFFERS[name]) if name in OFFERS else demo_server(quirks=[name])


def left(desk: Desk, name: str) -> list[str]:
    """The subjects in a folder, without what is only marked as deleted."""
    return sorted(
        line.removeprefix("Subject: ")
        for held in desk.other.held(name)
        if DELETED not in held.flags
        for line in held.raw.decode().splitlines()
        if line.startswith("Subject: ")
    )


def test_a_morning_with_an_odd_server(server: Server, tmp_path: Path) -> None:
    account = demo_account(server, key="work")
    for number in range(4):
        server.mailbox.put(letter(f"Plan {number}", account.address))
    with running(tmp_path / "data", account, Secret("demo"), DemoWorld(server), poll=POLL) as desk:
        mail = desk.mail
        desk.until(lambda: mail.role("work", Role.INBOX) and len(ids(mail)) == 4, "the first sync")

        by_subject = dict(zip(subjects(mail), ids(mail), strict=True))
        first, second, third = (by_subject[f"Plan {number}"] for number in range(3))
        assert mail.read(first).result(timeout=PATIENCE).text.strip() == "Can we build it?"
        mail.mark_read([first])
        mail.archive([first, second])
        mail.trash([third])
        desk.until(lambda: left(desk, "INBOX") == ["Plan 3"], "gone from the inbox there")
        desk.until(lambda: left(desk, "Archive") == ["Plan 0", "Plan 1"], "archived there")
        assert left(desk, "Trash") == ["Plan 2"]
        assert [SEEN in held.flags for held in desk.other.held("Archive") if b"Plan 0" in held.raw] == [True]

        assert mail.undo()
        assert mail.undo()
        desk.until(lambda: left(desk, "INBOX") == [f"Plan {number}" for number in range(4)], "undone there")
        # without MOVE a copy stands in both places until the second command has been heard
        desk.until(lambda: left(desk, "Archive") == left(desk, "Trash") == [], "taken away there")

        message = mail.read(first).result(timeout=PATIENCE)
        me = Address("Ann Example", account.address)
        draft = reply(message, id=DraftId("d"), account="work", own=[me], everyone=False, signature="", source=first)
        mail.send(draft, after=0).result(timeout=PATIENCE)
        desk.until(lambda: any(event.filed for event in desk.ears.of(Sent)), "sent and filed")
        desk.until(
            lambda: any(ANSWERED in held.flags for held in desk.other.held("INBOX") if b"Plan 0" in held.raw),
            "answered there",
        )
        assert mail.settled(PATIENCE)
        assert left(desk, "Sent") == ["Re: Plan 0"]
        assert len(server.sent) == 1

        server.mailbox.put(letter("Plan 9", account.address))
        desk.until(lambda: "Plan 9" in subjects(mail), "new mail without a key")
        assert sorted(subjects(mail)) == ["Plan 0", "Plan 1", "Plan 2", "Plan 3", "Plan 9"]


def test_a_letter_whose_copy_is_over_quota_went_out_once_and_is_filed_once(demo_server: Demos, tmp_path: Path) -> None:
    server = demo_server()
    server.refuse("^APPEND", "NO [OVERQUOTA] Full", times=2)
    account = demo_account(server, key="work")
    draft = Draft(DraftId("d"), "work", to="bob@example.net", subject="Plan", body="Text.")
    with running(tmp_path / "data", account, Secret("demo"), DemoWorld(server)) as desk:
        mail = desk.mail
        desk.until(lambda: mail.connection("work").state == "online", "a connection")
        waiting = mail.send(draft, after=0).result(timeout=PATIENCE)
        desk.until(lambda: mail.outbox() and "the mailbox is full" in mail.outbox()[0].why, "the refusal said")
        assert mail.outbox()[0].state == "sent" and left(desk, "Sent") == []
        mail.retry(waiting.id)
        desk.until(lambda: sum("APPEND" in line for line in server.log) == 2, "the second refusal")
        mail.retry(waiting.id)
        desk.until(lambda: left(desk, "Sent") == ["Plan"], "filed there")
        desk.until(lambda: not mail.outbox(), "done with")
        assert len(server.sent) == 1
