"""Every letter on its way is seen, and what can be done about it is one key away."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from tests.ui.world import NOON, World, world
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.model.draft import Draft, DraftId, Waiting
from tui_mail.model.standing import standing
from tui_mail.ui.screens.dialogs import Question
from tui_mail.ui.screens.dialogue import DialogueScreen
from tui_mail.ui.screens.outbox import OutboxScreen
from tui_mail.ui.screens.when_dialog import WhenDialog
from tui_mail.ui.widgets.document_view import DocumentView

REFUSED = (("eve@example.org", "550 no such user"),)


def letter(state: str, **more: object) -> Waiting:
    fields: dict[str, object] = {"due": NOON, "state": state, **more}
    return Waiting(1, DraftId("d"), "work", "Hi", ("bob@example.org",), **fields)  # type: ignore[arg-type]  # as named


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (letter("waiting", due=NOON + 7.2), "goes out in 8 s"),
        (letter("waiting", due=NOON + 86400), "goes out tomorrow 12:00"),
        (letter("waiting"), "about to go"),
        (letter("waiting", due=NOON + 30, tries=2, why="Busy."), "tried again in 30 s: Busy."),
        (letter("sent", reply="250 2.0.0 ok"), "taken: 250 2.0.0 ok; its copy is still to be filed"),
        (letter("refused", why="No."), "refused: No."),
        (letter("unknown", why="Lost."), "may have gone out: Lost. Only you send it again (r)."),
        (letter("bounced", why="eve was not reached"), "came back: eve was not reached"),
        (
            letter("done", sent_at=NOON - 60, reply="250 ok", refused=REFUSED),
            "filed in Sent, today 11:59  ·  250 ok  ·  not to eve@example.org",
        ),
    ],
)
def test_where_a_letter_stands_is_a_line(one: Waiting, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    assert standing(one, NOON) == words


def test_offline_it_says_that_it_waits_for_a_connection() -> None:
    one = letter("waiting", due=NOON + 30, tries=1, why="Nothing listens.")
    assert standing(one, NOON, online=False).startswith("waits for a connection, tried again in 30 s")


def draft(name: str = "d1", to: str = "bob@example.org") -> Draft:
    return Draft(DraftId(name), "work", to=to, subject=f"Letter {name}", body="Text.")


async def outbox(here: World) -> OptionList:
    await here.press("g", "o")
    assert isinstance(here.app.screen, OutboxScreen)
    return here.app.screen.query_one(OptionList)


async def test_a_letter_is_sent_now_and_its_dialogue_read(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mail.send(draft(), after=500).result(20)
        lines = await outbox(here)
        await here.press("r")
        await here.until(lambda: bool(here.mail.sent_lately()))
        await here.until(lambda: "250 2.0.0 kept as 1" in " ".join(str(one.prompt) for one in lines.options))
        await here.press("t")
        assert isinstance(here.app.screen, DialogueScreen)
        shown = here.app.screen.query_one(DocumentView)
        assert "RCPT TO:<bob@example.org>" in shown.document.text
        await here.press("escape")
        assert isinstance(here.app.screen, OutboxScreen)


async def test_a_letter_is_put_off_in_ones_own_words(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mail.send(draft()).result(20)
        await outbox(here)
        await here.press("l")
        dialog = here.app.screen
        assert isinstance(dialog, WhenDialog)
        await here.type("whenever")
        await here.press("enter")
        assert "not a time" in str(dialog.query_one("#meant", Static).render())
        dialog.query_one(Input).value = ""
        await here.type("tomorrow 9")
        await here.press("enter")
        await here.until(lambda: here.mail.outbox()[0].due > NOON + 40_000)


def troubles(here: World) -> list[str]:
    """What stands at the fields of the composer."""
    pane = here.inbox.composer
    lines = pane.query(".trouble").results(Static) if pane is not None else ()
    return [str(line.render()) for line in lines if line.display]


async def test_those_who_were_not_refused_get_it_when_asked_for(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        sender = MemorySender(here.box)
        sender.refused = {"eve@example.org": "550 no such user"}
        here.mail._accounts._outbox._senders["work"] = lambda: sender  # type: ignore[union-attr,index]  # the server's mood
        here.mail.send(draft(to="bob@example.org, eve@example.org"), after=0).result(20)
        await here.until(lambda: any(one.state == "refused" for one in here.mail.outbox()))
        await outbox(here)
        await here.press("e")
        question = here.app.screen
        assert isinstance(question, Question)
        await here.press("e")
        await here.until(lambda: here.inbox.composer is not None)
        await here.until(lambda: troubles(here) == ["eve@example.org was refused: 550 no such user"])
        await here.press("ctrl+enter")
        await here.until(lambda: bool(here.mail.outbox()))
        await outbox(here)
        await here.press("r")
        await here.until(lambda: any(one.state == "refused" for one in here.mail.outbox()))
        await here.press("o")
        await here.until(lambda: bool(here.box.sent))
        assert here.box.sent[0].recipients == ("bob@example.org",)


async def test_a_letter_is_written_for_later(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.inbox.compose_letter(draft())
        await here.until(lambda: here.inbox.composer is not None)
        await here.press("f8")
        assert isinstance(here.app.screen, WhenDialog)
        await here.press("down", "down", "down", "enter")
        await here.until(lambda: bool(here.mail.outbox()))
        assert here.mail.outbox()[0].due > NOON + 40_000
        assert "tomorrow 09:00" in here.note


async def test_nobody_is_asked_about_a_letter_for_tomorrow(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mail.send(draft(), after=86400).result(20)
        await here.press("q")
        assert here.app.return_code == 0 and not here.app.sends_on


async def test_what_waits_can_be_sent_in_the_background(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mail.send(draft()).result(20)
        await here.press("q")
        assert isinstance(here.app.screen, Question)
        await here.press("b")
        assert here.app.return_code == 0 and here.app.sends_on
