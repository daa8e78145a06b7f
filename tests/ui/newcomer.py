"""The program as somebody meets it who has no account here yet, with real servers to try."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from tests.sink import CA
from tests.ui.world import came
from tui_mail.backend import certificate
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.config import file
from tui_mail.config.credentials import Credentials
from tui_mail.config.exceptions import Exceptions
from tui_mail.config.settings import Account
from tui_mail.config.state import State
from tui_mail.engine.doubts import Doubts
from tui_mail.engine.enrolment import Enrolment
from tui_mail.engine.mail import Mail
from tui_mail.ui import app
from tui_mail.ui.app import TuiMail
from tui_mail.ui.screens.accounts import PAUSED


class Lending(TuiMail):
    """The program as it is, but that a test has no terminal to lend to an editor."""

    CSS_PATH = str(Path(app.__file__).with_name("app.tcss"))

    def suspend(self) -> nullcontext[None]:  # type: ignore[override]  # the same promise, nothing to leave
        return nullcontext()


@dataclass
class Newcomer:
    """One run, and the keys."""

    app: TuiMail
    pilot: Pilot[None]
    config: Path
    credentials: Credentials

    @property
    def text(self) -> str:
        """What the terminal would show."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    @property
    def toasts(self) -> list[str]:
        return [toast.message for toast in self.app._notifications]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.pilot.press(*("space" if char == " " else char for char in text))

    async def put(self, text: str) -> None:
        """Pastes it in place of what stands in the field; each key of a long line would lay the form out anew."""
        await self.pilot.press("end", "ctrl+u")
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def until(self, claim: Callable[[], object], seconds: float = 60) -> None:
        if not await came(self.pilot, claim, seconds):
            raise AssertionError(f"it never came true; the screen was:\n{self.text}")

    async def shows(self, words: str) -> None:
        await self.until(lambda: words in " ".join(self.text.split()))

    def line(self, words: str) -> str:
        """The line of the screen with these words."""
        return next(line for line in self.text.splitlines() if words in line)

    def below(self, label: str) -> str:
        """What stands under the field with this label, up to the next one, on one line."""
        lines = self.text.splitlines()
        at = next(n for n, line in enumerate(lines) if f"{line.lstrip()} ".startswith(label + " "))
        found = []
        for line in lines[at + 1 :]:
            if not line.startswith(" " * 12):
                break
            found.append(line.strip())
        return " ".join(found)

    async def form(self, name: str, address: str, password: str) -> None:
        """From the first screen to a form that is filled in but for what is proposed."""
        await self.press("enter")
        await self.shows("Add an account")
        await self.put(name)
        await self.press("enter")
        await self.type(address)
        await self.press("enter")
        await self.type(password)

    async def servers(self, account: Account, smtp_port: int = 0) -> None:
        """From the password on: the servers of this account, which are not those of its domain."""
        await self.press("ctrl+o", "tab", "tab")
        await self.put(account.imap.host)
        await self.press("tab")
        await self.put(str(account.imap.port))
        await self.press("tab", "tab")
        await self.put(account.smtp.host)
        await self.press("tab")
        await self.put(str(smtp_port or account.smtp.port))
        if account.ca_file is not None:
            await self.press("tab", "tab", "tab", "tab")
            await self.put(str(CA))


@asynccontextmanager
async def newcomer(
    folder: Path, *, config: str = "", size: tuple[int, int] = (80, 24), timeout: float = 5
) -> AsyncIterator[Newcomer]:
    """As `tui-mail` begins on this configuration."""
    path = folder / "config.toml"
    if config:
        path.write_text(config)
    credentials = Credentials(ask=True)
    exceptions = Exceptions(folder / "data" / "certificates.toml")
    doubts = Doubts(exceptions, lambda server, protocol: certificate.look(server, protocol, timeout))

    def connect(account: Account) -> ImapStore:
        return ImapStore(account, lambda: credentials.password(account), trust=exceptions.applied, timeout=timeout)

    def carry(account: Account) -> SmtpSender:
        return SmtpSender(account, lambda: credentials.password(account), trust=exceptions.applied, timeout=timeout)

    state = State(folder / "state.toml")
    settings = file.load(path).active(state.get(PAUSED, [""][:0]))
    mail = Mail(settings, folder / "data", connect=connect, carry=carry, credentials=credentials)
    enrolment = Enrolment(path, folder / "data", credentials, connect=connect, carry=carry, doubts=doubts)
    running = Lending(mail, settings, state, enrolment=enrolment)
    mail.start(running.listen)
    try:
        async with running.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            yield Newcomer(running, pilot, path, credentials)
            await asyncio.to_thread(mail.settled, 0.2)
    finally:
        mail.close()


def editor(folder: Path, script: str) -> str:
    """An editor that does what the shell script says to the file $file; for the environment."""
    path = folder / "editor"
    path.write_text(f'#!/bin/sh\nfor file; do :; done\necho "$@" >> {folder}/edited\n{script}\n')
    os.chmod(path, 0o700)
    return str(path)
