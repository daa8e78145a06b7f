"""What one can do with a letter that is read: answer an invitation, leave a list, pick things up, look into files."""

from __future__ import annotations

import asyncio
import base64
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.backend.web_server import CERTS, answer, web_server
from tests.extras import needs_pillow
from tests.ui.program import Program, letter, program
from tui_mail.backend.web import Web
from tui_mail.demo.files import png
from tui_mail.engine.painter import Painter
from tui_mail.mime.invite import invites
from tui_mail.mime.parse import parse, part
from tui_mail.mime.picture import decode
from tui_mail.model.errors import Cancelled
from tui_mail.model.folder import Role
from tui_mail.model.picture import Canvas, Picture
from tui_mail.ui import private_copy
from tui_mail.ui.screens.enclosed import EnclosedScreen
from tui_mail.ui.screens.looking import LookScreen
from tui_mail.ui.screens.message import MessageScreen
from tui_mail.ui.widgets.document_view import DocumentView

INVITE = letter(
    1,
    "Planning",
    *("BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:1@example.org", "DTSTART:20261201T100000Z"),
    *("SUMMARY:Planning", "ORGANIZER:mailto:bob@example.org", "ATTENDEE:mailto:ann@example.org"),
    *("END:VEVENT", "END:VCALENDAR"),
    extra=("MIME-Version: 1.0", "Content-Type: text/calendar; method=REQUEST"),
)
LISTED = letter(
    1,
    "News",
    "Your sign-in code is 482913.",
    extra=(
        "List-Id: <news.example.org>",
        "List-Unsubscribe: <mailto:leave@example.org?subject=out&bcc=eve@evil.example>",
    ),
)
FILES = letter(
    1,
    "Files",
    *("--b", "Content-Type: text/plain", "", "see these", "--b"),
    *('Content-Type: text/csv; name="../a.csv"', "Content-Disposition: attachment", "", "name,sum", "Ann,12", "--b"),
    *("Content-Type: message/rfc822", "Content-Disposition: attachment", "", "From: Eve <eve@example.net>"),
    *("Subject: Inner \x1b[2J", "", "the inner words", "--b--"),
    extra=("MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"),
)


async def sent(here: Program) -> bytes:
    """The letter that went out, after its undo seconds were cut short."""
    waiting = here.mail.outbox()
    await here.until(lambda: here.mail.outbox())
    here.mail.retry((waiting or here.mail.outbox())[0].id)
    await here.until(lambda: here.listing(Role.SENT))
    return here.mailbox.messages("Sent")[0].raw


async def test_an_invitation_is_shown_and_answered_by_a_proper_reply(tmp_path: Path) -> None:
    async with program(tmp_path, INVITE) as here:
        await here.open()
        assert "Planning" in here.text and "Tue 1 Dec 2026, 10:00" in here.text
        await here.press("A")
        await here.shows("Answer the invitation?")
        await here.press("d")
        await here.shows("goes out in")
        await here.press("z")
        await here.shows("The answer did not go out.")
        assert here.pane is None and not here.mail.outbox() and not here.mail.drafts()
        await here.press("A")
        await here.shows("Answer the invitation?")
        await here.press("m")
        await here.shows("goes out in")
        raw = await sent(here)
        message = parse(raw)
        assert message.subject == "Maybe: Planning" and [one.email for one in message.to] == ["bob@example.org"]
        assert b"Content-Type: text/calendar; method=REPLY" in raw
        (told,) = invites(part(raw, message.attachments[0].part))
        assert (told.method, told.id) == ("REPLY", "1@example.org")
        assert [(who.person.email, who.answer) for who in told.attendees] == [("ann@example.org", "TENTATIVE")]


async def test_a_list_is_left_by_a_mail_that_is_shown_first_and_undone(tmp_path: Path) -> None:
    async with program(tmp_path, LISTED) as here:
        await here.open()
        assert "news.example.org" in here.text
        await here.press("X")
        await here.shows("Leave “news.example.org”?")
        assert "leave@example.org" in here.text
        await here.press("m")
        await here.shows("goes out in")
        waiting = here.mail.outbox()[0]
        assert waiting.recipients == ("leave@example.org",) and waiting.subject == "out"
        await here.press("z")
        await here.until(lambda: not here.mail.outbox())


async def test_one_key_copies_the_newest_code_from_anywhere(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), LISTED) as here:
        here.app.clock = lambda: 1_795_435_200.0
        here.mail.examiner._clock = lambda: 1_795_435_200.0
        await here.open()
        await here.press("q", "w")
        await here.shows("In the clipboard: 482913, from Bob")
        assert here.app.clipboard == "482913"


async def test_a_key_that_is_held_does_not_pile_up_what_it_has_to_say(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1)) as here:
        await here.press(*"wwwww")
        await here.shows("No sign-in code came")
        await here.until(lambda: not here.app.workers)
        await here.pilot.pause()
        assert here.text.count("No sign-in code came") == 1


QUOTED = letter(
    2,
    "Re: Letter 1",
    *("Gladly.", "", "> Shall we meet on Friday at noon?", "> I bring the cake for everybody.", "> Bob"),
    extra=("References: <letter-1@example.org>",),
)


async def test_what_was_read_before_is_folded_and_one_key_shows_the_whole_conversation(tmp_path: Path) -> None:
    first = letter(1, "", "Shall we meet on Friday at noon?", "I bring the cake for everybody.", "Bob")
    async with program(tmp_path, first, QUOTED) as here:
        for id in here.ids():
            await asyncio.wrap_future(here.mail.read(id))
        await here.until(lambda: here.mail.settled(0.01))  # what was read is kept
        await here.open()
        await here.shows("lines read before")
        assert "Thread    2 letters" in here.text and "I bring the cake" not in here.text
        await here.press("E")
        await here.until(lambda: here.text.count("I bring the cake") == 2 or "2 letters" in here.text)
        await here.press("home")
        await here.shows("I bring the cake")
        await here.press("E")
        await here.shows("lines read before")


NEWSLETTER = letter(
    1,
    "News",
    '<p>Hello <img src="https://localhost:{port}/a.png" alt="A boat" width="320"></p>'
    '<img src="https://localhost:{port}/none.png" alt="Nothing">'
    '<img src="https://evil.example/t" width="1" height="1">',
    extra=("MIME-Version: 1.0", "Content-Type: text/html"),
)


@needs_pillow
async def test_pictures_of_the_web_are_drawn_after_one_question_that_names_the_hosts(tmp_path: Path) -> None:
    with web_server({"/a.png": answer(png("boat", 320, 200))}) as server:
        raw = NEWSLETTER.replace(b"{port}", str(server.port).encode())
        async with program(tmp_path, raw, size=(80, 40)) as here:
            here.mail._web = Web(allows=lambda address: True, ca_file=CERTS / "ca.pem", timeout=5)
            await here.open()
            assert "[A boat]" in here.text and server.asked == []
            await here.press("i")
            await here.shows("Load 2 pictures from the web?")
            assert "localhost" in here.text and "evil" not in here.text
            await here.press("b", "i", "l")
            await here.shows("1 picture drawn; 1 not: localhost answered 404.")
            assert "▀▀▀▀▀▀" in here.text and "[Nothing]" in here.text and "[A boat]" not in here.text
            assert [asked.split(b" ")[1] for asked in server.asked] == [b"/a.png", b"/none.png"]
            assert not any(b"cookie" in asked.lower() or b"referer" in asked.lower() for asked in server.asked)


@needs_pillow
async def test_this_machine_is_not_asked_for_pictures(tmp_path: Path) -> None:
    with web_server({"/a.png": answer(png("boat"))}) as server:
        async with program(tmp_path, NEWSLETTER.replace(b"{port}", str(server.port).encode())) as here:
            await here.open()
            await here.press("i")
            await here.shows("Load 2 pictures")
            await here.press("l")
            await here.shows("not a public address")
        assert server.asked == []


def pictured(number: int, *names: str) -> bytes:
    """A letter with pictures of its own in it."""
    shown = "".join(f'<p>before <img src="cid:{name}" alt="{name}"></p>' for name in names)
    parts = [
        line
        for name in names
        for line in (
            *("--b", "Content-Type: image/png", "Content-Transfer-Encoding: base64", f"Content-ID: <{name}>"),
            *("Content-Disposition: inline", "", base64.b64encode(png(name, 320, 64)).decode()),
        )
    ]
    return letter(
        number,
        "",
        *("--b", "Content-Type: text/html", "", shown, *parts, "--b--"),
        extra=("MIME-Version: 1.0", "Content-Type: multipart/related; boundary=b"),
    )


class Gated:
    """A painter's hand that draws no second picture before it may."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.is_called_off = threading.Event()
        self._is_first = True

    def __call__(self, octets: bytes, canvas: Canvas | None, breathe: Callable[[], None]) -> Picture:
        if not self._is_first:
            try:
                while not self.gate.wait(0.01):
                    breathe()
            except Cancelled:
                self.is_called_off.set()
                raise
        self._is_first = False
        return decode(octets, canvas, breathe)


@needs_pillow
async def test_a_picture_is_seen_before_the_next_is_drawn_and_nothing_else_waits_for_either(tmp_path: Path) -> None:
    hand = Gated()
    async with program(tmp_path, pictured(1, "boat", "house"), size=(80, 40)) as here:
        here.mail.painter = Painter(lambda: None, hand)
        await here.open()
        here.mail.aside(lambda: hand.gate.wait(60))  # who lists letters has something to do
        await here.press("i")
        await here.shows("1 of 2 pictures drawn")
        assert "▀▀▀▀▀▀" in here.text and "[boat]" not in here.text and "[house]" in here.text
        hand.gate.set()
        await here.shows("2 pictures drawn.")
        assert "[house]" not in here.text


@needs_pillow
async def test_pictures_of_a_letter_that_was_left_are_drawn_no_further_and_not_in_the_next_one(tmp_path: Path) -> None:
    hand = Gated()
    async with program(tmp_path, letter(1), pictured(2, "boat", "house"), size=(80, 40)) as here:
        here.mail.painter = Painter(lambda: None, hand)
        await here.open()
        await here.press("i")
        await here.shows("1 of 2 pictures drawn")
        await here.press("J")
        await here.shows("This is letter 1.")
        await here.until(hand.is_called_off.is_set)
        assert "▀▀▀▀▀▀" not in here.text and "[boat]" not in here.text


async def test_a_link_that_lies_asks_in_every_form_of_the_letter(tmp_path: Path) -> None:
    lie = '<a href="https://evil.example/">www.bank.example</a>'
    first = letter(1, "", '<a href="https://good.example/">here</a>', extra=("Content-Type: text/html",))
    second = letter(2, "Re: Letter 1", lie, extra=("Content-Type: text/html", "References: <letter-1@example.org>"))
    async with program(tmp_path, first, second) as here:
        for id in here.ids():
            await asyncio.wrap_future(here.mail.read(id))
        screen = await here.open()
        for key in ("", "E"):  # the letter alone, then the whole conversation, where its link has another number
            if key:
                await here.press(key)
                await here.until(lambda: screen.reader.is_whole)
            number = screen.reader.view.document.links.index("https://evil.example/") + 1
            screen.reader.view.post_message(DocumentView.LinkClicked(number, "https://evil.example/"))
            await here.shows("Open this address?")
            await here.press("b")
            await here.shows_no_more("Open this address?")


async def test_hints_copy_an_address_and_write_to_another(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1, "Hi", "ask carol@example.net")) as here:
        await here.open()
        await here.press("F", "a", "c")
        await here.shows("In the clipboard: carol@example.net")
        await here.press("F", "s", "enter")
        await here.until(lambda: here.pane is not None)
        assert here.pane is not None and "bob@example.org" in here.pane.draft.to


async def test_a_table_and_a_letter_inside_are_looked_at_without_another_program(tmp_path: Path) -> None:
    async with program(tmp_path, FILES) as here:
        screen = await here.open()
        assert screen.reader.message is not None
        await here.press("F", "a", "p")
        await here.until(lambda: isinstance(here.app.screen, LookScreen))
        await here.shows("Ann")
        await here.press("q", "F", "s", "o")
        await here.until(lambda: isinstance(here.app.screen, EnclosedScreen))
        await here.shows("the inner words")
        assert "Inner ␛[2J" in here.text and "eve@example.net" in here.text
        await here.press("q")
        await here.until(lambda: isinstance(here.app.screen, MessageScreen))


async def test_a_file_is_opened_as_a_private_copy_and_no_shell_reads_its_name(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program_file = tmp_path / "viewer"
    program_file.write_text(f'#!/bin/sh\nprintf "%s\\n" "$#" "$1" >> {log}\nls -l "$1" >> {log}\ncat "$1" >> {log}\n')
    program_file.chmod(0o700)
    raw = FILES.replace(b"../a.csv", b"$(touch pwned);-x.csv")
    async with program(tmp_path / "home", raw, opener=str(program_file)) as here:
        await here.open()
        await here.press("F", "a", "enter")
        await here.shows("Opened")
        await here.until(lambda: log.exists() and "Ann,12" in log.read_text())
        count, path, mode, *_ = log.read_text().splitlines()
        assert count == "1" and Path(path).name == "$(touch pwned);-x.csv" and mode.startswith("-rw-------")
        assert stat.S_IMODE(Path(path).parent.stat().st_mode) == 0o700
        private_copy.sweep(Path(path).parents[1], own=True)
        assert not Path(path).parent.exists() and not list(tmp_path.rglob("pwned"))


async def test_a_file_is_handed_to_a_program_and_what_it_says_is_shown(tmp_path: Path) -> None:
    async with program(tmp_path, FILES) as here:
        await here.open()
        await here.press("|")
        await here.shows("Hand to a program")
        here.app.screen.query_one(Input).value = "grep -c Subject"
        await here.press("enter")
        await here.shows("ended with 0")
        assert "2" in here.text


@pytest.mark.parametrize("command", ["no-such-program-here", "'", ""])
async def test_a_program_that_is_not_there_is_a_sentence(tmp_path: Path, command: str) -> None:
    from tui_mail.model.errors import BadInput
    from tui_mail.ui.external import pipe

    with pytest.raises(BadInput):
        await pipe(command, b"x", os.environ)


async def test_a_program_that_hears_enough_early_is_no_trouble() -> None:
    from tui_mail.ui.external import pipe

    said = await pipe("head -c 3", b"abcdef" * 100_000, os.environ)
    assert (said.status, said.words) == (0, b"abc")


def test_copies_of_runs_that_were_killed_are_swept_and_those_of_live_ones_stay(tmp_path: Path) -> None:
    own = private_copy.put(tmp_path, "a.txt", b"x")
    dead = tmp_path / "tui-mail-999999999-x"
    dead.mkdir()
    other = private_copy.put(tmp_path, "../../b.txt", b"y")
    assert own.exists() and not dead.exists() and other.name == "b.txt" and tmp_path in other.parents
    private_copy.remove(own)
    assert not own.parent.exists() and other.exists()
