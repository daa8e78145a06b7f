"""Every action that a screen offers, from the keyboard, in each of the three maps: what it did is told line by line."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from tests.ui.world import NOON, WORK, World, letter, mailbox, world
from tui_mail.config.settings import Settings, Ui
from tui_mail.model.message import ANSWERED, FLAGGED, SEEN
from tui_mail.ui.keys import KEYMAPS, is_unbound
from tui_mail.ui.palette import Actions, Command

_ENDS = frozenset({"app.quit", "app.leave"})
"""They end the program, as they should."""
_LENDS = frozenset({"app.suspend", "compose.editor"})
"""They hand the terminal to something else; there is none here."""


async def _in_the_list(here: World) -> None:
    await here.press("j")


async def _in_a_letter(here: World) -> None:
    await here.press("enter")
    await here.until(lambda: not here.is_home)


async def _writing(here: World) -> None:
    await here.press(here.app.keymap.keys["message.compose"].split(",")[0])
    await here.until(lambda: here.inbox.is_writing)
    await here.type("bob@example.org")


PLACES: dict[str, Callable[[World], Awaitable[None]]] = {
    "list": _in_the_list,
    "letter": _in_a_letter,
    "writing": _writing,
}


def run(say: Callable[[str], None]) -> int:
    """Tells of each action; how many ended in an error, did nothing that can be seen, or are dim without a reason."""
    failed = 0
    for name in KEYMAPS:
        for place in PLACES:
            failed += asyncio.run(_all_of(name, place, say))
    return failed


async def _all_of(name: str, place: str, say: Callable[[str], None]) -> int:
    async with _begun(name, place) as here:
        offered = list(Actions(here.app.screen).commands())
    failed = 0
    for command in offered:
        id = command.active.binding.id or ""
        if id in _LENDS:
            say(f"{name}, {place}, {id}: left out, it hands the terminal to another program")
        elif not command.active.enabled:
            failed += not command.why
            say(f"{name}, {place}, {id}: dim, {command.why or 'WRONG: and nobody says why'}")
        else:
            done = await _done(name, place, command)
            failed += done.startswith("WRONG")
            say(f"{name}, {place}, {id} by {command.key or 'the palette'}: {done}")
    return failed


async def _done(name: str, place: str, command: Command) -> str:
    """What is seen after the keys of an action, in a program that was begun for it."""
    id = command.active.binding.id
    try:
        async with _begun(name, place) as here:
            screen, text, notes = here.app.screen, here.text, len(here.toasts)
            if is_unbound(command.active.binding.key):
                await here.press("ctrl+p")
                await here.pilot.pause(0.2)
                await here.type(command.name)
                await here.pilot.pause(0.3)
                await here.press("enter")
            else:
                await here.press(*command.active.binding.key.split())
            await here.pilot.pause(0.1)
            if id in _ENDS and not here.app.is_running:
                return "it ended"
            if here.app.screen is not screen:
                return f"{type(here.app.screen).__name__} came"
            if said := here.note or " ".join(here.toasts[notes:]):
                return f"it said “{said}”"
            return "the screen changed" if here.text != text else "nothing that can be seen"
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told as what this key does)
        return f"WRONG: {type(error).__name__}: {error}"


@asynccontextmanager
async def _begun(name: str, place: str) -> AsyncIterator[World]:
    box = mailbox()
    for number in range(12):
        box.add("INBOX", letter(f"Older {number}", number=number), (SEEN,), NOON - 80_000 + number)
    box.add("INBOX", letter("Starred", number=1), (SEEN, FLAGGED, ANSWERED), NOON - 50_000)
    settings = Settings({WORK.key: WORK}, ui=replace(Ui(mark_read_after=0), keymap=name))  # type: ignore[arg-type]  # one of KEYMAPS
    with tempfile.TemporaryDirectory(prefix="tm-keys-") as folder:
        async with world(Path(folder), box, settings=settings) as here:
            await PLACES[place](here)
            await here.settled()
            yield here
