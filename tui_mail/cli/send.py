"""`tui-mail send`: one letter from the shell, until the server took it and its copy is filed."""

from __future__ import annotations

import getpass
import secrets
import stat
import sys
import time
from pathlib import Path

from tui_mail.config import file
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.places import Places
from tui_mail.config.settings import Account, Settings
from tui_mail.engine import errand
from tui_mail.mime.clean import clean
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.model.errors import AuthFailed, BadConfig, BadInput
from tui_mail.model.when import spoken, when

from . import wiring
from .journal import Journal
from .wanted import Send

_ASCII = {"→": "->", "←": "<-", "·": "--"}


def run(order: Send, places: Places, journal: Journal) -> int:
    """Sends and files it; raises MailError where that did not happen."""
    settings = file.load(places.config)
    account = choose(settings, order.account, places)
    draft = letter(order, account)
    if order.at:
        return _put_off(order, settings, account, draft, places)
    credentials = Credentials(ask=False)
    journal.open(credentials.mask)
    if account.can_send:
        ask(credentials, account, account.smtp.host)
    errand.send(
        settings,
        places.data,
        account,
        draft,
        connect=wiring.connect(credentials, places.data),
        carry=wiring.carry(credentials, places.data),
        trace=told if order.trace else None,
        clock=time.time,
    )
    print(f"Sent: {clean(draft.subject) or 'no subject'}")
    return 0


def _put_off(order: Send, settings: Settings, account: Account, draft: Draft, places: Places) -> int:
    """Into the outbox, to go at its time; nobody is connected to before."""
    now = time.time()
    due = when(order.at, now)
    errand.put_off(settings, places.data, account, draft, due=due, clock=time.time)
    subject = clean(draft.subject) or "no subject"
    print(f"Goes out {spoken(due, now)}, when tui-mail or tui-mail outbox --send runs: {subject}")
    return 0


def choose(settings: Settings, name: str, places: Places) -> Account:
    """The account of that name, by its key or one of its addresses; without a name the first one that is on."""
    if not settings.accounts:
        raise BadConfig(f"No account is configured in {places.config}.", remedy="tui-mail --help shows how.")
    active = settings.active().accounts
    for account in settings.accounts.values():
        if name in ("", account.key) or name.lower() in map(str.lower, account.addresses):
            if account.key in active:
                return account
            if name:
                raise BadInput(f"The account “{name}” is switched off (enabled = false) in {places.config}.")
    if not active:
        raise BadConfig(f"Every account is switched off (enabled = false) in {places.config}.")
    raise BadInput(f"There is no account “{name}”; known are {', '.join(active)}.")


def letter(order: Send, account: Account) -> Draft:
    """What is to be sent; the text from standard input where the order has none. Raises BadInput."""
    enclosures = tuple(enclosed(path.expanduser().absolute()) for path in order.files)
    body = order.body if order.body is not None else _standard_input()
    name = order.account.lower()
    other = next((one for one in account.identities.values() if one.address.lower() == name != account.key), None)
    return Draft(
        id=DraftId(secrets.token_hex(16)),
        account=account.key,
        sender="" if other is None else str(Address(other.name or account.name, other.address)),
        reply_to=account.reply_to if other is None else other.reply_to,
        sign=order.sign,
        encrypt=order.encrypt,
        markdown=order.markdown,
        to=", ".join(order.to),
        cc=", ".join(order.cc),
        bcc=", ".join(order.bcc),
        subject=order.subject,
        body=body.replace("\r\n", "\n").replace("\r", "\n"),
        enclosures=enclosures,
    )


def enclosed(path: Path) -> Enclosure:
    """A file that is there and can be read. Raises BadInput."""
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):  # a device has no end, a pipe can be read only once
            raise BadInput(f"{path} cannot be attached: it is not a file.")
        path.open("rb").close()
    except OSError as error:
        raise BadInput(f"{path} cannot be attached: {error.strerror}.") from error
    return Enclosure(path=str(path), name=path.name, size=facts.st_size)


def _standard_input() -> str:
    if sys.stdin.isatty():
        print("Type the letter; Ctrl-D on a line of its own ends it.", file=sys.stderr)
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"The text on standard input is not UTF-8 (octet {error.start + 1}).") from error


def ask(credentials: Credentials, account: Account, host: str) -> None:
    """Asks for a password that is known nowhere, on the terminal, if there is one; else raises AuthFailed."""
    try:
        credentials.password(account)
    except AuthFailed:
        if account.password_command or not sys.stderr.isatty():
            raise
        try:
            typed = getpass.getpass(f"Password of {account.login} at {host}: ")
        except EOFError:
            typed = ""
        if not typed:
            raise
        credentials.offer(account, Secret(typed))


def told(direction: str, text: str) -> None:
    """Prints one line of the dialogue as it happens."""
    try:
        direction.encode(sys.stdout.encoding)
    except UnicodeEncodeError:  # a terminal without arrows
        direction = _ASCII.get(direction, direction)
    print(f"{direction} {clean(text)}".encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding), flush=True)
