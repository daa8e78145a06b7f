"""`tui-mail`: the settings, the mail and the screens, from start to exit code."""

from __future__ import annotations

import logging
import os
import signal
import sys

from tui_mail import __version__
from tui_mail.config import file
from tui_mail.config.credentials import Credentials
from tui_mail.config.places import Places
from tui_mail.config.settings import Settings
from tui_mail.config.state import State
from tui_mail.model.errors import BadConfig, BadInput

from . import crash
from .journal import Journal

log = logging.getLogger(__name__)


def run(places: Places, journal: Journal) -> int:
    """The program on the user's own mail. Raises MailError before the screens are up."""
    settings = file.load(places.config)
    if not settings.accounts:
        missing = "" if places.config.exists() else " (there is no such file)"
        raise BadConfig(
            f"No account is configured in {places.config}{missing}.",
            remedy="Write one there ([accounts.NAME]; tui-mail --help shows how), or look around first: tui-mail demo",
        )
    need_terminal()
    return show(settings, places, Credentials(ask=True), journal)


def show(settings: Settings, places: Places, credentials: Credentials, journal: Journal, *, demo: bool = False) -> int:
    """Opens the screens on these settings and places; returns when they are left."""
    from tui_mail.ui.app import TuiMail  # Textual: 110 ms, so only when nothing else can fail

    from . import wiring

    journal.open(credentials.mask, logging.CRITICAL if demo else logging.INFO)  # a demo leaves nothing behind
    crash.to_the_log()
    begins(settings)
    mail = wiring.mail(settings, places.data, credentials)
    try:
        app = TuiMail(mail, settings, State(places.state), demo=demo)
    except BadConfig as error:  # a theme or an action that only the screens know
        raise BadConfig(f"{places.config}: {error.text}", remedy=error.remedy) from error
    mail.start(app.listen)
    try:
        app.run()
    finally:
        mail.close()
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)  # set where a signal ended the screens; it would end us half tidied
    if app.return_code == 1:
        print(f"tui-mail: what happened stands in {journal.path}", file=sys.stderr)
    return app.return_code or 0


def begins(settings: Settings) -> None:
    """The log's first line of a run: what one is asked for first when something is wrong."""
    accounts = len(settings.accounts)
    term = os.environ.get("TERM", "")
    log.info("tui-mail %s, Python %s, TERM=%s, %d accounts", __version__, sys.version.split()[0], term, accounts)


def need_terminal() -> None:
    """Raises BadInput where no screen can be drawn."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("This needs a terminal, and input or output is not one; tui-mail send works without.")
    if (term := os.environ.get("TERM", "")) in ("", "dumb", "unknown"):
        raise BadInput(f"This terminal (TERM={term or 'not set'}) cannot move its cursor, so no screen can be drawn.")
