"""Letters that begin from a template."""

from __future__ import annotations

import pytest

from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.template import begin, fields_in, fill, read

ANN = Address("Ann Example", "ann@example.org")
EMPTY = Draft(DraftId("d"), "work", body="\n\n-- \nAnn")


def test_header_lines_and_text_come_in_and_the_signature_stays() -> None:
    template = read(
        "invoice.txt", "Subject: Invoice {{date}}\nCc: office@example.org\n\nDear {{first_name}},\n\nhere.\n"
    )
    draft = begin(template, EMPTY)
    assert (template.name, draft.subject, draft.cc) == ("invoice", "Invoice {{date}}", "office@example.org")
    assert draft.body == "Dear {{first_name}},\n\nhere.\n\n-- \nAnn"
    assert fields_in(draft) == ("date", "first_name")


def test_a_text_without_header_lines_is_all_text() -> None:
    assert read("x.txt", "Dear all,\n\nNote: this").body == "Dear all,\n\nNote: this"
    assert read("x.md", "# Hi").markdown and read("x", "Format: markdown\n\nHi").markdown


@pytest.mark.parametrize(
    ("to", "wanted"),
    [
        ("Bob van Dyke <bob@x.org>", "Bob|Dyke|Bob van Dyke|bob@x.org"),
        ('"Dyke, Bob" <bob@x.org>', "Bob|Dyke|Dyke, Bob|bob@x.org"),
        ("bob@x.org", "{{first_name}}|{{last_name}}|bob|bob@x.org"),
        ("", "{{first_name}}|{{last_name}}|{{name}}|{{email}}"),
    ],
)
def test_fields_are_filled_from_the_first_recipient(to: str, wanted: str) -> None:
    draft = Draft(DraftId("d"), "work", to=to, is_template=True, body="{{first_name}}|{{last_name}}|{{name}}|{{email}}")
    assert fill(draft, ANN, "today").body == wanted


def test_filling_in_is_plain_substitution() -> None:
    evil = '"{{my_email}} {0.__class__} %s" <bob@x.org>'
    text = "{{name}} {{7*7}} {{unknown}} %s {0} {{my_name}}, {{date}}"
    filled = fill(Draft(DraftId("d"), "work", to=evil, is_template=True, body=text), ANN, "3 June")
    assert filled.body == "{{my_email}} {0.__class__} %s {{7*7}} {{unknown}} %s {0} Ann Example, 3 June"
