"""Pictures in a real pseudo-terminal: what each kind of terminal is sent, and that it is left without any."""

from __future__ import annotations

import re

import pytest

from tests.extras import needs_pillow
from tui_mail.ui.terminal import kitty

from .conftest import Start
from .tui import Tui

KITTY = "\x1bP>|kitty(0.32.2)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?62c"
SIXEL = "\x1bP>|XTerm(379)\x1b\\\x1b[6;18;9t\x1b[?63;1;2;4;6c"
BARE = "\x1b[?1;2c"


def draw(tui: Tui) -> bytes:
    """What was written for the picture."""
    tui.until("● online").until("A boat").send("\r").until("the end of it").quiet()
    before = len(tui.raw)
    tui.send("i").until("1 picture drawn").quiet()
    return bytes(tui.raw[before:])


def sent(written: bytes) -> list[bytes]:
    """The keys of kitty's commands in it."""
    return re.findall(rb"\x1b_G([^;\x1b]*);[^\x1b]*\x1b\\", written)


@needs_pillow
def test_kitty_is_sent_the_picture_once_and_cells_that_name_its_pieces_and_loses_it_with_the_letter(
    start: Start,
) -> None:
    tui = start("pictured", answers=KITTY)
    written = draw(tui)
    head = re.fullmatch(rb"a=T,U=1,i=(\d+),p=1,f=100,t=d,c=20,r=6,q=2,m=[01]", sent(written)[0])
    assert head, sent(written)
    for line in range(6):
        assert kitty.cells(line, 0, 20).encode() in written
    assert "▀".encode() not in written and b"\x1bP" not in written
    before = len(tui.raw)
    tui.send("q").until("unread").quiet()
    assert sent(bytes(tui.raw[before:])) == [b"a=d,d=I,i=%s,q=2" % head[1]]
    tui.send("q")
    assert tui.wait() == 0, tui.text


@needs_pillow
def test_a_terminal_that_is_left_with_a_picture_on_it_is_told_to_forget_it_first(start: Start) -> None:
    tui = start("pictured", answers=KITTY)
    number = sent(draw(tui))[0].split(b"i=")[1].split(b",")[0]
    before = len(tui.raw)
    tui.send("\x11")
    assert tui.wait() == 0, tui.text
    rest = bytes(tui.raw[before:])
    assert rest.index(b"\x1b_Ga=d,d=I,i=%s" % number) < rest.index(b"\x1b[?1049l")
    assert tui.is_restored


@needs_pillow
def test_a_terminal_with_sixels_is_sent_a_strip_for_every_line(start: Start) -> None:
    tui = start("pictured", answers=SIXEL)
    written = draw(tui)
    assert len(re.findall(rb"\x1b\[\d+;2H\x1bP0;1;0q\"1;1;180;18#[^\x1b]*\x1b\\", written)) == 6
    assert not sent(written)
    tui.send("\x11")
    assert tui.wait() == 0, tui.text


@needs_pillow
@pytest.mark.parametrize("answers", ["", BARE])
def test_a_terminal_that_says_nothing_or_knows_nothing_gets_half_blocks(start: Start, answers: str) -> None:
    tui = start("pictured", answers=answers)
    written = draw(tui)
    assert written.count("▀".encode()) >= 100
    assert not sent(written) and b"\x1bP" not in written and kitty.PLACE.encode() not in written
    tui.send("\x11")
    assert tui.wait() == 0, tui.text
