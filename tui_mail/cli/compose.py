"""`tui-mail compose` and `tui-mail mailto:…`: the screens, with a letter open."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tui_mail.config import templates
from tui_mail.config.places import Places
from tui_mail.config.settings import Settings
from tui_mail.mime.clean import clean
from tui_mail.mime.mailto import from_mailto
from tui_mail.mime.reply import new
from tui_mail.model import template
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.errors import BadInput

from . import run, send
from .journal import Journal
from .wanted import Compose


def compose(order: Compose, places: Places, journal: Journal, demo: Callable[[], int]) -> int:
    """The program, with the letter in the composer; nothing is sent before the person says so."""
    return run.run(places, journal, demo, letter=lambda settings: letter(order, settings, places))


def letter(order: Compose, settings: Settings, places: Places) -> Draft:
    """What the order asks for, from the account that it names. Raises BadInput, BadConfig."""
    account = send.choose(settings, order.account, places)
    draft = new(DraftId(secrets.token_hex(8)), account.key, account.signature)
    draft = replace(draft, reply_to=account.reply_to, markdown=settings.compose.markdown)
    if order.template:
        draft = template.begin(found(order.template, settings.compose.templates), draft)
        sender = Address(account.name, account.address)
        draft = template.fill(replace(draft, to=draft.to or ", ".join(order.to)), sender, time.strftime("%x"))
    if order.url:
        draft = from_mailto(order.url, draft)
    return replace(
        draft,
        to=", ".join(filter(None, (draft.to, *(one for one in order.to if one not in draft.to)))),
        cc=", ".join(filter(None, (draft.cc, *order.cc))),
        subject=clean(order.subject) or draft.subject,
        body=clean(order.body, lines=True) + draft.body,
        enclosures=tuple(send.enclosed(path.expanduser().absolute()) for path in order.files),
    )


def found(name: str, folder: Path | None) -> template.Template:
    """The template of that name. Raises BadInput."""
    known = templates.files(folder)
    for path in known:
        if name in (path.name, path.stem):
            return template.read(path.name, clean(templates.text(path), lines=True))
    names = ", ".join(path.stem for path in known[:20]) or "none; set templates in [compose]"
    raise BadInput(f"There is no template “{clean(name)}”; there are {names}.")
