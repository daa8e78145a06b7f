"""Questions can be read and answered whole, however narrow the terminal is."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.widgets import Button

from tui_mail.ui.screens.dialogs import Choice, Question


class Framed(App[None]):
    """Draws boxes with the border that the program gives them."""

    CSS = ".dialog { border: round $accent; }"


LETTERS = (Choice("s", "Stay", strong=True), Choice("b", "Send behind"), Choice("q", "Quit"))
LONG = (Choice("m", "Mine", strong=True), Choice("t", "Theirs"), Choice("b", "Both, as two letters"))
TEXT = "It can be sent in the background while you are gone. If you just quit, it goes the next time."
SHORT = (Choice("y", "Yes", strong=True), Choice("n", "No"))


@pytest.mark.parametrize("choices", [LONG, SHORT, LETTERS])
@pytest.mark.parametrize("size", [(120, 40), (80, 24), (65, 24), (60, 16), (40, 14)])
async def test_every_choice_of_a_question_is_seen_whole(size: tuple[int, int], choices: tuple[Choice, ...]) -> None:
    app = Framed()
    async with app.run_test(size=size) as pilot:
        app.push_screen(Question("1 letter still in the outbox", TEXT, choices))
        await pilot.pause()
        box = app.screen.query_one(".dialog")
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        for button, choice in zip(app.screen.query(Button), choices, strict=True):
            assert box.content_region.contains_region(button.region)
            assert f"{choice.key}  {choice.words}" in shown


async def test_choices_stand_where_they_stay_from_the_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Question, "on_resize", lambda self, event: None)  # what comes after the first look
    app = Framed()
    async with app.run_test(size=(60, 16)) as pilot:
        app.push_screen(Question("1 letter still in the outbox", TEXT, LETTERS))
        await pilot.pause()
        assert app.screen.query_one(".ways").has_class("-tall") and app.screen.has_class("-low")
