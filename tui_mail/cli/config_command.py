"""`tui-mail config`: where the configuration is, what holds and from where, whether it is right; and import."""

from __future__ import annotations

import shutil
import sys

from tui_mail.config import file
from tui_mail.config.credentials import Credentials
from tui_mail.config.places import Places
from tui_mail.config.settings import Settings
from tui_mail.config.state import State
from tui_mail.mime.clean import clean
from tui_mail.model.errors import BadConfig

from . import printing
from .columns import Column, table
from .wanted import Config


def run(order: Config, places: Places) -> int:
    match order.what:
        case "path":
            printing.say(str(places.config))
        case "show":
            _show(order, places)
        case "check":
            _check(places)
        case _:
            from . import bringing

            if order.file is not None:
                bringing.run(order.file.expanduser(), places)
    return 0


def _show(order: Config, places: Places) -> None:
    """Every setting; passwords never stand in the file, so there are none to hide."""
    from .origins import origins

    settings = file.load(places.config)
    text = places.config.read_text("utf-8") if places.config.exists() else ""
    found = origins(settings, text, places)
    if order.json:
        printing.objects({"key": one.key, "value": one.value, "source": one.source} for one in found)
        return
    columns = [
        Column("SETTING", [one.key for one in found], 20),
        Column("VALUE", [clean(printing.as_json(one.value)) for one in found], 20),
        Column("FROM", [one.source for one in found], 20),
    ]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in table(columns, max(room, 100) if room else 0):
        printing.say(line)


def _check(places: Places) -> None:
    """Everything that could be refused at the start is looked at, themes and keys included. Raises BadConfig."""
    settings = file.load(places.config)
    _ask_the_screens(settings, places)
    if not places.config.exists():
        printing.say(f"{places.config}: there is no such file, so the defaults hold.")
    elif not settings.accounts:
        printing.say(f"{places.config}: right, but no account stands in it.")
    else:
        printing.say(f"{places.config}: right. Accounts: {', '.join(settings.accounts)}.")


def _ask_the_screens(settings: Settings, places: Places) -> None:
    """Which themes and actions there are, only they know."""
    from tui_mail.ui.app import TuiMail

    from . import wiring

    try:
        mail = wiring.mail(settings, places.data, Credentials(ask=True))
        TuiMail(mail, settings, State(places.state, is_kept=False))
    except BadConfig as error:
        raise BadConfig(f"{places.config}: {error.text}", remedy=error.remedy) from error
