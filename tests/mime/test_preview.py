"""An attachment can be looked at without leaving the program and without anything being unpacked or run."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tui_mail.mime.preview import is_image, preview
from tui_mail.model.document import Document
from tui_mail.model.message import Attachment


def shown(octets: bytes, name: str, kind: str = "application/octet-stream", damage: str = "") -> Document:
    return preview(Attachment("2", name, kind, len(octets), damage=damage), octets)


def rows(document: Document) -> list[list[str]]:
    table = next(block for block in document.blocks if block.kind == "table")
    return [["".join(run.text for run in cell.runs) for cell in row] for row in table.rows]


def test_text_is_text_and_controls_are_marks() -> None:
    assert "red ␛[31m" in shown(b"red \x1b[31m\n", "a.txt").text


@pytest.mark.parametrize("part", [",", ";", "\t"])
def test_a_table_is_a_table_whatever_parts_its_columns(part: str) -> None:
    octets = f'name{part}sum\nAnn{part}1.50\n"B{part}b"{part}2\n'.encode()
    assert rows(shown(octets, "a.csv")) == [["name", "sum"], ["Ann", "1.50"], [f"B{part}b".replace("\t", " "), "2"]]


def test_json_is_laid_out() -> None:
    assert shown(b'{"a":[1,2]}', "a.json").text.split("\n")[1] == '  "a": ['
    assert "no proper JSON" in shown(b"[" * 50_000, "a.json").text


@pytest.mark.parametrize(("octets", "name"), [(b"," * 2_000_000, "a.csv"), (b"[" + b"1," * 400_000 + b"1]", "a.json")])
def test_what_is_endlessly_wide_or_long_takes_no_time(octets: bytes, name: str) -> None:
    began = time.process_time()
    assert len(shown(octets, name).blocks) < 25_000
    assert time.process_time() - began < 3


def test_an_archive_is_listed_and_not_unpacked() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/\x1b[2Jx", b"0" * 50_000_000)
    document = shown(held.getvalue(), "a.zip", "application/zip")
    assert rows(document)[1][:2] == ["../../etc/␛[2Jx", "50,000,000"]
    assert "damaged" in shown(b"PK\x03\x04 no", "a.zip").text


def test_what_cannot_be_shown_is_shown_as_octets() -> None:
    assert "0000  00 01 ff" in shown(b"\x00\x01\xff", "a.bin").text


def test_damage_is_said_first() -> None:
    assert shown(b"x", "a.txt", damage="It is damaged.").text.startswith("! It is damaged.")


def test_images_are_known_by_type_or_name() -> None:
    assert is_image(Attachment("1", "a", "image/png", 1)) and is_image(Attachment("1", "A.JPG", "x/y", 1))
    assert not is_image(Attachment("1", "a.svg", "image/svg+xml", 1))


@given(some.binary(max_size=300), some.sampled_from(["a.zip", "a.csv", "a.json", "a.html", "a.txt", "a", "a.docx"]))
def test_no_octets_are_a_fault(octets: bytes, name: str) -> None:
    text = shown(octets, name).text
    assert not any(char in text for char in "\x1b\x9b\x07\u202e")
