"""Address books of other programs, in and out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.mime.vcard import read, write
from tui_mail.model.contact import Contact

HOSTILE = Path(__file__).parents[3] / "shared" / "hostile" / "a-vcard.eml"


def test_a_card_of_each_version_is_read() -> None:
    four = b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann Example\r\nEMAIL;TYPE=work:ann@x.org\r\nEMAIL:mailto:a@y.org\r\n" \
        b"NICKNAME:annie\r\nCATEGORIES:Board,Old\\, friends\r\nNOTE:one\\ntwo\r\nEND:VCARD\r\n"  # fmt: skip
    ann = Contact("ann@x.org", "Ann Example", "annie", ("Board", "Old, friends"), "one two", edited=True)
    assert read(four) == [
        ann,
        Contact("a@y.org", "Ann Example", "annie", ("Board", "Old, friends"), "one two", edited=True),
    ]
    three = b"BEGIN:VCARD\nVERSION:3.0\nN:Jones;Bob;;;\nitem1.EMAIL;TYPE=INTERNET;TYPE=pref:bob@x\n .org\nEND:VCARD\n"
    assert read(three) == [Contact("bob@x.org", "Bob Jones", edited=True)]
    two = b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen =\nM\n"
    two += b"EMAIL:j@x.org\nEND:VCARD"
    assert read(two) == [Contact("j@x.org", "Jürgen M", edited=True)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"END:VCARD",
        b"BEGIN:VCARD",
        b"\xff\xfe\x00",
        b"BEGIN:VCARD\nEMAIL:no address\nEND:VCARD",
        b":" * 9999,
        b"BEGIN:VCARD\nN:a\\\nNICKNAME:\\\nCATEGORIES:\\\nEMAIL:none\\\nEND:VCARD",
    ],
)
def test_what_is_no_card_is_nobody(data: bytes) -> None:
    assert read(data) == []


def test_a_value_cannot_write_to_the_terminal_and_fetches_nothing() -> None:
    card = b"BEGIN:VCARD\nFN:A\\nB\x1b[2J\xe2\x80\xae\nPHOTO;VALUE=uri:http://127.0.0.1:9/x\nEMAIL:a@x.org\nEND:VCARD"
    assert read(card)[0].name == "A B␛[2J\ufffd"


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z", "M")), max_size=40)


@given(name=words, nick=words, groups=st.lists(words.filter(bool), max_size=3, unique=True), note=words)
def test_what_is_exported_is_what_is_imported(name: str, nick: str, groups: list[str], note: str) -> None:
    one = read(write([Contact("a@x.org", name, nick, tuple(groups), note)]))
    again = read(write(one))
    assert again == one and one[0].email == "a@x.org"
    assert all(len(row) <= 75 for row in write(one).split(b"\r\n"))
    assert (one[0].name, one[0].nick, one[0].note) == (name if name != "a@x.org" else "", nick, note)
    assert one[0].groups == tuple(groups)


def test_backslashes_before_commas_part_groups_where_they_were_parted() -> None:
    (one,) = read(write([Contact("a@x.org", "A\\n", "b,\\", ("\\", "0", "c\\,d"), "e\\nf")]))
    assert (one.name, one.nick, one.groups, one.note) == ("A\\n", "b,\\", ("\\", "0", "c\\,d"), "e\\nf")
