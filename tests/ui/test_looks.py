"""Colours that few-coloured terminals keep apart, and bars that say things in words."""

from __future__ import annotations

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import Theme

from tui_mail.model.event import Connection, Owed, Progress
from tui_mail.model.folder import Folder, FolderId, Role
from tui_mail.ui.themes import HOUSE
from tui_mail.ui.widgets.folder_tree import entries
from tui_mail.ui.widgets.status_bar import status


def color(theme: Theme, name: str) -> Color:
    return Color.parse(theme.variables.get(name) or str(getattr(theme, name)))


@pytest.mark.parametrize("theme", HOUSE, ids=lambda theme: theme.name)
def test_with_256_colours_panels_lines_and_the_cursor_still_stand_out(theme: Theme) -> None:
    def seen(name: str) -> int | None:
        return RichColor.parse(color(theme, name).hex).downgrade(ColorSystem.EIGHT_BIT).number

    grounds = [seen(name) for name in ("background", "panel", "cursor", "cursor-blurred", "line")]
    assert len({*grounds}) >= 3 and grounds[0] not in grounds[1:]


NOTHING = Owed(0, 0)


def words(connections: list[Connection], progress: tuple[Progress, ...] = (), owed: Owed = NOTHING) -> str:
    by_name = {connection.account: connection for connection in connections}
    return status(by_name, {step.account: step for step in progress}, owed, False, 1000.0).plain


def test_the_status_says_how_things_stand() -> None:
    assert words([Connection("work", "online")]) == "● online"
    assert words([Connection("work", "connecting")]) == "● connecting …"
    assert (
        words([Connection("work", "online", retry_at=1055.5)])
        == "● online, but the server wants us to slow down: next look in 56 s"
    )
    assert words([Connection("work", "online", retry_at=999.0)]) == "● online"
    assert (
        words([Connection("work", "offline", "imap.example.org does not answer.", 1008.0)])
        == "● offline, next try in 8 s: imap.example.org does not answer."
    )
    assert (
        words([Connection("work", "online")], (Progress("work", "syncing Inbox", 300, 12_403),), Owed(2, 1))
        == "● online  ·  syncing Inbox 300 of 12,403  ·  2 actions waiting  ·  1 letter in the outbox"
    )


def test_of_several_accounts_the_troubled_one_is_named() -> None:
    assert words([Connection("work", "online"), Connection("home", "offline", "No network.")]) == (
        "● home offline: No network."
    )


def folder(id: int, name: str, role: Role | None = None, unread: int = 0, account: str = "work") -> Folder:
    return Folder(FolderId(id), account, name, name.encode(), "/", role, unread=unread)


def test_folders_stand_with_what_is_unread_and_an_inbox_is_called_inbox() -> None:
    lines = entries([folder(1, "INBOX", Role.INBOX, 3), folder(2, "Lists/python", unread=2)], {}, 0, 0)
    assert [(line.text, line.count, line.depth) for line in lines] == [
        ("Inbox", 3, 0),
        ("Lists/python", 2, 0),
        ("", 0, 0),
        ("Starred", 0, 0),
        ("Reply later", 0, 0),
        ("Waiting", 0, 0),
    ]


def test_with_two_accounts_each_has_its_heading() -> None:
    lines = entries(
        [folder(1, "INBOX", Role.INBOX), folder(2, "INBOX", Role.INBOX, account="home")],
        {"work": "ann@work.example", "home": "ann@home.example"},
        1,
        2,
    )
    assert [line.text for line in lines] == [
        "ann@work.example",
        "Inbox",
        "",
        "ann@home.example",
        "Inbox",
        "",
        "Starred",
        "Reply later",
        "Waiting",
        "Unfinished",
        "Outbox",
    ]
