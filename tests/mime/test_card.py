"""Visiting cards of all ages are read, and nothing in them is fetched."""

from __future__ import annotations

from tui_mail.mime.card import cards
from tui_mail.model.insight import Card


def test_a_card_of_today() -> None:
    octets = (
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann Ex\r\n ample\r\nORG:Mill\\, Lane;Garden\r\n"
        b'EMAIL;TYPE=work:ann@example.org\r\nTEL;VALUE=uri;TYPE="cell":tel:+1-555-0142\r\n'
        b"ADR:;;1 Lane;Town;;123;\r\nPHOTO;MEDIATYPE=image/png:https://evil.example/x.png\r\nEND:VCARD\r\n"
    )
    assert cards(octets) == (
        Card(
            "Ann Example",
            (
                ("Works at", "Mill, Lane, Garden"),
                ("E-mail (work)", "ann@example.org"),
                ("Phone (cell)", "+1-555-0142"),
                ("Address", "1 Lane, Town, 123"),
            ),
        ),
    )


def test_a_card_of_yore_in_quoted_printable() -> None:
    octets = (
        b"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BC=\nrgen\n"
        b"TEL;CELL:123\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD"
    )
    assert cards(octets)[0] == Card("Jürgen Müller", (("Phone (cell)", "123"),))


def test_a_line_end_in_a_value_is_no_line() -> None:
    (card,) = cards(b"BEGIN:VCARD\nFN:A\\nB\x1b[2J\nNOTE:one\\ntwo\nEND:VCARD")
    assert card == Card("A B␛[2J", (("Note", "one two"),))


def test_what_is_no_card_is_none() -> None:
    assert cards(b"") == cards(b"BEGIN:VCARD\n" * 5000) == ()
