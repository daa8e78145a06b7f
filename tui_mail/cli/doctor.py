"""`tui-mail doctor`: what is right and what is not between this machine and its mail, fit to be posted."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tui_mail.backend.checkup.finding import Finding, Line, wrong
from tui_mail.config import file
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.places import Places
from tui_mail.config.settings import Account, Server
from tui_mail.mime.clean import line
from tui_mail.mime.masking import masked
from tui_mail.model.errors import AuthFailed

from . import printing, send, wiring
from .columns import wrap
from .journal import Journal
from .wanted import Doctor

_STEP = 14


@dataclass(frozen=True, slots=True)
class Report:
    """One finding of one account."""

    account: str
    protocol: str
    finding: Finding
    seconds: float


def run(order: Doctor, places: Places, journal: Journal) -> int:
    settings = file.load(places.config)
    chosen = send.choose(settings, order.account, places)
    accounts = [chosen] if order.account else list(settings.active().accounts.values())
    credentials = Credentials(ask=False)
    journal.open(credentials.mask)
    check = _Check(places, credentials, with_imap=order.imap or not order.smtp, with_smtp=order.smtp or not order.imap)
    reports: list[Report] = []
    for account in map(wiring.exceptions(places.data).applied, accounts):
        for report in check.account(account):
            reports.append(report)
            if not order.json:
                _print(reports)
    if order.json:
        printing.objects(map(as_object, reports))
    elif order.smtp:
        _print_dialogue(check.dialogue)
    return 1 if any(report.finding.state == "wrong" for report in reports) else 0


class _Check:
    """The steps of an account, each finding masked before anybody sees it."""

    def __init__(self, places: Places, credentials: Credentials, *, with_imap: bool, with_smtp: bool) -> None:
        self._places = places
        self._credentials = credentials
        self._with_imap = with_imap
        self._with_smtp = with_smtp
        self._machines: set[str] = set()
        """Addresses of the servers themselves, which may be seen."""
        self.dialogue: list[Line] = []
        """What was said in SMTP."""

    def account(self, account: Account) -> Iterator[Report]:
        for protocol, findings in self._parts(account):
            began = time.monotonic()
            for found in findings:
                yield Report(account.key, protocol, self._masked(account, found), time.monotonic() - began)
                began = time.monotonic()
        self.dialogue = [(way, self._mask(account, text)) for way, text in self.dialogue]

    def _parts(self, account: Account) -> Iterator[tuple[str, Iterator[Finding]]]:
        if self._with_imap and account.maildir is not None:
            from tui_mail.backend.checkup.maildir import maildir

            yield "maildir", maildir(account.maildir, self._places.data / "maildir.db")
        yield "password", self._password(account)
        if self._with_imap and account.maildir is None:
            yield "imap", self._imap(account)
        if self._with_smtp and account.can_send:
            yield "smtp", self._smtp(account)

    def _password(self, account: Account) -> Iterator[Finding]:
        """Where it comes from is known before a server is asked."""
        self._refused = False
        if account.maildir is not None and not (account.can_send and self._with_smtp):
            return
        try:
            send.ask(self._credentials, account, account.imap.host or account.smtp.host)
        except AuthFailed as error:
            self._refused = True
            yield wrong("password", error)
        else:
            source = "password_command prints it" if account.password_command else "it is in the keyring, or was typed"
            yield Finding("password", "right", f"There is a password: {source}.")

    def _secret(self, account: Account) -> Callable[[], Secret]:
        return lambda: self._credentials.password(account)

    def _imap(self, account: Account) -> Iterator[Finding]:
        from tui_mail.backend.checkup.imap import imap
        from tui_mail.backend.checkup.line import reach

        yield from self._reach(account.imap, reach(account.imap, "imap", account.ca_file))
        if not self._is_reached or self._refused:
            return
        for found in imap(account, self._secret(account), []):
            self._refused = self._refused or (found.step, found.state) == ("login", "wrong")
            yield found

    def _smtp(self, account: Account) -> Iterator[Finding]:
        from tui_mail.backend.checkup.line import reach
        from tui_mail.backend.checkup.smtp import smtp

        yield from self._reach(account.smtp, reach(account.smtp, "smtp", account.ca_file))
        if not self._is_reached:
            return
        if self._refused:
            yield Finding("login", "note", "Not tried: the password was refused or is missing, and tries are counted.")
            return
        yield from smtp(account, self._secret(account), self.dialogue)

    def _reach(self, server: Server, findings: Iterator[Finding]) -> Iterator[Finding]:
        self._is_reached = True
        for found in findings:
            if found.step == "name" and found.state == "right":
                listed = found.text.partition(" is ")[2].partition(" (")[0]
                self._machines |= {server.host, *listed.split(", ")}
            self._is_reached = self._is_reached and found.state != "wrong"
            yield found

    def _masked(self, account: Account, found: Finding) -> Finding:
        text, remedy = self._mask(account, found.text), self._mask(account, found.remedy)
        return Finding(found.step, found.state, text, remedy)

    def _mask(self, account: Account, text: str) -> str:
        users = {account.login, account.login.partition("@")[0], account.address.partition("@")[0], account.name}
        return masked(line(self._credentials.mask(text)), users=users, machines=self._machines)


def as_object(report: Report) -> dict[str, object]:
    """What `--json` gives of a finding."""
    return {
        "account": report.account,
        "part": report.protocol,
        "step": report.finding.step,
        "state": report.finding.state,
        "text": report.finding.text,
        "remedy": report.finding.remedy or None,
        "seconds": round(report.seconds, 3),
    }


def _print(reports: list[Report]) -> None:
    """The newest finding, under a heading of its own where it is the first of its kind."""
    report, before = reports[-1], reports[-2] if len(reports) > 1 else None
    if before is None or (before.account, before.protocol) != (report.account, report.protocol):
        printing.say(f"{'' if before is None else chr(10)}{report.account}: {report.protocol}")
    found = report.finding
    room = max(40, shutil.get_terminal_size().columns - 1 - 2 - 7 - _STEP) if sys.stdout.isatty() else 10_000
    first = f"  {found.state:<6} {found.step:<{_STEP}}"
    for text in wrap(found.text, room):
        printing.say(f"{first}{text}".rstrip())
        first = " " * len(first)
    for text in wrap(found.remedy, room) if found.remedy else ():
        printing.say(f"{first}{text}")
    printing.done()


def _print_dialogue(dialogue: list[Line]) -> None:
    """The whole of it, as it was said: VRFY, NOOP and RSET stand at its end."""
    if dialogue:
        printing.say("\nThe dialogue with the server that sends, → ours and ← the server's:")
    for way, text in dialogue:
        send.told(way, text)
