"""`tui-mail import`: mail from an mbox, a Maildir or .eml files into a folder, each letter once."""

from __future__ import annotations

import re

from tui_mail.backend.contract import RemoteFolder, Store
from tui_mail.backend.deposit import Outcome, deposit
from tui_mail.backend.origin import Source, sources
from tui_mail.config import file
from tui_mail.config.credentials import Credentials
from tui_mail.config.places import Places
from tui_mail.config.settings import Account
from tui_mail.engine import roles
from tui_mail.mime.clean import line, sound
from tui_mail.model.errors import MailError
from tui_mail.model.folder import Role

from . import printing, send, wiring
from .journal import Journal
from .progress import Bar
from .wanted import Import


def run(order: Import, places: Places, journal: Journal) -> int:
    settings = file.load(places.config)
    account = send.choose(settings, order.account, places)
    found = [source for source in sources(order.path) if source.count]
    credentials = Credentials(ask=False)
    journal.open(credentials.mask)
    if account.maildir is None:
        send.ask(credentials, account, account.imap.host)
    store = wiring.connect(credentials, places.data)(account)
    bar = Bar()
    try:
        store.connect()
        return max([_bring(store, account, source, order, bar) for source in found])
    finally:
        bar.clear()
        store.close()


def _bring(store: Store, account: Account, source: Source, order: Import, bar: Bar) -> int:
    """One folder's worth; the exit code. What was brought until something failed is said all the same."""
    raw, name = _target(store, account, order, source.name)
    if source.remark:
        printing.note(source.remark)
    outcome = Outcome()
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        bar.show(f"importing into {name}", done, source.count)

    try:
        deposit(store, raw, source.read(), outcome, tell)
    except MailError as error:
        _say(outcome, account, name, bar)
        again = "The same command goes on where this one stopped; nothing comes twice."
        raise type(error)(
            f"{error.text} {source.count - done:,} of {source.count:,} are left.", remedy=again
        ) from error
    _say(outcome, account, name, bar)
    for refused in outcome.refused[:10]:
        printing.note(f"{name}: not taken: {refused}")
    if len(outcome.refused) > 10:
        printing.note(f"{name}: and {len(outcome.refused) - 10:,} more were not taken.")
    return 1 if outcome.refused else 0


def _target(store: Store, account: Account, order: Import, below: tuple[str, ...]) -> tuple[bytes, str]:
    """The folder by its name or role, made where there is none: its key and its name.

    A name that was given may be a path; one that is made of a file's name, or a folder's there, is one step.
    """
    there = store.folders()
    parts = roles.assign(there, account.folders)
    delimiter = next((one.delimiter for one in there if one.delimiter), "/")
    base = sound(order.folder) or _piece(line(order.path.resolve().stem), delimiter)
    top = next((one for one in there if _is(one, base, parts.get(one.raw))), None)
    if top is not None and not below:
        return top.raw, line(top.name)
    name = delimiter.join([top.name if top is not None else base, *(_piece(piece, delimiter) for piece in below)])
    found = next((one for one in there if one.name.casefold() == name.casefold()), None)
    return (found.raw if found else store.create(name)), line(name)


def _is(folder: RemoteFolder, name: str, role: Role | None) -> bool:
    return folder.selectable and name.casefold() in (folder.name.casefold(), role or "")


def _piece(name: str, delimiter: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "_", name.replace(delimiter, "_"))


def _say(outcome: Outcome, account: Account, name: str, bar: Bar) -> None:
    bar.clear()
    what = "1 message" if outcome.new == 1 else f"{outcome.new:,} messages"
    more = f"; {outcome.there:,} were there already" if outcome.there else ""
    more += f"; {outcome.expunged:,} that were thrown away before were left out" if outcome.expunged else ""
    more += f"; {outcome.empty:,} empty left out" if outcome.empty else ""
    printing.say(f"{what} into {account.key}: {name}{more}.")
