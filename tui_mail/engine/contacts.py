"""Contacts from the screen's thread: looked through in memory at every key, written behind its back."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path

from tui_mail.mime.clean import line
from tui_mail.model.contact import Contact, Directory, Suggestion, answers
from tui_mail.model.errors import BadInput
from tui_mail.model.lint import Acquaintance

from .books import Books
from .reader import Reader
from .writer import Writer

_PATIENCE = 5.0
"""Seconds that an address book program has."""


class Contacts:
    """Whom one writes to. What is read here is in memory; it follows the durable file."""

    def __init__(
        self,
        writer: Writer,
        *,
        clock: Callable[[], float],
        own: Iterable[str],
        query_command: Sequence[str],
        read_only: bool,
    ) -> None:
        """`own` are the own addresses: one does not write to oneself."""
        self._writer = writer
        self._clock = clock
        self._own = frozenset(one.strip().lower() for one in own)
        self._command = query_command
        self._read_only = read_only
        self._directory = Directory()
        self._acquaintance = Acquaintance({}, self._own)
        self._asker = Reader()
        self._is_asking = False
        self._is_missing = False
        """The program is not there: said once, not at every key."""

    def start(self) -> None:
        """Reads them, then learns from what was sent since."""
        self._follow()
        self.sent()

    def allow(self) -> None:
        """The process that kept the mail has ended: this one learns now."""
        self._read_only = False
        self.sent()

    def close(self, timeout: float) -> None:
        if self._is_asking:
            self._asker.close(timeout)

    # --- read in memory

    def all(self) -> Sequence[Contact]:
        return self._directory.contacts

    def suggest(self, typed: str, without: Iterable[str] = ()) -> list[Suggestion]:
        """Who may be meant; at once."""
        return self._directory.suggest(typed, self._clock(), without=without)

    def acquaintance(self) -> Acquaintance:
        return self._acquaintance

    # --- asked and awaited

    def look_up(self, typed: str) -> Future[list[Suggestion]]:
        """Whom the configured address book program names; nobody where none is configured. Raises BadInput."""
        if not self._command or self._is_missing or not typed.strip():
            nobody: Future[list[Suggestion]] = Future()
            nobody.set_result([])
            return nobody
        if not self._is_asking:
            self._is_asking = True
            self._asker.start()
        return self._asker.do(lambda: self._asked(typed.strip()))

    def _asked(self, typed: str) -> list[Suggestion]:
        """Runs the program without a shell; what is typed never is an option of it."""
        typed = typed.lstrip("-") or " "
        command = [word.replace("%s", typed) for word in self._command]
        if not any("%s" in word for word in self._command):
            command.append(typed)
        if shutil.which(str(Path(command[0]).expanduser())) is None:
            self._is_missing = True
            raise BadInput(f"The address book “{line(command[0])}” was not found.", remedy="See query_command.")
        try:
            done = subprocess.run(
                [str(Path(command[0]).expanduser()), *command[1:]],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BadInput(f"The address book “{line(command[0])}” gave no answer.") from error
        if done.returncode:
            return []  # mutt's protocol: nobody found
        rows = done.stdout[:1_000_000].decode("utf-8", "replace").splitlines()
        return answers("\n".join("\t".join(line(cell) for cell in row.split("\t")) for row in rows))

    # --- commands

    def put(self, contacts: Sequence[Contact], *, instead_of: str = "") -> Future[int]:
        """Writes these down as the person has them; how many. `instead_of` is the key that one of them had before."""
        future = self._writer.do(lambda books: books.contacts.put(contacts, instead_of=instead_of), urgent=True)
        self._follow()
        return future

    def settled(self) -> Future[None]:
        """Answered once what is in memory is what was written before."""
        return self._writer.do(lambda books: None)

    def remove(self, keys: Sequence[str]) -> None:
        self._writer.do(lambda books: books.contacts.remove(keys), urgent=True)
        self._follow()

    # --- learning

    def sent(self) -> None:
        """Something went out, or stands in Sent: it is learned from, in slices that nobody notices."""
        if not self._read_only:
            self._writer.later("contacts", self._learn)

    def _learn(self, books: Books) -> None:
        new = books.contacts.learn_letters(self._own)
        more, left = books.contacts.learn_sent(books.index.connection, self._own)
        if new or more:
            self._read(books)
        if left:
            self._writer.do(self._learn)

    def _follow(self) -> None:
        self._writer.do(self._read)

    def _read(self, books: Books) -> None:
        directory = Directory(tuple(books.contacts.all()))
        self._acquaintance = Acquaintance(directory.letters(), self._own)
        self._directory = directory
