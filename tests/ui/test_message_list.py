"""The list draws what is seen, keeps its columns, and its cursor stays on its message."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.app import App, ComposeResult

from tui_mail.model.address import Address
from tui_mail.model.folder import FolderId
from tui_mail.model.listing import Listing
from tui_mail.model.message import ANSWERED, FLAGGED, SEEN, MessageId, Summary
from tui_mail.ui.widgets.message_list import MessageList
from tui_mail.ui.widgets.message_row import TALL_BELOW, Look, draw, short_date
from tui_mail.ui.widgets.row_pages import PAGE

NOW = 1_795_440_000  # Mon 23 Nov 2026, 13:20 UTC
ROW = Summary(
    MessageId(1), "demo", FolderId(1), Address("Ann", "ann@example.org"), (), "Lunch?", NOW - 60, 900, frozenset({SEEN})
)
STYLES = {part: Style() for part in ("row", "sender", "mark", "star", "dim")}
SUBJECTS = [
    "Lunch?",
    "会議の議事録について：来週の予定",
    "🎉 You won 👩‍💻",
    "مرحبا بالعالم",
    "é" * 90,
    "x" * 300,
    "",
    "👍🏽" * 30,
    "\u0301" * 8,
]


def text(lines: Iterable[list[Segment]]) -> list[str]:
    return ["".join(segment.text for segment in line) for line in lines]


@pytest.mark.parametrize("width", [12, 20, 40, TALL_BELOW - 1, TALL_BELOW, 60, 80, 200])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_row_is_exactly_as_wide_as_the_list(width: int, subject: str) -> None:
    row = replace(
        ROW, subject=subject, sender=Address(subject[:30], "a@example.org"), snippet="and then", has_attachment=True
    )
    for line in text(draw(row, Look(width, NOW, STYLES))):
        assert cell_len(line) == max(width, 12) or width < 40


def test_marks_tell_unread_starred_answered_and_attachment_without_colour() -> None:
    row = replace(ROW, flags=frozenset({FLAGGED, ANSWERED}), has_attachment=True)
    line = text(draw(row, Look(80, NOW, STYLES, cursor=True)))[0]
    assert line.startswith("▌ ●★← Ann")
    assert "+" in line


def test_what_is_selected_has_a_sign_of_its_own_beside_the_unread_one() -> None:
    lines = [
        text(draw(replace(ROW, flags=frozenset()), Look(width, NOW, STYLES, chosen=True)))[0] for width in (80, 40)
    ]
    assert [line.startswith(" ✓●") for line in lines] == [True, True]


def test_a_narrow_list_gives_a_message_two_lines() -> None:
    first, second = text(draw(ROW, Look(40, NOW, STYLES)))
    assert "Ann" in first and first.rstrip().endswith("13:19")
    assert second.strip() == "Lunch?"


def test_what_i_sent_stands_under_whom_it_went_to() -> None:
    row = replace(ROW, to=(Address("Bob", "bob@example.org"), Address("", "c@example.org")))
    assert "To Bob, c@example.org" in text(draw(row, Look(120, NOW, STYLES, outgoing=True)))[0]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (NOW - 60, "13:19"),
        (NOW - 86_400, "Sun 13:20"),
        (NOW - 30 * 86_400, "24 Oct"),
        (NOW - 800 * 86_400, "Sep 2024"),
        (NOW + 86_400, "24 Nov"),
        (10**18, "?"),
    ],
)
def test_dates_are_short(when: int, words: str) -> None:
    assert short_date(when, NOW) == words


@pytest.mark.parametrize(("days", "words"), [(0, "13:20"), (1, "Sun"), (30, "24 Oct"), (800, "Sep ’24")])
def test_in_a_narrow_list_dates_are_shorter_still(days: int, words: str) -> None:
    assert short_date(NOW - days * 86_400, NOW, brief=True) == words


class Listed(App[None]):
    """A list alone."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.mail = {MessageId(n): replace(ROW, id=MessageId(n), subject=f"Letter {n}") for n in range(1, size + 1)}
        self.asked: list[Sequence[MessageId]] = []
        self.opened: list[MessageId] = []

    def rows(self, ids: Sequence[MessageId]) -> list[Summary | None]:
        self.asked.append(ids)
        return [self.mail.get(id) for id in ids]

    def compose(self) -> ComposeResult:
        yield MessageList(self.rows, lambda: NOW, id="list")

    def on_mount(self) -> None:
        self.box.show(Listing(self.mail))
        self.box.focus()

    @property
    def box(self) -> MessageList:
        return self.query_one(MessageList)

    @on(MessageList.Opened)
    def read(self, event: MessageList.Opened) -> None:
        self.opened.append(event.id)

    def seen(self) -> list[str]:
        box = self.box
        return [box.render_line(y).text for y in range(box.size.height)]


async def test_a_line_that_was_drawn_before_looks_as_if_it_were_drawn_now() -> None:
    app = Listed(300)
    dice = random.Random(11)
    keys = ["j", "k", "pagedown", "pageup", "ctrl+d", "space", "end", "home", "tab"]
    async with app.run_test(size=(80, 24)) as pilot:
        box = app.box
        for turn in range(120):
            await pilot.press(dice.choice(keys))
            match turn % 30:
                case 7:
                    box.chosen = frozenset(box.listing.window(box.cursor - 3, box.cursor + 3))
                case 13:
                    box.follow(box.listing.without(frozenset(box.listing.window(box.cursor, box.cursor + 2))))
                case 19:
                    await pilot.resize_terminal(dice.choice([40, 80, 100]), dice.choice([12, 24, 40]))
                case 25:
                    app.theme = dice.choice(["textual-light", "textual-dark"])
            await pilot.pause()
            kept = box.render_lines(box.size.region)
            box.refresh()
            assert kept == box.render_lines(box.size.region)


async def test_only_what_is_seen_is_read() -> None:
    app = Listed(100_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        assert app.box.at == MessageId(100_000)
        assert "Letter 100000" in app.seen()[-1]
        assert sum(len(ids) for ids in app.asked) <= 4 * PAGE


async def test_the_cursor_stays_on_its_message_when_mail_arrives() -> None:
    app = Listed(100)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"jjjj")
        assert app.box.at == MessageId(5)
        new = {MessageId(200 + n): replace(ROW, id=MessageId(200 + n), subject="New") for n in range(3)}
        app.mail = new | app.mail
        app.box.follow(Listing(app.mail))
        await pilot.pause()
        assert app.box.at == MessageId(5)
        assert "New" in app.seen()[0], "at the top of the list new mail is seen at once"


async def test_far_down_the_list_nothing_moves_when_mail_arrives() -> None:
    app = Listed(500)
    async with app.run_test(size=(80, 24)) as pilot:
        app.box.point(MessageId(300))
        await pilot.pause()
        before = app.seen()
        app.mail = {MessageId(900): replace(ROW, id=MessageId(900), subject="New")} | app.mail
        app.box.follow(Listing(app.mail))
        await pilot.pause()
        assert app.seen() == before


async def test_after_a_message_left_the_cursor_is_on_the_next_older_one() -> None:
    app = Listed(10)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "j")
        del app.mail[MessageId(3)]
        app.box.follow(Listing(app.mail))
        assert app.box.at == MessageId(4)


async def test_a_message_that_is_gone_meanwhile_is_an_empty_row_and_no_fault() -> None:
    app = Listed(5)
    async with app.run_test(size=(80, 24)):
        del app.mail[MessageId(2)]
        app.box.forget()
        assert app.seen()[1].strip() == "…"


async def test_half_pages_pages_and_ends() -> None:
    app = Listed(200)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+d")
        assert app.box.cursor == 12
        await pilot.press("pagedown")
        assert app.box.cursor == 35
        await pilot.press("ctrl+u", "pageup")
        assert app.box.cursor == 0
        await pilot.press("G")
        assert app.box.cursor == 199


async def test_a_click_points_and_a_double_click_opens() -> None:
    app = Listed(20)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(MessageList, offset=(10, 3))
        assert app.box.at == MessageId(4)
        await pilot.click(MessageList, offset=(10, 5), times=2)
        assert app.opened == [MessageId(6)]


async def test_resizing_keeps_the_cursor_in_sight() -> None:
    app = Listed(200)
    async with app.run_test(size=(120, 40)) as pilot:
        app.box.point(MessageId(36))
        await pilot.pause()
        await pilot.resize_terminal(50, 10)
        await pilot.pause()
        assert any("Letter 36" in line for line in app.seen())


async def test_an_empty_list_says_why() -> None:
    app = Listed(0)
    async with app.run_test(size=(60, 16)):
        app.box.empty = ("All done.",)
        assert any(line.strip() == "All done." for line in app.seen())
