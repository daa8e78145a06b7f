"""Servers that say one number too few or too many, and other programs that are quicker: nothing is missed or kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.backend import desk as desks
from tests.backend.desk import Desk, letter
from tests.backend.worlds import DemoWorld
from tests.engine.world import folder, ids, subjects
from tests.servers import Demos, demo_account
from tui_mail.config.credentials import Secret
from tui_mail.demo.quirks import BASIC, CONDSTORE, FULL, PLAIN
from tui_mail.model.event import Arrived
from tui_mail.model.folder import Role

ME = "demo@example.org"
LADDER = pytest.mark.parametrize(
    "offers", [PLAIN, BASIC, CONDSTORE, FULL], ids=["plain", "basic", "condstore", "qresync"]
)


@contextmanager
def running(servers: Demos, data: Path, offers: Iterable[str], quirks: Iterable[str] = ()) -> Iterator[Desk]:
    """With two letters in the inbox, both seen here."""
    server = servers(capabilities=offers, quirks=quirks)
    world = DemoWorld(server)
    world.add("INBOX", letter("first", ME))
    world.add("INBOX", letter("second", ME))
    with desks.running(data, demo_account(server, key="work"), Secret("demo"), world) as desk:
        desk.until(lambda: desk.mail.role("work", Role.INBOX) and len(ids(desk.mail)) == 2, "the first sync")
        assert desk.mail.settled()
        yield desk


def looked(desk: Desk) -> None:
    desk.mail.refresh()
    assert desk.mail.settled()
    desk.mail.refresh(folder(desk.mail, Role.INBOX).id)
    assert desk.mail.settled()


@LADDER
def test_a_letter_that_we_archived_and_another_program_took_away_is_gone(
    demo_server: Demos, tmp_path: Path, offers: frozenset[str]
) -> None:
    with running(demo_server, tmp_path / "data", offers) as desk:
        desk.mail.archive(ids(desk.mail)[:1])
        assert desk.mail.settled()
        [there] = desk.other.held("Archive")
        desk.other.remove("Archive", there.uid)
        looked(desk)
        assert subjects(desk.mail, Role.ARCHIVE) == []


@LADDER
@pytest.mark.parametrize("lie", ["uidnext_high", "uidnext_low"])
def test_new_mail_is_seen_and_told_whatever_number_the_server_names(
    demo_server: Demos, tmp_path: Path, offers: frozenset[str], lie: str
) -> None:
    """One goes as one comes, so that counting does not show it."""
    with running(demo_server, tmp_path / "data", offers, [lie]) as desk:
        desk.other.remove("INBOX", desk.other.held("INBOX")[0].uid)
        desk.other.add("INBOX", letter("third", ME))
        looked(desk)
        assert sorted(subjects(desk.mail)) == ["second", "third"]
        if lie == "uidnext_low":
            told = [row.subject for event in desk.ears.of(Arrived) for row in event.rows]
            assert told == ["third"]
