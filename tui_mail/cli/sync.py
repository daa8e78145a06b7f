"""`tui-mail sync`: all mail brought up to date without a screen, and what that came to."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from tui_mail.config.places import Places
from tui_mail.config.settings import Account
from tui_mail.engine.headless import Figures, sync
from tui_mail.mime.clean import line, sound
from tui_mail.model.errors import BadInput, IndexDamaged, MailError, StorageFailed
from tui_mail.model.event import Event, Failed, HeldBack, Noticed
from tui_mail.model.folder import Folder

from . import printing, send, telling
from .columns import Column, table
from .journal import Journal
from .looking import Look, is_named, look
from .wanted import Sync


def run(order: Sync, places: Places, journal: Journal) -> int:
    try:
        return _run(order, places, journal)
    except IndexDamaged:
        raise
    except StorageFailed as error:
        again = "Make room, or have the folder written: the same command goes on where this one stopped."
        raise StorageFailed(error.text, remedy=again, detail=error.detail) from error


def _run(order: Sync, places: Places, journal: Journal) -> int:
    troubles: list[str] = []

    def hear(event: Event) -> None:
        if (words := _words(event)) is not None:
            troubles.append(words)

    with look(places, journal, offline=False, hear=hear) as here:
        if here.visit.is_shared:
            printing.note("another tui-mail is running and keeps the mail up to date; nothing was done here.")
            if order.json:
                printing.objects([])
            return 0
        accounts = (
            [send.choose(here.settings, order.account, places)] if order.account else here.settings.accounts.values()
        )
        found: list[Figures] = []
        for account in accounts:
            _bring(here, account, sound(order.folder), found, troubles)
        here.bar.clear()
        if order.folder and not found and not troubles:
            raise BadInput(f"There is no folder “{order.folder}” in {' or '.join(one.key for one in accounts)}.")
        if order.json:
            printing.objects(map(as_object, found))
        else:
            _print(found)
    printing.done()
    troubles += [f"{one.account}: {one.folder}: {one.trouble}" for one in found if one.trouble]
    for words in troubles:
        printing.note(words)
    return 1 if troubles else 0


def _bring(here: Look, account: Account, folder: str, found: list[Figures], troubles: list[str]) -> None:
    """One account; its trouble does not keep the others from being brought up to date."""

    def wanted(one: Folder) -> bool:
        return not folder or is_named(one, folder)

    try:
        found.extend(sync(here.visit, account, wanted, here.settings.sync.keep))
    except StorageFailed:
        raise
    except MailError as error:
        troubles.append(f"{account.key}: {error}")


def _words(event: Event) -> str | None:
    match event:
        case Failed(error, account):
            return f"{account}: {error}" if account else str(error)
        case HeldBack(account, _, name, count):
            return (
                f"{account}: {name} lost {count:,} messages on the server at once. They stay here until you say what "
                "is to become of them: open tui-mail."
            )
        case Noticed(text, account):
            return f"{account}: {text}" if account else text
    return None


def as_object(one: Figures) -> dict[str, object]:
    """What `--json` gives of a folder."""
    return {
        "account": one.account,
        "folder": line(one.folder),
        "messages": one.total,
        "new": one.new,
        "changed": one.changed,
        "gone": one.gone,
        "texts": one.texts,
        "bytes": one.octets,
        "seconds": round(one.seconds, 3),
        "error": line(str(one.trouble)) if one.trouble else None,
    }


def _print(found: Sequence[Figures]) -> None:
    """The folders in which something happened, then a line an account."""
    told = [one for one in found if one.new or one.changed or one.gone or one.texts]
    several = len({one.account for one in found}) > 1
    columns = [
        Column("ACCOUNT", [one.account if several else "" for one in told], 8),
        Column("FOLDER", [line(one.folder) for one in told], 12, weight=3),
        *(
            Column(heading, [f"{count:,}" for count in counts], 5, right=True)
            for heading, counts in (
                ("NEW", [one.new for one in told]),
                ("CHANGED", [one.changed for one in told]),
                ("GONE", [one.gone for one in told]),
                ("TEXTS", [one.texts for one in told]),
            )
        ),
        Column("FETCHED", [telling.size(one.octets) for one in told], 5, right=True),
        Column("SECONDS", [f"{one.seconds:.1f}" for one in told], 7, right=True),
    ]
    for text in table(columns, shutil.get_terminal_size().columns if sys.stdout.isatty() else 80):
        printing.say(text)
    for account in dict.fromkeys(one.account for one in found):
        own = [one for one in found if one.account == account]
        news = sum(one.new + one.changed + one.gone for one in own)
        what = f"{news:,} {'change' if news == 1 else 'changes'}" if news else "nothing new"
        folders = "1 folder" if len(own) == 1 else f"{len(own):,} folders"
        held = sum(one.total for one in own)
        printing.say(f"{account}: {what}; {held:,} messages in {folders}, {sum(one.seconds for one in own):.1f} s")
