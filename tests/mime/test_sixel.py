"""Sixels say the picture that they were made of, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extras import needs_pillow
from tui_mail.demo.files import png
from tui_mail.mime import sixel
from tui_mail.mime.picture import decode
from tui_mail.model.picture import TALLEST, Canvas

GREYS = [(level * 255 // 100,) * 3 for level in range(0, 101, 10)]


def read(text: str) -> tuple[int, int, dict[int, tuple[int, int, int]], bytes]:
    """Width, height, the palette in percent, and the pixels; a small reader by the VT340's manual."""
    match = re.fullmatch(r'\x1bP0;1;0q"1;1;(\d+);(\d+)((?:#\d+;2;\d+;\d+;\d+)*)([#-~!$\d-]*)\x1b\\', text)
    assert match, text[:80]
    width, height = int(match[1]), int(match[2])
    palette = {
        int(place): (int(red), int(green), int(blue))
        for place, red, green, blue in re.findall(r"#(\d+);2;(\d+);(\d+);(\d+)", match[3])
    }
    pixels = [[-1] * width for _ in range(height)]
    for band, drawn in enumerate(match[4].split("-")):
        for layer in drawn.split("$"):
            begun = re.match(r"#(\d+)", layer)
            assert begun, layer
            column = 0
            for times, letter in re.findall(r"(?:!(\d+))?([?-~])", layer[begun.end() :]):
                for _ in range(int(times or 1)):
                    for bit in range(6):
                        if (ord(letter) - 63) >> bit & 1:
                            pixels[6 * band + bit][column] = int(begun[1])
                    column += 1
    return width, height, palette, bytes(one for row in pixels for one in row)


@st.composite
def flat_pictures(draw: st.DrawFn) -> tuple[int, int, bytes]:
    width, height = draw(st.integers(1, 40)), draw(st.integers(1, 20))
    runs = draw(st.lists(st.tuples(st.integers(0, len(GREYS) - 1), st.integers(1, 60)), min_size=1))
    pixels = b"".join(bytes((place,)) * times for place, times in runs) * (width * height)
    return width, height, pixels[: width * height]


@given(flat_pictures())
def test_what_is_read_back_is_what_was_written(picture: tuple[int, int, bytes]) -> None:
    width, height, pixels = picture
    found = read(sixel.encode(width, height, GREYS, pixels))
    assert found[:2] == (width, height)
    assert found[3] == pixels
    assert found[2] == {place: (place * 10,) * 3 for place in set(pixels)}


@needs_pillow
def test_a_picture_becomes_one_strip_a_line_each_as_high_as_a_cell() -> None:
    drawing = decode(png("a", 320, 200), Canvas("sixel", 30, (9, 19))).drawing
    assert drawing is not None
    assert (drawing.columns, drawing.lines) == (30, 9)
    assert {read(strip)[:2] for strip in drawing.strips} == {(270, 19)}
    assert len(drawing.strips) == drawing.lines


@needs_pillow
@pytest.mark.parametrize(("width", "height"), [(1, 1), (3000, 4), (4, 3000), (640, 480)])
def test_every_shape_has_a_box_that_fits_the_letter(width: int, height: int) -> None:
    for form in ("kitty", "sixel"):
        drawing = decode(png("a", width, height), Canvas(form, 60, (8, 16))).drawing
        assert drawing is not None
        assert 1 <= drawing.columns <= 60 and 1 <= drawing.lines <= TALLEST
