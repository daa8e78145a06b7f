"""Folder names survive the way to the server and back, and no name of a stranger breaks anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.backend.imap.names import decode, encode

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
def test_every_name_comes_back_as_it_was_typed(name: str) -> None:
    assert decode(encode(name)) == name


@given(texts)
def test_the_wire_form_is_printable_ascii(name: str) -> None:
    assert all(0x20 <= octet <= 0x7E for octet in encode(name))


@given(st.binary())
def test_any_octets_have_a_readable_name(raw: bytes) -> None:
    assert isinstance(decode(raw), str)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"INBOX", "INBOX"),
        (b"Entw&APw-rfe", "Entwürfe"),
        (b"~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"),
        (b"R&-D", "R&D"),
        (b"&2D3eAA-", "😀"),
        (b"&", "&"),
        (b"a&b", "a&b"),
        (b"&AGE", "&AGE"),
        (b"&A-", "&A-"),
        (b"&2D0-", "&2D0-"),
        ("Entwürfe".encode(), "Entwürfe"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_names_are_read_as_well_as_they_can_be(raw: bytes, name: str) -> None:
    assert decode(raw) == name


@given(texts)
def test_another_client_reads_and_writes_the_same(name: str) -> None:
    oracle = pytest.importorskip("imapclient.imap_utf7")
    assert oracle.decode(encode(name)) == name
    assert decode(oracle.encode(name)) == name
