"""The composition root: which store and which sender an account gets, and the mail made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tui_mail.backend.contract import Sender, Store
from tui_mail.backend.transcript import Overheard, Transcript
from tui_mail.config.credentials import Credentials
from tui_mail.config.exceptions import Exceptions
from tui_mail.config.places import Places
from tui_mail.config.settings import Account, Server, Settings
from tui_mail.engine.doubts import Doubts
from tui_mail.engine.enrolment import Enrolment
from tui_mail.engine.mail import Mail
from tui_mail.engine.opener import Opener
from tui_mail.model.certificate import Certificate

_TRIAL = 12.0
"""Seconds that a server may be silent while an account is tried."""


def exceptions(data: Path) -> Exceptions:
    """The certificates that the person trusts."""
    return Exceptions(data / "certificates.toml")


def doubts(data: Path) -> Doubts:
    """For the screens that show a certificate nobody vouches for."""

    def look(server: Server, protocol: Literal["imap", "smtp"]) -> Certificate:
        from tui_mail.backend import certificate  # as the stores

        return certificate.look(server, protocol, _TRIAL)

    return Doubts(exceptions(data), look)


def connect(
    credentials: Credentials, data: Path, timeout: float = 30, transcript: Transcript | None = None
) -> Callable[[Account], Store]:
    """Where an account's mail is kept: IMAP, or a Maildir whose numbering lies in `data`. Nothing is connected yet.

    `timeout`: the silence allowed, in seconds. `transcript` hears what is said.
    """

    def store(account: Account) -> Store:
        if account.maildir is not None:
            from tui_mail.backend.maildir_store import MaildirStore  # as the other one

            return MaildirStore(account.maildir, data / "maildir.db", chosen=account.folders)
        from tui_mail.backend.imap_store import ImapStore  # sockets and TLS: in the session's thread, after the screen

        ring = transcript.ring(account.key, "IMAP") if transcript is not None else None
        trust = exceptions(data).applied
        return ImapStore(account, lambda: credentials.password(account), trust=trust, timeout=timeout, trace=ring)

    return store


def carry(
    credentials: Credentials, data: Path, timeout: float = 30, transcript: Transcript | None = None
) -> Callable[[Account], Sender]:
    """What carries an account's letters: SMTP. Otherwise as `connect`."""

    def sender(account: Account) -> Sender:
        if not account.can_send:
            from tui_mail.backend.mute import MuteSender  # as the other one

            return MuteSender(account)
        from tui_mail.backend.smtp import SmtpSender  # smtplib costs 20 ms: when the first letter goes

        trust = exceptions(data).applied
        made = SmtpSender(account, lambda: credentials.password(account), trust=trust, timeout=timeout)
        return made if transcript is None else Overheard(made, transcript.shared(account.key, "SMTP"))

    return sender


def mail(settings: Settings, data: Path, credentials: Credentials, *, opener: Opener | None = None) -> Mail:
    """`opener` takes letters apart: a Workshop where there are screens to keep alive."""
    transcript = Transcript(credentials.mask)
    return Mail(
        settings,
        data,
        connect=connect(credentials, data, transcript=transcript),
        carry=carry(credentials, data, transcript=transcript),
        credentials=credentials,
        opener=opener,
        transcript=transcript,
    )


def enrolment(places: Places, credentials: Credentials) -> Enrolment:
    """For the screens that add accounts; somebody waits there, so servers have less time."""
    return Enrolment(
        places.config,
        places.data,
        credentials,
        connect=connect(credentials, places.data, _TRIAL),
        carry=carry(credentials, places.data, _TRIAL),
        doubts=doubts(places.data),
    )
