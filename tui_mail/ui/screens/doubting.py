"""What is done about a server that nobody vouches for: said in the status line, shown with its facts, asked once."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding
from textual.widgets import Input, TextArea

from tui_mail.config.settings import Server
from tui_mail.engine.doubts import Protocol
from tui_mail.model.errors import Untrusted
from tui_mail.model.event import Connection, Event, Failed

from ..bridge import MailScreen, answer, asking
from ..keys import unbound
from .certificate_dialog import CertificateDialog
from .signing_in import TYPING


@dataclass(frozen=True, slots=True)
class Doubt:
    """A server whose certificate nobody vouches for, and why it was refused."""

    server: Server
    protocol: Protocol
    why: str
    known: str
    """The SHA-256 that was trusted there until now, or empty."""

    @property
    def is_likely(self) -> bool:
        """It may well be the person's own: on this machine, or trusted before.

        Others are shown only on demand: who is offered an exception at every hotel's login page takes it one day.
        """
        return self.server.is_loopback or bool(self.known)


class Doubting(MailScreen):
    """For the main screen."""

    BINDINGS = [
        Binding(
            unbound("view.certificate"),
            "certificate",
            "Certificate",
            id="view.certificate",
            tooltip="Show who a server says it is; trust it if it is yours",
            show=False,
        )
    ]

    def __init__(self) -> None:
        super().__init__()
        self._doubts: dict[tuple[str, Protocol], Doubt] = {}
        """By account and protocol."""
        self._decided: set[Doubt] = set()
        """Asked about in this run."""

    def heard(self, event: Event) -> None:
        super().heard(event)
        match event:
            case Connection(account=account, doubt=None):
                if event.state == "online":
                    self._doubts.pop((account, "imap"), None)
            case Connection(account=account, why=why, doubt=str(known)):
                self._doubt(account, "imap", why, known)
            case Failed(error=Untrusted() as error, account=account):
                self._doubt(account, "smtp", error.text, error.known)
            case _:
                pass

    def _doubt(self, key: str, protocol: Protocol, why: str, known: str) -> None:
        account = next((one for one in self.app.mail.accounts() if one.key == key), None)
        if account is None or self.app.doubts is None:
            return
        doubt = Doubt(account.imap if protocol == "imap" else account.smtp, protocol, why, known)
        self._doubts[key, protocol] = doubt
        if doubt.is_likely and doubt not in self._decided:
            self._decided.add(doubt)
            self._ask_in_time(doubt)

    def _ask_in_time(self, doubt: Doubt) -> None:
        """Not into the middle of somebody's typing, nor over another question."""
        if self.app.screen is not self or isinstance(self.app.focused, Input | TextArea):
            self.set_timer(TYPING, lambda: self._ask_in_time(doubt))
        elif doubt in self._doubts.values():
            self._decide(doubt)

    @asking("certificate")
    async def _decide(self, doubt: Doubt) -> None:
        doubts = self.app.doubts
        if doubts is None:
            return
        certificate = await answer(doubts.look(doubt.server, doubt.protocol))
        dialog = CertificateDialog(doubt.server, doubt.why, certificate, doubt.known)
        if await self.app.push_screen_wait(dialog):
            await answer(doubts.trust(doubt.server, certificate))
            self._doubts = {key: one for key, one in self._doubts.items() if one != doubt}
            self.app.mail.refresh()

    def action_certificate(self) -> None:
        if self._doubts:
            self._decide(next(iter(self._doubts.values())))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "certificate" and not self._doubts:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "every server proved who it is" if action == "certificate" else super().reason(action)
