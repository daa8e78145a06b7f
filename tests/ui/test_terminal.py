"""What reaches the terminal: nothing a mail could do harm with, the same picture as ever, in fewer bytes."""

from __future__ import annotations

import io

import pyte
import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Size
from textual.strip import Strip

from tui_mail.ui.terminal import ability, display, driver
from tui_mail.ui.terminal.display import Shadow, encode
from tui_mail.ui.terminal.safety import SafetyFilter

BLACK = Color(0, 0, 0)


def filtered(text: str, style: Style | None = None) -> Segment:
    return SafetyFilter().apply([Segment(text, style)], BLACK)[0]


@pytest.mark.parametrize(
    "text",
    [
        "a\x1b]0;title\x07b",
        "a\x1b[2Jb",
        "a\x9b2Jb",
        "a\x9d0;t\x9cb",
        "a\rb",
        "a\x00\x7f\x85b",
        "a\u202eb\u2066",
        "a\u200b\ufeffb",
        "a\U000e0041b",
    ],
)
@pytest.mark.feeds_the_filter
def test_no_control_or_direction_character_passes_the_last_defence(text: str) -> None:
    safe = filtered(text).text
    assert safe.isprintable()
    assert safe.startswith("a") and "b" in safe


@pytest.mark.feeds_the_filter
def test_half_a_surrogate_can_be_written() -> None:
    filtered("a\ud800b").text.encode("utf-8")


def test_ordinary_text_is_the_very_same_segment() -> None:
    segment = Segment("Grüße, 会議 🎉 !", Style(bold=True))
    assert SafetyFilter().apply([segment], BLACK)[0] is segment


def test_a_link_with_an_escape_in_it_is_taken_away() -> None:
    link = filtered("here", Style(link="https://x.test/\x1b]52;c;aaaa\x07")).style
    assert link is not None and link.link is None
    kept = filtered("here", Style(link="https://x.test/")).style
    assert kept is not None and kept.link == "https://x.test/"


LINES = [
    [Segment("plain text")],
    [Segment("bold", Style(bold=True)), Segment(" and "), Segment("red", Style(color="red", bgcolor="blue"))],
    [Segment("a", Style(color="#82aaff")), Segment("b" + " " * 30, Style(bgcolor="#27344d"))],
    [Segment("under", Style(underline=True)), Segment(" " * 20, Style(underline=True))],
    [Segment("会議", Style(bold=True)), Segment(" end", Style(dim=True))],
]


def pictured(data: str) -> list[object]:
    screen = pyte.Screen(60, 2)
    pyte.Stream(screen).feed(data)
    return [screen.buffer[0][column] for column in range(60)]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("to_edge", [False, True])
def test_the_short_way_paints_the_same_picture(line: list[Segment], to_edge: bool) -> None:
    strip = Strip(line).adjust_cell_length(60, line[-1].style) if to_edge else Strip(line)
    console = Console(file=io.StringIO(), color_system="truecolor", force_terminal=True, width=60)
    stock = strip.render(console)
    terse = encode(strip, ColorSystem.TRUECOLOR, to_edge=to_edge)
    assert pictured(terse) == pictured(stock)
    assert len(terse) <= len(stock)


def test_what_is_on_the_screen_already_is_not_written_again() -> None:
    shadow, size = Shadow(), Size(20, 2)
    strip = Strip([Segment("hello")])
    assert "hello" in shadow.changes([(0, 0, strip)], size, ColorSystem.TRUECOLOR)
    assert shadow.changes([(0, 0, strip)], size, ColorSystem.TRUECOLOR) == ""
    assert "HELLO" in shadow.changes([(0, 3, Strip([Segment("HELLO")]))], size, ColorSystem.TRUECOLOR)
    assert "hello" in shadow.changes([(0, 0, strip)], size, ColorSystem.TRUECOLOR), "its right half was overwritten"
    shadow.forget()
    assert "hello" in shadow.changes([(0, 0, strip)], size, ColorSystem.TRUECOLOR)


def test_the_column_after_an_emoji_is_set_and_not_assumed() -> None:
    strip = Strip([Segment("👩‍💻 "), Segment("14:05", Style(bold=True))])
    assert "G" in encode(strip, ColorSystem.TRUECOLOR).split("14:05")[0]


@pytest.mark.parametrize("to_edge", [False, True])
def test_a_terminal_that_makes_an_emoji_narrower_shows_nothing_of_what_stood_there(to_edge: bool) -> None:
    line = [Segment("\u2600\ufe0f\u2615\ufe0f who is in?" + " " * 20), Segment("14:05")]
    screen = pyte.Screen(60, 1)
    stream = pyte.Stream(screen)
    stream.feed("x" * 60 + "\r" + encode(line[:1] if to_edge else line, ColorSystem.TRUECOLOR, to_edge=to_edge))
    assert "x" not in screen.display[0][:36]


def test_this_toolkit_is_the_one_that_was_measured() -> None:
    assert display.fits()
    assert driver.fits()


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, ""),
        ({"TERM": "xterm-256color"}, ""),
        ({"TERM": "xterm"}, ""),
        ({"TERM": "xterm-ghostty"}, "truecolor"),
        ({"TERM": "xterm-kitty"}, "truecolor"),
        ({"TERM": "alacritty"}, "truecolor"),
        ({"TERM": "foot-extra"}, "truecolor"),
        ({"TERM": "wezterm"}, "truecolor"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "truecolor"),
        ({"TERM": "linux"}, "standard"),
        ({"TERM": "tmux"}, "256"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/t,1,0", "TERM_PROGRAM": "tmux"}, ""),
        ({"TERM": "screen", "STY": "1.tty", "COLORTERM": "truecolor"}, "standard"),
        ({"TERM": "screen-256color", "STY": "1.tty", "COLORTERM": "truecolor"}, "256"),
    ],
)
def test_a_terminal_gets_the_colours_it_has_also_over_ssh(environ: dict[str, str], colours: str) -> None:
    assert ability.colour_system(environ) == colours


def test_what_somebody_set_for_the_toolkit_stays() -> None:
    environ = {"TERM": "alacritty", "TEXTUAL_COLOR_SYSTEM": "256"}
    ability.prepare(environ)
    assert environ["TEXTUAL_COLOR_SYSTEM"] == "256"


def test_only_iterm_itself_does_without_the_keyboard_protocol_that_loses_composed_text() -> None:
    for environ, off in (
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, True),
        ({"TERM": "tmux-256color", "LC_TERMINAL": "iTerm2", "TMUX": "/tmp/t,1,0"}, False),
        ({"TERM": "xterm-kitty"}, False),
    ):
        ability.prepare(environ)
        assert ("TEXTUAL_DISABLE_KITTY_KEY" in environ) is off
