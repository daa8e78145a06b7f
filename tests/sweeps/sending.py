"""Letters are sent over lines that break and past servers that refuse, with kills between: each goes once, or is known
not to be known; each copy is filed once."""

from __future__ import annotations

import imaplib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from tests.sweeps.carrier import DIE_AT, open_mail, told
from tests.sweeps.differential import Wrong
from tests.sweeps.other import Fate, Other
from tests.sweeps.place import Place
from tests.sweeps.proxy import Break, Kind, Proxy
from tui_mail.model.draft import Draft, DraftId, Waiting

PATIENCE = 60.0
TIMEOUT = 1.0
_LETTERS = 4
_SMTP, _IMAP = 1_500, 4_000
"""Octets within which a line breaks: a letter's dialogue, and a login with what follows."""
_FINAL = ("done", "refused", "unknown")
AFTER = {
    "claimed": ("done", 1),
    "before the dot": ("done", 1),
    "handed over": ("unknown", 0),
    "taken": ("unknown", 1),
    "sent": ("done", 1),
    "before the copy": ("done", 1),
    "copied": ("done", 1),
    "done": ("done", 1),
}
"""Of each step at which the program is killed: what becomes of the letter, and how often it was delivered."""


@dataclass(frozen=True, slots=True)
class Mood:
    """What the server does to one letter, and where that may leave it."""

    name: str
    act: Callable[[Place], None]
    ends: tuple[str, ...]


MOODS = (
    Mood("takes it", lambda place: None, ("done", "unknown")),
    Mood("4xx, then takes it", lambda place: place.refuse("RCPT", "451 4.2.1 Greylisted"), ("done", "unknown")),
    Mood("421, then takes it", lambda place: place.refuse("MAIL", "421 4.3.2 Going down"), ("done", "unknown")),
    Mood("too many, then takes it", lambda place: place.refuse("RCPT", "452 4.5.3 Too many"), ("done", "unknown")),
    Mood("no such user", lambda place: place.refuse("RCPT", "550 5.1.1 Nobody here"), ("refused", "done", "unknown")),
    Mood("too large", lambda place: place.refuse("MAIL", "552 5.3.4 Too large"), ("refused", "done", "unknown")),
    Mood("takes it, answer lost", lambda place: place.lose(), ("done", "unknown")),
)


def run(place: Place, seed: int, deaths: int = 2) -> str:
    """One try. Raises Wrong."""
    dice = random.Random(f"{place.name} {seed}")
    moods = [dice.choice(MOODS) for _ in range(_LETTERS)]
    with ExitStack() as stack:
        imap, smtp = Proxy(place.account.imap.port), Proxy(place.account.smtp.port)
        for line in (imap, smtp):
            stack.callback(line.close)
        account = replace(
            place.account,
            imap=replace(place.account.imap, port=imap.port),
            smtp=replace(place.account.smtp, port=smtp.port),
        )
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tm-send-"))) / "data"
        words = told(account, place.secret.reveal())
        kinds: list[Kind] = ["cut", "reset", "stall"]
        for line, octets in ((smtp, _SMTP), (smtp, _SMTP), (imap, _IMAP)):
            if dice.random() < 0.7:
                line.break_after(Break(dice.randrange(octets * 3), dice.random() < 0.5, dice.choice(kinds)))
        mail = open_mail(data, words, timeout=TIMEOUT)
        mail.start(lambda event: None)
        names = {}
        try:
            for number, mood in enumerate(moods):
                mood.act(place)
                name = f"{place.name} {seed}.{number}"
                draft = Draft(DraftId(f"{seed}.{number}"), "work", to="bob@example.net", subject=name, body="Text.\n")
                names[name] = mood
                mail.send(draft).result(10)
                mail.settled(dice.uniform(0, 1.5))
        finally:
            mail.close()
        for _ in range(deaths):
            _live_and_die(data, words, dice)
        for line in (imap, smtp):
            line.mend()
        letters = rest(data, words)
    return _judge(place, letters, names)


def _live_and_die(data: Path, words: str, dice: random.Random) -> None:
    """The program comes up, goes on with what waits, and is killed."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.sweeps.carrier", str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    death = threading.Timer(dice.uniform(0.2, 1.5), child.kill)
    death.start()
    _, said = child.communicate(words)
    death.cancel()
    if "Traceback" in said:
        raise Wrong(f"the child fell over by itself:\n{said}")


def die_at(data: Path, words: str, step: str) -> bool:
    """Sends one letter in a program that ends itself at that step; True where it came to it."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.sweeps.carrier", str(data)],
        input=words,
        env={**os.environ, DIE_AT: step},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if "Traceback" in child.stderr:
        raise Wrong(child.stderr)
    return child.returncode == -signal.SIGKILL


def rest(data: Path, words: str) -> list[Waiting]:
    """The program once more, on lines that hold, until nothing waits; the person presses `send now` where it must."""
    mail = open_mail(data, words)
    mail.start(lambda event: None)
    end = time.monotonic() + PATIENCE
    try:
        while open_letters := [one for one in mail.outbox() if one.state not in _FINAL]:
            if time.monotonic() > end:
                raise Wrong(f"it never came to an end: {open_letters}, {mail.connection('work')}")
            mail.refresh()
            for one in open_letters:
                if one.state == "waiting":
                    mail.retry(one.id)
            mail.settled(2)
        return [*mail.outbox(), *mail.sent_lately()]
    finally:
        mail.close()


def _judge(place: Place, letters: list[Waiting], names: dict[str, Mood]) -> str:
    """The census: of each letter how often it was delivered and how often it was filed."""
    taken = [_subject(data) for data in place.received()]
    other = place.other()
    try:
        filed = [_subject(data) for data in in_sent(other)]
    finally:
        other.logout()
    states = {one.subject: one.state for one in letters}
    possible = {end for mood in names.values() for end in mood.ends}  # a retry may meet the next letter's mood
    wrong = []
    for name, mood in names.items():
        state, count, copies = states.get(name, "gone"), taken.count(name), filed.count(name)
        fits = {"done": (1, 1), "refused": (0, 0), "unknown": (min(count, 1), 0)}.get(state)
        if fits != (count, copies) or state not in possible:
            wrong.append(f"“{name}” ({mood.name}) is {state}, was delivered {count} times and filed {copies} times")
    if wrong:
        raise Wrong("\n".join(wrong))
    ends = sorted(states[name] for name in names)
    return ", ".join(f"{ends.count(end)} {end}" for end in dict.fromkeys(ends))


def in_sent(other: imaplib.IMAP4) -> list[bytes]:
    """What stands in Sent, through somebody else's client."""
    name = Other(other, random.Random(0), Fate()).spelled(b"Sent").decode()
    kind, found = other.select(name, readonly=True)
    if kind != "OK" or found == [b"0"]:
        return []
    _, answers = other.fetch("1:*", "(BODY.PEEK[])")
    return [answer[1] for answer in answers if isinstance(answer, tuple)]


def _subject(data: bytes) -> str:
    line = next((line for line in data.split(b"\r\n") if line.lower().startswith(b"subject:")), b"")
    return line.partition(b":")[2].strip().decode()
