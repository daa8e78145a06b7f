"""winmail.dat becomes a letter again, in a process that may fail without harm."""

from __future__ import annotations

import base64
import struct
import sys
from pathlib import Path

import pytest

from tests.extras import needs_tnef
from tests.ui.program import letter, program
from tui_mail.mime.parse import parse, part
from tui_mail.model.errors import BadInput
from tui_mail.ui.screens.enclosed import EnclosedScreen
from tui_mail.ui.unpacking import unpack


def packed(name: bytes, data: bytes) -> bytes:
    """One file as Outlook packs it."""

    def entry(id: int, kind: int, octets: bytes) -> bytes:
        return struct.pack("<BHHI", 2, id, kind, len(octets)) + octets + struct.pack("<H", sum(octets) & 0xFFFF)

    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + entry(0x9002, 6, b"\0" * 14)
        + entry(0x8010, 1, name + b"\0")
        + entry(0x800F, 6, data)
    )


@needs_tnef
async def test_what_was_packed_is_attached_again_under_its_name() -> None:
    raw = await unpack(packed(b"..\\plan\x1b[2J.txt", b"noon"))
    (file,) = parse(raw).attachments
    assert "\x1b" not in file.name and file.name.endswith(".txt") and part(raw, file.part) == b"noon"


@needs_tnef
@pytest.mark.parametrize(
    "octets", [b"", b"no", packed(b"a", b"x" * 50)[:40], struct.pack("<IH", 0x223E9F78, 1) + b"\xff" * 99]
)
async def test_what_is_damaged_is_a_sentence(octets: bytes) -> None:
    try:
        assert parse(await unpack(octets)) is not None
    except BadInput as error:
        assert "damaged" in str(error)


@needs_tnef
async def test_a_winmail_dat_opens_as_a_letter(tmp_path: Path) -> None:

    coded = base64.encodebytes(packed(b"plan.txt", b"noon")).decode().split("\n")
    raw = letter(
        1,
        "From Outlook",
        *("--b", "", "see it", "--b", 'Content-Type: application/ms-tnef; name="winmail.dat"'),
        *("Content-Transfer-Encoding: base64", "", *coded, "--b--"),
        extra=("MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"),
    )
    async with program(tmp_path, raw) as here:
        await here.open()
        await here.press("F", "a", "enter")
        await here.until(lambda: isinstance(here.app.screen, EnclosedScreen), 20)
        await here.shows("plan.txt")
    assert "tnefparse" not in sys.modules
