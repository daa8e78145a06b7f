"""`tui-mail config import`: an account, its password and a draft from the JSON of an older script."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from tui_mail.config import file
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.places import Places
from tui_mail.config.settings import Account
from tui_mail.engine import drafting
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.errors import BadConfig, BadInput, MailError

from . import printing
from .older import Older, account_of, read


def run(path: Path, places: Places) -> None:
    """Raises BadInput where the file cannot be meant, BadConfig where the configuration cannot take the account."""
    older = read(path)
    for key in older.unknown:
        printing.note(f"{path}: “{key}” is not known here, so it was passed over.")
    account = _account(older, path, places)
    if older.password:
        _keep(account, Secret(older.password), path)
    _draft(older, account, places)


def _account(older: Older, path: Path, places: Places) -> Account:
    """The account that is meant: one that is there, or the new one, appended."""
    settings = file.load(places.config)
    if not older.sender:
        if older.names_account or not settings.accounts:
            raise BadInput(f"{path} names no sender, so nobody knows whose account that is.")
        return next(iter(settings.accounts.values()))
    there = next((one for one in settings.accounts.values() if one.address.lower() == older.sender.email.lower()), None)
    if there is not None:
        printing.say(f"Account {there.key} ({there.address}) is in {places.config} already; it was left as it is.")
        return there
    account = account_of(older, taken=settings.accounts)
    try:
        file.append_account(places.config, account)
    except BadConfig as error:
        raise BadInput(f"{path} cannot be imported: {error.text}", remedy=error.remedy) from error
    servers = f"{account.imap.host}:{account.imap.port}, {account.smtp.host}:{account.smtp.port}"
    printing.say(f"Account {account.key} ({account.address}; {servers}) is now in {places.config}.")
    return account


def _keep(account: Account, secret: Secret, path: Path) -> None:
    credentials = Credentials(ask=False)
    try:
        credentials.offer(account, secret, remember=True)
    except MailError as error:
        printing.done()
        way = f"Set password_command under [accounts.{account.key}], or type it in each run."
        printing.note(f"{error.text} {way}")
    else:
        printing.say(f"The password of {account.login} is in the keyring.")
    printing.note(f"{path} still holds the password in clear.")


def _draft(older: Older, account: Account, places: Places) -> None:
    draft = Draft(
        id=DraftId(secrets.token_hex(16)),
        account=account.key,
        to=", ".join(older.receivers),
        subject=older.subject,
        body=older.body,
    )
    if draft.is_empty:
        return
    if drafting.put_down(places.data, draft, time.time()):
        printing.say("The message is among the drafts.")
    else:
        printing.say("The message is among the drafts already.")
