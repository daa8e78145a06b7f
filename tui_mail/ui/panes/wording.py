"""The words of a letter: found, spelt, looked over; Markdown or plain."""

from __future__ import annotations

import asyncio
import functools
import os
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from textual import getters, on
from textual.binding import Binding
from textual.timer import Timer

from tui_mail.model.errors import BadInput, MailError
from tui_mail.model.lint import NO_SUBJECT, NO_TEXT, Remark, lint

from ..bridge import answer, asking
from ..dictionaries import system_language
from ..keys import unbound
from ..screens.patience import SHOWN_AFTER
from ..screens.word_dialog import Verdict, WordDialog
from ..spelling import Speller
from ..widgets.find_bar import FindBar
from ..widgets.margin import Margin
from .letter_pane import LetterPane

Result = TypeVar("Result")
_LOOK_AFTER = 0.3
"""Seconds after the last key until the letter is looked over."""
_WORTH_ASKING = 5_000_000
"""Octets of a letter from which its server is asked how many it takes; those that take fewer are long gone."""
_OWN_WORDS = "spelling_words"


class Wording(LetterPane):
    """Looks a letter over while it is written, and helps with its words."""

    BINDINGS = [
        Binding("ctrl+f", "find", "Find", id="compose.find", show=False, tooltip="Find words in the text"),
        Binding("f7", "spell", "Spelling", id="compose.spell", show=False, tooltip="Go through words nobody knows"),
        Binding(
            unbound("compose.markdown"),
            "markdown",
            "Markdown or plain",
            id="compose.markdown",
            show=False,
            tooltip="Send the text as HTML too, read as Markdown; or not",
        ),
    ]
    margin = getters.query_one(Margin)
    finder = getters.query_one(FindBar)

    def begin_wording(self) -> None:
        """Called once the parts are there."""
        self._looking: Timer | None = None
        self._asked: set[str] = set()
        """Accounts whose server was asked how large a letter may be."""
        self._speller: Speller | None = None
        if self.app.settings.compose.spelling:
            self._check_as_configured()

    # ---- the look over

    def taken(self) -> None:
        super().taken()
        if self._looking is not None:
            self._looking.stop()
        self._looking = self.set_timer(_LOOK_AFTER, self.look_over)

    def remarks(self) -> tuple[Remark, ...]:
        """All there is to say about the letter."""
        mail = self.app.mail
        return lint(self.draft, mail.contacts.acquaintance(), mail.limits.of(self.draft.account))

    def look_over(self) -> None:
        """Says it in the margin; what is only not written yet is left for the review."""
        early = [NO_TEXT] if self.body.has_focus else [NO_TEXT, NO_SUBJECT]
        self.margin.say([one for one in self.remarks() if one not in early] if self.is_touched else [])
        account = self.draft.account
        if (
            self.draft.weight > _WORTH_ASKING
            and account not in self._asked
            and not self.app.mail.limits.is_known(account)
        ):
            self._asked.add(account)
            self._ask_limit(account)

    @asking("limit")
    async def _ask_limit(self, account: str) -> None:
        """Better now than when the letter is sent."""
        try:
            await answer(self.app.mail.limits.ask(account))
        except MailError:
            return  # nobody asked for it; who sends the letter hears what is wrong
        self.look_over()

    # ---- finding

    def action_find(self) -> None:
        self.finder.open()

    @on(FindBar.Sought)
    def seek(self, event: FindBar.Sought) -> None:
        event.stop()
        self.body.seek(event.text)
        self.finder.say("" if not event.text or self.body.find() else "nothing found")

    @on(FindBar.Gone)
    def go(self, event: FindBar.Gone) -> None:
        event.stop()
        if event.way:
            self.finder.say("" if self.body.find(event.way) else "nothing found")
        else:
            self.body.seek("")
            self.body.focus()

    # ---- spelling

    @asking("speller", exclusive=True)
    async def _check_as_configured(self) -> None:
        await self._read_dictionaries(self.app.settings.compose.spelling)

    async def _read_dictionaries(self, languages: tuple[str, ...]) -> Speller:
        """Behind the screen's back; from then on unknown words are marked."""
        own = self.app.state.get(_OWN_WORDS, [""][:0])
        self._speller = await self._on_a_thread(lambda: Speller.load(languages, own))
        self.body.check_spelling(self._speller.knows)
        return self._speller

    async def _on_a_thread(self, job: Callable[[], Result]) -> Result:
        """What the dictionaries take their time for. An error is an answer there, or the toolkit would take it."""

        def answered() -> Result | MailError:
            try:
                return job()
            except MailError as error:
                return error

        found = await self.run_worker(answered, thread=True, group="dictionaries", exit_on_error=False).wait()
        if isinstance(found, MailError):
            raise found
        return found

    def on_unmount(self) -> None:
        if self._speller is not None:
            self._speller.call_off()

    @asking("begin spelling again", exclusive=True)
    async def action_spell(self) -> None:
        """From one unknown word to the next, in the languages that are configured, else in the system's."""
        languages = self.app.settings.compose.spelling or tuple(filter(None, [system_language(os.environ)]))
        if not languages:
            raise BadInput("No language is set.", remedy='spelling = ["en"] in [compose] checks what you write.')
        speller = self._speller or await self._read_dictionaries(languages)
        skipped: set[tuple[int, int]] = set()
        while word := self.body.next_misspelt():
            place = self.body.selection.start
            if place in skipped:
                break
            verdict = await self._judged(speller, word)
            if verdict is None:
                return
            if verdict.is_own:
                speller.add(word)
                self.app.state.put(_OWN_WORDS, sorted({*self.app.state.get(_OWN_WORDS, [""][:0]), word}))
                self.body.check_spelling(speller.knows)
            elif verdict.word != word:
                self.body.replace(verdict.word, *self.body.selection)
            else:
                skipped.add(place)
        self.body.selection = type(self.body.selection).cursor(self.body.selection.end)
        self.app.said("No unknown word is left." if not skipped else "That was the last unknown word.")

    async def _judged(self, speller: Speller, word: str) -> Verdict | None:
        """What the person says of a word; what it may have meant is looked for meanwhile, as long as they wait."""
        meant = asyncio.ensure_future(self._on_a_thread(functools.partial(speller.suggestions, word)))
        meant.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be there to hear of it
        await asyncio.wait({meant}, timeout=SHOWN_AFTER)
        try:
            return await self.app.push_screen_wait(WordDialog(word, meant))
        finally:
            if not meant.done():
                speller.call_off()

    # ---- Markdown

    def action_markdown(self) -> None:
        self.take(replace(self.draft, markdown=not self.draft.markdown))
        self.app.said("It goes out as text and as HTML." if self.draft.markdown else "It goes out as plain text.")
        self.retitle()

    def retitle(self) -> None:
        """Called when the heading may say something else."""
