"""A wait that shows itself: how far it is, and a key that calls it off."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TypeVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import ProgressBar, Static

from tui_mail.model.errors import Cancelled

from ..key_order import Pause
from ..once import Modal
from ..widgets.attachment_strip import size_words

Result = TypeVar("Result")
SHOWN_AFTER = 0.2
"""Seconds of waiting without a word."""
_LOOKS = 0.1


class Watched:
    """How far something is; written by the engine's thread, read by the screen."""

    def __init__(self) -> None:
        self.state = (0, 0)

    def __call__(self, done: int, total: int) -> None:
        self.state = (done, total)


class PatienceDialog(Modal[bool], Pause):
    """Answers False when the person calls it off; whoever opened it closes it otherwise."""

    DEFAULT_CSS = """
    PatienceDialog { align: center middle; }
    PatienceDialog > .dialog { width: 64; max-width: 90%; height: auto; padding: 1 2; }
    PatienceDialog Static { height: auto; }
    PatienceDialog ProgressBar { margin: 1 0; width: 1fr; }
    PatienceDialog Bar { width: 1fr; }
    """
    BINDINGS = [Binding("escape,ctrl+g", "call_off", "Call off", id="dialog.back", tooltip="Stop it")]

    def __init__(self, words: str, watched: Watched, *, octets: bool, before: str) -> None:
        super().__init__()
        self._words, self._watched, self._octets, self._before = words, watched, octets, before

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._words), classes="heading")
            yield ProgressBar(show_eta=False)
            yield Static(classes="far")
            yield Static(Content.assemble(("Esc", "bold"), " calls it off"), classes="ways")

    def on_mount(self) -> None:
        self._look()
        self.set_interval(_LOOKS, self._look)

    def _look(self) -> None:
        done, total = self._watched.state
        self.query_one(ProgressBar).update(total=total or None, progress=done)
        far = f"{size_words(done)} of {size_words(total)}" if self._octets else f"{done} of {total}"
        self.query_one(".far", Static).update(Content(far if total else self._before))

    def action_call_off(self) -> None:
        self.dismiss(False)


async def patiently(
    node: DOMNode,
    promise: Future[Result],
    words: str,
    watched: Watched,
    *,
    octets: bool = True,
    before: str = "waiting for the first of it",
    to_the_end: bool = False,
) -> Result:
    """The answer; after a moment with a dialog that shows how far it is. Raises Cancelled where it was called off.

    `before` is said while nothing is known of that; `to_the_end`: what cannot be called off any more is waited for.
    """
    waiting = asyncio.wrap_future(promise)
    done, _ = await asyncio.wait({waiting}, timeout=SHOWN_AFTER)
    if done:
        return await waiting
    dialog = PatienceDialog(words, watched, octets=octets, before=before)

    def closed(went_on: bool | None) -> None:
        if not went_on and (promise.cancel() or not to_the_end):
            waiting.cancel()

    node.app.push_screen(dialog, closed)
    try:
        return await waiting
    except asyncio.CancelledError:
        if asyncio.current_task() is not None and promise.cancelled():
            raise Cancelled("It was called off.") from None
        raise
    finally:
        if dialog.is_current:
            dialog.dismiss(True)
