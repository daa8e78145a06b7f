"""Garbage is looked for when the fingers rest."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from time import monotonic

from tests.ui.world import world
from tui_mail.ui.tidying import LONG_REST, REST, SELDOM


class Ring:
    """Only a search for garbage finds it."""

    def __init__(self) -> None:
        self.self = self


def ring() -> weakref.ref[Ring]:
    return weakref.ref(Ring())


async def test_what_was_thrown_away_while_keys_came_is_gone_when_the_fingers_rest(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.app.begin_tidying()
        assert gc.get_threshold()[2] == SELDOM
        await here.pilot.press("j")
        thrown = ring()
        here.app.look_round(monotonic() + REST)
        assert thrown() is None


async def test_what_was_set_aside_and_thrown_away_later_is_found_after_a_long_rest(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.app.begin_tidying()
        await here.pilot.press("j")
        kept = Ring()
        aside = weakref.ref(kept)
        here.app.look_round(monotonic() + REST)
        del kept
        await here.pilot.press("k")
        here.app.look_round(monotonic() + REST)
        assert aside() is not None
        here.app.look_round(monotonic() + LONG_REST)
        assert aside() is None


async def test_while_nobody_is_there_the_interpreter_looks_for_garbage_by_itself(tmp_path: Path) -> None:
    usual = gc.get_threshold()
    async with world(tmp_path) as here:
        here.app.begin_tidying()
        here.app.look_round(monotonic() + LONG_REST)
        assert gc.get_threshold() == usual
        await here.pilot.press("j")
        assert gc.get_threshold()[2] == SELDOM
    assert gc.get_threshold() == usual
