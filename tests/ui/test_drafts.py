"""A letter beyond this moment: older texts, the server's copy, what another program made of it."""

from __future__ import annotations

from pathlib import Path

from tests.ui.program import Program, program
from tui_mail.mime.parse import parse
from tui_mail.model.folder import Role
from tui_mail.ui.screens.versions import VersionsScreen

THEIRS = (
    b"From: Ann <ann@example.org>\r\nTo: bob@example.org\r\nSubject: Plan\r\nMessage-ID: <t@example.org>\r\n\r\n"
    b"What they wrote\r\n"
)


def there(here: Program) -> list[str]:
    """Texts in the server's Drafts folder."""
    return [parse(kept.raw).text for kept in here.mailbox.messages("Drafts")]


async def test_an_older_text_is_looked_at_and_taken_back(tmp_path: Path) -> None:
    async with program(tmp_path, size=(100, 30)) as here:
        pane = await here.write()
        for text in ("word " * 100, "Gone."):
            pane.body.put(text)
            await here.until(lambda text=text: pane.draft.body == text)  # type: ignore[misc]  # bound
            await here.until(lambda: here.mail.settled(0.01))
        pane.body.focus()
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, VersionsScreen))
        await here.shows("100 words")
        await here.press("enter")
        await here.until(lambda: pane.body.text.startswith("word"))
        await here.until(lambda: here.mail.settled(0.01))
        assert here.mail.drafts()[0].body.startswith("word")
        assert "Gone." in [one.body for one in here.mail.drafting.versions(pane.draft.id)]


async def test_a_letter_that_is_kept_stands_in_drafts_and_is_opened_from_there(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        pane = await here.write()
        await here.press(*"bob@example.org", "tab", "tab", "tab", *"Plan", "tab", *"Soon", "escape")
        await here.until(lambda: there(here) == ["Soon"])
        await here.until(lambda: bool(len(here.listing(Role.DRAFTS))))
        here.app.screen.resume(next(iter(here.listing(Role.DRAFTS))))  # type: ignore[attr-defined]  # the main screen
        await here.until(lambda: here.pane is not None)
        assert here.pane is not None and here.pane.draft.id == pane.draft.id


async def test_what_another_program_wrote_meanwhile_is_a_choice(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        pane = await here.write()
        await here.press(*"bob@example.org", "tab", "tab", "tab", *"Plan", "tab", *"Mine")
        pane.paused()
        await here.until(lambda: there(here) == ["Mine"])
        await here.until(lambda: here.mail.settled(0.01))
        here.mailbox.remove("Drafts", here.mailbox.messages("Drafts")[0].uid)
        here.mailbox.add("Drafts", THEIRS)
        await here.press(*"!")
        await here.until(lambda: here.mail.settled(0.01))
        pane.paused()
        await here.shows("Another program changed this letter")
        assert "What they wrote" in here.text
        await here.press("t")
        await here.until(lambda: pane.body.text == "What they wrote")
        assert pane.draft.subject == "Plan" and there(here) == ["What they wrote"]


async def test_a_letter_that_somebody_sent_is_read_also_where_it_was_filed_among_the_drafts(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        here.mailbox.add("Drafts", THEIRS.replace(b"From: Ann <ann", b"From: Bob <bob"))
        here.mail.refresh()
        await here.until(lambda: bool(len(here.listing(Role.DRAFTS))))
        (id,) = here.listing(Role.DRAFTS)
        assert not here.app.screen.is_draft(id)  # type: ignore[attr-defined]  # the main screen
