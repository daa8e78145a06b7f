"""Questions can be read and answered whole, however narrow the terminal is."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.widgets import Button

from tui_mail.ui.screens.dialogs import Choice, Question

LONG = (Choice("m", "Mine", strong=True), Choice("t", "Theirs"), Choice("b", "Both, as two letters"))
SHORT = (Choice("y", "Yes", strong=True), Choice("n", "No"))


@pytest.mark.parametrize("choices", [LONG, SHORT])
@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 16), (40, 16)])
async def test_every_choice_of_a_question_is_seen_whole(size: tuple[int, int], choices: tuple[Choice, ...]) -> None:
    app = App[None]()
    async with app.run_test(size=size) as pilot:
        app.push_screen(Question("Another program changed this letter", "Which one is right?", choices))
        await pilot.pause()
        box = app.screen.query_one(".dialog")
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        for button, choice in zip(app.screen.query(Button), choices, strict=True):
            assert box.content_region.contains_region(button.region)
            assert f"{choice.key}  {choice.words}" in shown
