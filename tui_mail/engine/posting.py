"""The part of the door that letters go out by: sent, called back, put off, looked after."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from tui_mail.config.settings import Settings
from tui_mail.model.draft import Draft, Waiting

from .accounts import Accounts
from .correspondence import Correspondence
from .windows import Windows


class Posting:
    """What the screens may ask and command about the outbox."""

    settings: Settings
    _letters: Correspondence
    _windows: Windows
    _accounts: Accounts
    _clock: Callable[[], float]

    def outbox(self) -> tuple[Waiting, ...]:
        """Letters that are not done, and those that came back, soonest first."""
        return self._windows.waiting()

    def sent_lately(self) -> tuple[Waiting, ...]:
        """Letters that were sent and filed in the last week, the newest first."""
        return self._windows.sent_lately(self._clock())

    def dialogues(self, letter: int) -> list[tuple[float, list[str]]]:
        """(when, lines) of every try that is kept, secrets masked; `→` ours, `←` the server's, `·` a note."""
        return self._windows.dialogues(letter)

    def send(self, draft: Draft, *, after: float | None = None, ask: bool = False) -> Future[Waiting]:
        """Answered once the letter is durable in the outbox; it goes `after` seconds (None: as configured).

        BadAddress, BadInput, PassphraseWanted and Cancelled leave the draft as it was. `ask`: the terminal is lent to
        gpg, which may ask for a passphrase.
        """
        return self._letters.send(draft, self.settings.compose.undo_send if after is None else after, ask=ask)

    def unsend(self, letter: int) -> Future[Draft]:
        """Calls a letter back; Refused where it is already on its way."""
        return self._letters.unsend(letter)

    def edit_again(self, letter: int) -> Future[Draft]:
        """Back from the outbox into the composer."""
        return self._letters.edit_again(letter)

    def retry(self, letter: int) -> None:
        """Sends a refused or unknown letter again, or one that waits at once, because the person says so; of one that
        was sent only its copy is tried again."""
        self._letters.retry(letter)
        self._accounts.file_again(letter)

    def reschedule(self, letter: int, due: float) -> Future[None]:
        """It goes at that time (seconds since 1970 UTC); Refused where it is past that."""
        return self._letters.reschedule(letter, due)

    def send_to_others(self, letter: int) -> Future[None]:
        """Sends a refused letter to those that the server did not refuse; Refused where nobody is left."""
        return self._letters.send_to_others(letter)

    def acknowledge(self, letter: int) -> None:
        """The person knows that this one came back."""
        self._letters.acknowledge(letter)
