"""One-line fields of a letter: pasted lines stay, controls do not."""

from __future__ import annotations

import re

from textual import events
from textual.widgets import Input

from tui_mail.mime.clean import clean
from tui_mail.model.address import overlooked, parse_one, split_list
from tui_mail.model.errors import BadAddress

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Pasted text with controls shown as marks; blanks, tabs, line ends and everything that can be read stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(lambda match: clean(match[0]), text)


class LineInput(Input):
    """A line of text. Pasted lines are joined rather than dropped."""

    def __init__(
        self, value: str = "", *, placeholder: str = "", id: str | None = None, proposed: bool = False
    ) -> None:
        """`proposed`: the program fills it in; coming to it chooses the whole, so that typing replaces it."""
        super().__init__(value, placeholder=placeholder, id=id, compact=True, select_on_focus=proposed)

    def as_pasted(self, text: str) -> str:
        """What a pasted text becomes here."""
        return " ".join(line.strip() for line in text.splitlines() if line.strip())

    def _on_paste(self, event: events.Paste) -> None:
        text = harmless(self.as_pasted(event.text)).replace("\t", " ")
        event.stop()
        event.prevent_default()
        if text and self.selection.is_empty:
            self.insert_text_at_cursor(text)
        elif text:
            self.replace(text, *self.selection)


def address_trouble(text: str) -> str:
    """A sentence about the first of these addresses that mail cannot go to, or empty."""
    if not text.strip():
        return ""
    from tui_mail.mime.address_check import check  # imported when a field is left: 35 ms that starting must not pay

    for piece in split_list(text):
        address = parse_one(piece)
        if other := overlooked(piece):
            return f"A comma is missing before or behind {other}."
        if not address.email:
            return f"“{address.name}” is no address." if address.name else "There is no address in this."
        try:
            check(address.email)
        except BadAddress as error:
            return str(error)
    return ""
