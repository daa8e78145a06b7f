"""The process that carries the outbox on when the screens are gone: detached, ended when nothing is due any more."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from pathlib import Path

from tui_mail.config import file
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.places import Places
from tui_mail.config.state import State
from tui_mail.engine import errand
from tui_mail.model.errors import MailError

from . import wiring
from .journal import Journal
from .looking import PAUSED

PATIENCE = 600.0
"""Seconds for which a letter that is not due yet, or that is to be tried again, is waited for."""
log = logging.getLogger(__name__)


def start(places: Places, credentials: Credentials) -> None:
    """Begins it and returns. Passwords that were typed in this run go along through a pipe, and nowhere else."""
    where = [str(place) for place in (places.config, places.data, places.state, places.log)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tui_mail.cli.background", *where],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )
    if process.stdin is not None:
        typed = {key: secret.reveal() for key, secret in credentials.typed().items()}
        process.stdin.write(json.dumps(typed).encode())
        process.stdin.close()


def main(words: list[str]) -> int:
    """CONFIG DATA STATE LOG; typed passwords as JSON on standard input."""
    places = Places(*map(Path, words))
    typed = json.load(sys.stdin)
    credentials = Credentials(ask=False)
    journal = Journal(places.log)
    journal.open(credentials.mask)
    try:
        settings = file.load(places.config)
        for key, password in typed.items():
            if key in settings.accounts:
                credentials.offer(settings.accounts[key], Secret(password))
        sent = errand.carry_on(
            settings.active(State(places.state).get(PAUSED, [""][:0])),
            places.data,
            connect=wiring.connect(credentials, places.data),
            carry=wiring.carry(credentials, places.data),
            clock=time.time,
            patience=PATIENCE,
            told=log.info,
        )
        log.info("Sent %d letters in the background.", sent)
    except MailError as error:
        log.error("The outbox could not be carried on: %s", error)
        return 1
    finally:
        journal.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
