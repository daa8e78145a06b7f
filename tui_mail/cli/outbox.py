"""`tui-mail outbox`: what waits to go out and what went, the dialogue of a letter, and sending what is due."""

from __future__ import annotations

import time

from tui_mail.config import file
from tui_mail.config.credentials import Credentials
from tui_mail.config.places import Places
from tui_mail.config.state import State
from tui_mail.engine import errand
from tui_mail.mime.clean import line
from tui_mail.model.draft import Waiting
from tui_mail.model.errors import BadInput
from tui_mail.model.standing import standing

from . import printing, wiring
from .journal import Journal
from .looking import PAUSED
from .send import told
from .wanted import Outbox


def run(order: Outbox, places: Places, journal: Journal) -> int:
    """Lists, shows or sends; raises MailError."""
    if order.trace is not None:
        return _trace(order.trace, places)
    if order.send:
        return _send(places, journal)
    now = time.time()
    waiting, sent = errand.outbox(places.data, now)
    if order.json:
        printing.objects(_as_object(letter) for letter in (*waiting, *sent))
        return 0
    for letter in (*waiting, *sent):
        to = ", ".join(letter.recipients)
        printing.say(f"{letter.id}  {line(letter.subject) or '(no subject)'}  to {line(to)}")
        printing.say(f"    {line(standing(letter, now))}")
    return 0


def _as_object(letter: Waiting) -> dict[str, object]:
    return {
        "id": letter.id,
        "account": letter.account,
        "state": letter.state,
        "subject": letter.subject,
        "to": list(letter.recipients),
        "due": _iso(letter.due),
        "sent": _iso(letter.sent_at) if letter.sent_at else None,
        "tries": letter.tries,
        "reply": letter.reply,
        "why": letter.why,
        "refused": dict(letter.refused),
    }


def _iso(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(moment))


def _trace(letter: int, places: Places) -> int:
    tries = errand.dialogues(places.data, letter)
    if not tries:
        raise BadInput(f"Nothing is kept of a letter {letter}.", remedy="tui-mail outbox lists the numbers.")
    for number, (at, lines) in enumerate(tries, 1):
        printing.say(f"# try {number}, ended {_iso(at)}")
        for text in lines:
            told(text[:1], text[2:])
    return 0


def _send(places: Places, journal: Journal) -> int:
    """What is due now; 1 where something of it did not go."""
    settings = file.load(places.config).active(State(places.state).get(PAUSED, [""][:0]))
    credentials = Credentials(ask=False)
    journal.open(credentials.mask)
    before = sum(letter.state == "waiting" and letter.due <= time.time() for letter in _open(places))
    sent = errand.carry_on(
        settings,
        places.data,
        connect=wiring.connect(credentials, places.data),
        carry=wiring.carry(credentials, places.data),
        clock=time.time,
        patience=0,
        told=printing.say,
    )
    return 0 if sent >= before else 1


def _open(places: Places) -> list[Waiting]:
    return errand.outbox(places.data, time.time())[0]
