"""`tui-mail`: the settings, the mail and the screens, from start to exit code."""

from __future__ import annotations

import logging
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from tui_mail import __version__
from tui_mail.config import file
from tui_mail.config.credentials import Credentials
from tui_mail.config.places import Places
from tui_mail.config.settings import Settings
from tui_mail.config.state import State
from tui_mail.model.draft import Draft
from tui_mail.model.errors import BadConfig, BadInput

from . import crash
from .journal import Journal

if TYPE_CHECKING:
    from tui_mail.ui.app import TuiMail

log = logging.getLogger(__name__)
_MOST_DAMAGES = 2
"""How often a run makes its index anew; a disk that breaks it each time needs another remedy."""


def run(
    places: Places, journal: Journal, demo: Callable[[], int], *, letter: Callable[[Settings], Draft] | None = None
) -> int:
    """The program on the user's own mail, begun again where accounts came or went; `demo` is `tui-mail demo`, `letter`
    makes the one that is open at first.

    Raises MailError before the screens are up.
    """
    credentials = Credentials(ask=True)
    news = ""
    damages = 0
    while True:
        settings = file.load(places.config)
        if not settings.accounts and not is_terminal():
            missing = "" if places.config.exists() else " (there is no such file)"
            raise BadConfig(
                f"No account is configured in {places.config}{missing}.",
                remedy="In a terminal tui-mail asks for one; or write it there ([accounts.NAME]; "
                "tui-mail --help shows how).",
            )
        need_terminal()
        begun = letter(settings) if letter is not None and settings.accounts else None
        letter = None
        app = _screens(settings, places, credentials, journal, news=news, letter=begun)
        match app.then:
            case "again":
                news = app.parting
                damages += app.damage is not None
                if app.damage is not None and damages > _MOST_DAMAGES:
                    raise app.damage
            case "demo":
                news = ""
                if code := demo():
                    return code
            case _:
                return app.return_code or 0


def show(settings: Settings, places: Places, credentials: Credentials, journal: Journal, *, demo: bool = False) -> int:
    """Opens the screens on these settings and places; returns when they are left."""
    return _screens(settings, places, credentials, journal, demo=demo).return_code or 0


def _screens(
    settings: Settings,
    places: Places,
    credentials: Credentials,
    journal: Journal,
    *,
    demo: bool = False,
    news: str = "",
    letter: Draft | None = None,
) -> TuiMail:
    """The app after its screens were left: it says how, and what is to come."""
    from tui_mail.ui.terminal import ability

    ability.prepare(os.environ)
    from tui_mail.engine.workshop import Workshop
    from tui_mail.ui.app import TuiMail  # Textual: 110 ms, so only when nothing else can fail
    from tui_mail.ui.screens.accounts import PAUSED

    from . import background, unsaved, wiring

    journal.open(credentials.mask, logging.CRITICAL if demo else logging.INFO)  # a demo leaves nothing behind
    crash.to_the_log()
    state = State(places.state)
    settings = settings.active(state.get(PAUSED, [""][:0]))
    begins(settings)
    enrolment = None if demo else wiring.enrolment(places, credentials)
    with ExitStack() as stack:
        data = places.data
        if not settings.accounts:  # nothing to keep yet, so nothing is made where mail will be
            data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tui-mail-")))
        workshop = stack.enter_context(closing(Workshop()))
        mail = wiring.mail(settings, data, credentials, opener=workshop)
        try:
            app = TuiMail(mail, settings, state, demo=demo, enrolment=enrolment, news=news)
        except BadConfig as error:  # a theme or an action that only the screens know
            raise BadConfig(f"{places.config}: {error.text}", remedy=error.remedy) from error
        app.letter = letter
        workshop.start()
        mail.start(app.listen)
        try:
            app.run()
        finally:
            mail.close()
            if said := unsaved.put_elsewhere(mail.unwritten(), Path.home()):
                print(f"tui-mail: {said}", file=sys.stderr)
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, 0)  # set where a signal ended the screens
    if app.sends_on:
        background.start(places, credentials)
    if app.return_code == 1:
        print(f"tui-mail: what happened stands in {journal.path}", file=sys.stderr)
    return app


def begins(settings: Settings) -> None:
    """The log's first line of a run: what one is asked for first when something is wrong."""
    accounts = len(settings.accounts)
    term = os.environ.get("TERM", "")
    log.info("tui-mail %s, Python %s, TERM=%s, %d accounts", __version__, sys.version.split()[0], term, accounts)


def is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def need_terminal() -> None:
    """Raises BadInput where no screen can be drawn."""
    if not is_terminal():
        raise BadInput("This needs a terminal, and input or output is not one; tui-mail send works without.")
    if (term := os.environ.get("TERM", "")) in ("", "dumb", "unknown"):
        raise BadInput(f"This terminal (TERM={term or 'not set'}) cannot move its cursor, so no screen can be drawn.")
