"""Pictures that the terminal draws: what it is asked, what it is sent, and that only our own octets are."""

from __future__ import annotations

import base64
import io
import itertools
import re
from dataclasses import replace

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tests.extras import needs_pillow
from tui_mail.config.settings import Pictures
from tui_mail.demo.files import png
from tui_mail.mime.clean import clean
from tui_mail.mime.picture import decode
from tui_mail.model.picture import SPOT, Canvas, Drawing, Picture
from tui_mail.ui.terminal import kitty
from tui_mail.ui.terminal.answers import Answered, Answers, may_ask
from tui_mail.ui.terminal.display import Shadow
from tui_mail.ui.terminal.easel import Easel

KITTY = Answered("kitty(0.32.2)", knows_kitty=True, cell=(9, 18))
ANSWER = "\x1bP>|kitty(0.32.2)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?62;4c"


def canvas(name: str = "", *, kitty: bool = False, sixel: bool = False, choice: Pictures = "auto") -> str:
    easel = Easel(choice)
    easel.heard(Answered(name, kitty, sixel, (9, 18)))
    found = easel.canvas(80)
    return found.form if found else "blocks"


def test_answers_are_heard_however_they_are_cut_and_typed_keys_pass() -> None:
    for cut in itertools.combinations(range(1, len(ANSWER)), 2):
        answers = Answers(clock=lambda: 0.0)
        answers.asked()
        pieces = [ANSWER[: cut[0]], ANSWER[cut[0] : cut[1]], ANSWER[cut[1] :] + "j\x1b[A"]
        assert "".join(map(answers.feed, pieces)) == "j\x1b[A"
        assert answers.is_ready
        assert answers.found == replace(KITTY, knows_sixel=True)


@pytest.mark.parametrize("key", ["\x1b", "\x1b[", "\x1b_", "\x1bP", "\x1b[6", "\x1b[6;5"])
def test_what_only_looks_like_an_answer_is_a_key_again(key: str) -> None:
    answers = Answers(clock=lambda: 0.0)
    assert answers.feed("\x1b[6~\x1b[6;5~a" + key) == "\x1b[6~\x1b[6;5~a" + key
    answers.asked()
    assert answers.feed("a" + key) == "a"
    assert answers.is_holding
    assert answers.give_up() == key


def test_half_an_answer_is_never_typed() -> None:
    answers = Answers()
    assert answers.feed("q\x1b_Gi=31;O") == "q"
    assert answers.give_up() == ""


@pytest.mark.parametrize(
    "environ",
    [{"TERM": "linux"}, {"TERM": "xterm", "TMUX": "x"}, {"TERM": "screen-256color"}, {"TERM": "xterm", "STY": "1"}, {}],
)
def test_terminals_that_would_show_the_questions_are_not_asked(environ: dict[str, str]) -> None:
    assert not may_ask(environ)
    assert may_ask({"TERM": "xterm-256color"})


def test_the_best_that_is_known_is_chosen_and_the_person_has_the_last_word() -> None:
    assert canvas("kitty(0.32.2)", kitty=True, sixel=True) == "kitty"
    assert canvas("ghostty 1.2", kitty=True) == "kitty"
    assert canvas("kitty(0.26.5)", kitty=True) == "blocks"  # it knows pictures, but not in cells of text
    assert canvas("WezTerm 20240203", kitty=True, sixel=True) == "sixel"
    assert canvas("XTerm(379)", sixel=True) == "sixel"
    assert canvas("XTerm(379)") == "blocks"
    assert canvas("kitty(0.32.2)", kitty=True, choice="blocks") == "blocks"
    assert canvas(choice="kitty") == "kitty"
    easel = Easel("sixel")
    assert easel.canvas(80) is None  # nobody knows how large a cell is


def commands(text: str) -> list[tuple[dict[str, str], str]]:
    """The commands of kitty's protocol in it: their keys and their data."""
    found = re.findall(r"\x1b_G([^;\x1b]*);([^\x1b]*)\x1b\\", text)
    return [(dict(pair.split("=", 1) for pair in keys.split(",")), data) for keys, data in found]


@needs_pillow
def test_what_is_sent_is_the_picture_in_small_pieces_encoded_anew() -> None:
    from PIL import Image

    received = png("boat", 320, 200)
    drawing = decode(received, Canvas("kitty", 80, (9, 18))).drawing
    assert drawing is not None
    text = kitty.sent(7, drawing.png, drawing.columns, drawing.lines)
    pieces = commands(text)
    assert re.sub(r"\x1b_G[^\x1b]*\x1b\\", "", text) == ""
    assert all(len(data) <= 4096 and len(data) % 4 == 0 for _, data in pieces[:-1])
    assert [keys["m"] for keys, _ in pieces] == ["1"] * (len(pieces) - 1) + ["0"]
    head = pieces[0][0]
    assert (head["a"], head["U"], head["i"], head["f"], head["c"], head["r"]) == ("T", "1", "7", "100", "40", "12")
    octets = base64.b64decode("".join(data for _, data in pieces))
    shown = Image.open(io.BytesIO(octets))
    assert shown.convert("RGB").tobytes() == Image.open(io.BytesIO(received)).convert("RGB").tobytes()
    assert not shown.info


@needs_pillow
def test_nothing_that_a_picture_carries_beside_its_colours_is_sent() -> None:
    from PIL import Image, PngImagePlugin

    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "\x1b]0;owned\x07")
    written = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(written, "PNG", pnginfo=notes, icc_profile=b"\x1b]0;owned\x07")
    for form in ("kitty", "sixel"):
        drawing = decode(written.getvalue(), Canvas(form, 80, (9, 18))).drawing
        assert drawing is not None
        assert b"owned" not in drawing.png and not any("owned" in strip for strip in drawing.strips)


def test_every_cell_names_its_row_and_its_column() -> None:
    text = kitty.cells(2, 3, 4)
    assert text == "".join(f"\U0010eeee\u030e{mark}" for mark in "\u0310\u0312\u033d\u033e")
    assert Segment(text).cell_length == 4
    assert len(set(kitty.cells(0, 0, kitty.MOST))) == kitty.MOST + 1


def test_no_letter_can_name_a_piece_of_a_picture() -> None:
    assert clean("a\U0010eeee\u0305\u0305b") == "a\ufffd\u0305\u0305b"


def hung(easel: Easel, form: str = "kitty") -> Picture:
    """A picture of three columns and two lines."""
    drawing = Drawing(
        Canvas(form, 80, (9, 18)),  # type: ignore[arg-type]  # one of the two
        3,
        2,
        png=b"png" if form == "kitty" else b"",
        strips=() if form == "kitty" else ("\x1bPone\x1b\\", "\x1bPtwo\x1b\\"),
    )
    return easel.hang({"a": Picture(1, 1, b"\0\0\0", 24, drawing)})["a"]


def strip(picture: Picture, line: int) -> Strip:
    number = picture.drawing.number if picture.drawing else 0
    cells = [Segment("▀", Style(meta={SPOT: (number, line, column)})) for column in range(3)]
    return Strip([Segment("| "), *cells, Segment(" end")])


def test_a_picture_is_sent_when_it_is_seen_and_taken_away_when_nobody_holds_it() -> None:
    easel = Easel()
    easel.heard(KITTY)
    shadow = Shadow(easel=easel)
    size = Size(20, 10)
    picture = hung(easel)
    number = picture.drawing.number if picture.drawing else 0
    first = shadow.changes([(0, 0, strip(picture, 0)), (1, 0, strip(picture, 1))], size, ColorSystem.TRUECOLOR)
    assert [(keys["a"], keys["i"]) for keys, _ in commands(first)] == [("T", str(number))]
    assert first.index("\x1b_G") < first.index("\U0010eeee")
    assert kitty.cells(0, 0, 1) in first and kitty.cells(1, 2, 1) in first and "▀" not in first
    assert f"\x1b[{kitty.colour_codes(number)}m" in first
    scrolled = shadow.changes([(0, 0, strip(picture, 1))], size, ColorSystem.TRUECOLOR)
    assert not commands(scrolled)
    covered = shadow.changes([(0, 2, strip(picture, 1).crop(3, 5))], size, ColorSystem.TRUECOLOR)
    assert kitty.cells(1, 1, 1) in covered
    shadow.forget()
    assert commands(shadow.changes([(0, 0, strip(picture, 0))], size, ColorSystem.TRUECOLOR))
    del picture
    gone = shadow.changes([(0, 0, Strip([Segment("words")]))], size, ColorSystem.TRUECOLOR)
    assert [(keys["a"], keys["d"], keys["i"]) for keys, _ in commands(gone)] == [("d", "I", str(number))]
    assert easel.taken_down() == ""


def test_sixels_lie_over_whole_lines_and_never_over_the_last_of_the_screen() -> None:
    easel = Easel()
    easel.heard(Answered("XTerm(379)", knows_sixel=True, cell=(9, 18)))
    shadow = Shadow(easel=easel)
    picture = hung(easel, "sixel")
    size = Size(20, 3)
    whole = shadow.changes([(0, 4, strip(picture, 0)), (1, 4, strip(picture, 1))], size, ColorSystem.TRUECOLOR)
    assert "\x1b[1;7H\x1bPone\x1b\\" in whole and "\x1b[2;7H\x1bPtwo\x1b\\" in whole
    assert "▀▀▀" in whole  # under it, where a terminal promised more than it does
    assert "\x1bP" not in shadow.changes([(0, 4, strip(picture, 0))], size, ColorSystem.TRUECOLOR)
    assert "\x1bP" not in shadow.changes([(0, 4, strip(picture, 0).crop(3))], size, ColorSystem.TRUECOLOR)
    assert "\x1bP" not in shadow.changes([(2, 4, strip(picture, 0))], size, ColorSystem.TRUECOLOR)
    easel.heard(Answered("XTerm(379)", knows_sixel=True, cell=(12, 24)))
    shadow.forget()
    assert "\x1bP" not in shadow.changes([(0, 4, strip(picture, 0))], size, ColorSystem.TRUECOLOR)
