"""`tui-mail compose`, `tui-mail mailto:…`, `tui-mail contacts`: what the words become, and nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_mail.cli import arguments, contacts
from tui_mail.cli.compose import letter
from tui_mail.cli.wanted import Compose, Contacts
from tui_mail.config import places
from tui_mail.config.settings import Account, Server, Settings
from tui_mail.config.settings import Compose as Writing
from tui_mail.model.draft import Draft
from tui_mail.model.errors import BadInput, NotFound

HERE = Server("mail.example.org", 993)
ANN = Account("work", "ann@example.org", HERE, HERE, "Ann Example", signature="Ann", reply_to="office@example.org")


def written(*words: str, templates: Path | None = None) -> Draft:
    """The letter that these words open."""
    order = arguments.parse(list(words))
    assert isinstance(order, Compose)
    settings = Settings({"work": ANN}, compose=Writing(templates=templates))
    return letter(order, settings, places.find(Path("/nowhere/config.toml"), {}))


def test_an_address_a_desktop_hands_over_opens_a_letter() -> None:
    draft = written("mailto:bob%40example.net?subject=Lunch&body=At%20noon%3F&cc=carl@example.net")
    assert (draft.to, draft.cc, draft.subject) == ("bob@example.net", "carl@example.net", "Lunch")
    assert draft.body == "At noon?\n\n-- \nAnn" and draft.reply_to == "office@example.org"


@pytest.mark.parametrize("scheme", ["mailto:", "MAILTO:", "MailTo:"])
def test_what_an_address_must_not_do_it_does_not(scheme: str) -> None:
    draft = written(
        f"{scheme}bob@example.net?bcc=eve@evil.example&attach=/etc/passwd&attachment=/etc/passwd&from=x@y.example"
        "&subject=Hi%0D%0ABcc:%20eve@evil.example&body=%1b%5b2J%E2%80%AE&in-reply-to=%3Cq@x.example%3E&reply-to=z@evil.example"
    )
    assert (draft.bcc, draft.enclosures, draft.sender, draft.reply_to) == ("", (), "", "office@example.org")
    assert "\n" not in draft.subject and "\x1b" not in draft.body and "\u202e" not in draft.body
    assert draft.in_reply_to == "<q@x.example>"


def test_words_become_a_letter_and_a_template_is_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "bill.pdf"
    file.write_bytes(b"x")
    (tmp_path / "invoice.txt").write_text("Subject: Invoice for {{first_name}}\n\nDear {{first_name}},\n{{my_name}}")
    words = [
        "compose",
        "--template",
        "invoice",
        "Bob Jones <bob@example.net>",
        "--attach",
        str(file),
        "--cc",
        "c@x.org",
    ]
    draft = written(*words, templates=tmp_path)
    assert (draft.to, draft.cc, draft.subject) == ("Bob Jones <bob@example.net>", "c@x.org", "Invoice for Bob")
    assert draft.body == "Dear Bob,\nAnn Example\n\n-- \nAnn" and draft.enclosures[0].name == "bill.pdf"
    assert not draft.is_template
    with pytest.raises(BadInput, match=r"no template “nothing”; there are bill, invoice"):
        written("compose", "--template", "nothing", templates=tmp_path)
    with pytest.raises(BadInput, match="cannot be attached"):
        written("compose", "--attach", "/nowhere")


def test_people_go_in_and_out_as_cards(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = places.find(tmp_path / "config.toml", {})
    cards = tmp_path / "people.vcf"
    cards.write_text("BEGIN:VCARD\nFN:Bob\nEMAIL:bob@x.org\nCATEGORIES:Board\nEND:VCARD\n")
    assert contacts.run(Contacts(None, "import", cards, False), here) == 0
    assert contacts.run(Contacts(None, "list", None, False), here) == 0
    assert "bob@x.org\tBob\tBoard" in capsys.readouterr().out
    contacts.run(Contacts(None, "export", tmp_path / "out.vcf", False), here)
    assert b"EMAIL:bob@x.org\r\n" in (tmp_path / "out.vcf").read_bytes()
    with pytest.raises(BadInput, match="cannot be written"):
        contacts.run(Contacts(None, "export", tmp_path / "out.vcf", False), here)
    empty = tmp_path / "empty.vcf"
    empty.touch()
    with pytest.raises(NotFound):
        contacts.run(Contacts(None, "import", empty, False), here)
