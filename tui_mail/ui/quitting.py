"""How the program is left while letters still wait, or are not saved: asked once, sent behind, or kept for later."""

from __future__ import annotations

from tui_mail.model.draft import Waiting
from tui_mail.model.operation import count

from .bridge import MailApp
from .screens.dialogs import Choice, Question

SOON = 600.0
"""Seconds; a letter that goes later than that is for another run, and nobody is asked about it."""


class Quitting(MailApp):
    """The app's part in it."""

    is_demo = False
    sends_on = False
    """Whoever started the screens shall have the outbox carried on by a process of its own."""

    def leave(self, code: int = 0) -> None:
        """Ends the program; what is remembered is written first."""
        self.write_state()
        self.exit(return_code=code)

    async def action_quit(self) -> None:
        """Leaves; asks once where letters are about to go out, or what was typed is not on the disk."""
        if isinstance(self.screen, Question):
            return
        if self.mail.is_unsaved and (drafts := self.mail.unwritten()):
            self.push_screen(_unsaved(len(drafts)), self._answered)
            return
        now = self.clock()
        letters = [one for one in self.mail.outbox() if is_soon(one, now)]
        if not letters:
            self.leave()
            return
        self.push_screen(self._question(letters), self._answered)

    def _question(self, letters: list[Waiting]) -> Question:
        stay, quit_now = Choice("s", "Stay", strong=True), Choice("q", "Quit")
        if all(letter.state == "sent" for letter in letters):
            text = "Stay, and its copy is in Sent in a moment. If you quit now, it is put there the next time."
            return Question("Sent, but not yet in your Sent folder", text, [stay, quit_now])
        title = f"{count(len(letters), 'letter')} still in the outbox"
        if self.is_demo or self.mail.read_only:
            text = "Quit now, and what waits goes out the next time tui-mail runs. Stay, and it goes out in a moment."
            return Question(title, text, [stay, quit_now])
        text = "It can be sent in the background while you are gone. If you just quit, it goes the next time."
        return Question(title, text, [stay, Choice("b", "Send behind"), quit_now])

    def _answered(self, key: str | None) -> None:
        if key in ("q", "b"):
            self.sends_on = key == "b"
            self.leave()


def _unsaved(number: int) -> Question:
    text = (
        "The disk is full. Stay, make room, and it is saved by itself. If you quit now, it is tried once more, else put"
        " into a file of its own, and you are told where."
    )
    stay, quit_now = Choice("s", "Stay", strong=True), Choice("q", "Quit")
    return Question(f"{count(number, 'unfinished letter')} only in memory", text, [stay, quit_now])


def is_soon(letter: Waiting, now: float) -> bool:
    """Whether it would go out, or its copy be filed, if one only stayed a while."""
    return letter.state in ("sending", "sent") or (letter.state == "waiting" and letter.due < now + SOON)
