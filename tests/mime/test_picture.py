"""Pictures become rows of colours; what is none is a sentence; the text of a letter is the same with and without."""

from __future__ import annotations

import struct
import zlib

import pytest

from tests.extras import needs_pillow
from tui_mail.demo.files import png
from tui_mail.mime import html
from tui_mail.mime.picture import decode
from tui_mail.model.errors import BadInput, Cancelled
from tui_mail.model.picture import TALLEST, Canvas, Picture


@needs_pillow
def test_a_picture_is_decoded_small_and_keeps_its_shape() -> None:
    found = decode(png("a", 640, 400))
    assert (found.width, found.height, found.natural) == (200, 125, 640)
    assert len(found.pixels) == 200 * 125 * 3


@needs_pillow
def test_a_picture_that_nobody_waits_for_ends_between_two_of_its_lines() -> None:
    breaths = 0

    def breathe() -> None:
        nonlocal breaths
        breaths += 1
        if breaths == 5:
            raise Cancelled("nobody looks")

    with pytest.raises(Cancelled):
        decode(png("a", 640, 400), Canvas("sixel", 80, (9, 18)), breathe)
    assert breaths == 5


def bomb(side: int) -> bytes:
    """A PNG that says to be huge."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


NO_PICTURES = (b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, b"<svg/>", bomb(60_000), bomb(9_000))


@needs_pillow
@pytest.mark.parametrize("octets", NO_PICTURES)
def test_what_is_no_picture_or_a_bomb_is_a_sentence(octets: bytes) -> None:
    with pytest.raises(BadInput):
        decode(octets)


def test_rows_fit_the_room_and_no_picture_is_taller_than_a_screen() -> None:
    wide = Picture(4, 2, bytes(range(24)), natural=640)
    assert [[len(row) for row in wide.rows(columns)] for columns in (4, 2)] == [[4], [2]]
    assert wide.rows(4)[0][0] == ((0, 1, 2), (12, 13, 14))
    tall = Picture(10, 2000, b"\1" * 60_000, natural=800)
    assert len(tall.rows(100)) == TALLEST
    assert len(Picture(16, 16, b"\1" * 768, natural=16).rows(100)[0]) == 2


def test_pictures_stand_where_they_stood_and_only_those_that_may_be_loaded() -> None:
    source = (
        '<p>a</p><a href="https://a.example/"><img src="https://p.example/1.png" alt="One"></a><p>b</p>'
        '<img src="http://p.example/2.png" alt="Two"><img src="cid:x@y"><img src="file:///etc/passwd" alt="Three">'
        '<img src="https://p.example/t.gif" width=1 height=1>'
    )
    document = html.document(source, pictures=True)
    assert document.pictures == ("https://p.example/1.png", "cid:x@y")
    drawn = [(block.level, block.text, block.runs[0].link) for block in document.blocks if block.kind == "picture"]
    assert drawn == [(1, "[One]", 1), (2, "[image]", 0)]
    plain = html.document(source)
    assert plain.pictures == () and all(block.kind != "picture" for block in plain.blocks)
