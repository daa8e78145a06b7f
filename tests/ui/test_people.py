"""The address book in the program, templates, and the letter that the program was called for."""

from __future__ import annotations

from pathlib import Path

from tests.ui.program import letter, program
from tui_mail.model import template
from tui_mail.model.contact import Contact
from tui_mail.model.draft import Draft, DraftId
from tui_mail.ui.screens.composing import Composing
from tui_mail.ui.screens.contacts import ContactDialog, ContactsScreen


async def test_somebody_is_written_down_found_edited_written_to_and_taken_out(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), size=(100, 30)) as here:
        await here.press("g", "p")
        await here.until(lambda: isinstance(here.app.screen, ContactsScreen))
        await here.shows("Nobody is known here yet")
        await here.press("ctrl+n")
        await here.until(lambda: isinstance(here.app.screen, ContactDialog))
        await here.press(*"Bob", "tab", *"bob@@x", "enter")
        await here.shows("is not an address")
        await here.press("backspace", "backspace", *"x.org", "ctrl+s")
        await here.until(lambda: "Bob bob@x.org" in " ".join(here.text.split()))
        await here.press("f4", "tab", "tab", *"Board, Old", "ctrl+s")
        await here.shows("[Board]")
        assert list(here.mail.contacts.all()) == [Contact("bob@x.org", "Bob", groups=("Board", "Old"), edited=True)]
        await here.press(*"old", "enter")
        await here.until(lambda: here.pane is not None)
        assert here.pane is not None and here.pane.draft.to == "Bob <bob@x.org>"
        await here.press("escape", "g", "p")
        await here.until(lambda: isinstance(here.app.screen, ContactsScreen))
        await here.press("f8")
        await here.until(lambda: not here.mail.contacts.all())


async def test_a_template_is_filled_in_once_somebody_stands_in_to(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        begun = template.read("x.txt", "Subject: For {{first_name}}\n\nDear {{first_name}}, {{my_name}} {{7*7}}")
        screen = here.app.screen
        assert isinstance(screen, Composing)
        screen.compose_letter(template.begin(begun, screen.blank()))
        await here.until(lambda: here.pane is not None and here.pane.has_focus_within)
        assert here.pane is not None
        await here.press(*"Bob", "space", *"<bob@x.org>", "tab")
        await here.until(lambda: here.pane is not None and here.pane.body.text == "Dear Bob, Ann Example {{7*7}}")
        assert (here.pane.draft.subject, here.pane.draft.is_template) == ("For Bob", False)


async def test_the_program_that_is_called_for_a_letter_shows_it(tmp_path: Path) -> None:
    wanted = Draft(DraftId("d1"), "work", to="bob@x.org", subject="Lunch")
    async with program(tmp_path, opens=wanted) as here:
        await here.until(lambda: here.pane is not None)
        assert here.pane is not None and here.pane.draft == wanted
        await here.press("escape")
        assert here.pane is None and here.mail.drafts() == ()
