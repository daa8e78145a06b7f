"""The program is killed in the middle of its work, again and again: what it promised stands, and stands once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.sweeps.carrier import open_mail, told
from tests.sweeps.differential import Wrong
from tests.sweeps.other import Fate, Other, letter
from tests.sweeps.place import Place
from tui_mail.engine.mail import Mail
from tui_mail.model.folder import Role
from tui_mail.model.message import FLAGGED
from tui_mail.model.query import Query

DEATHS = 4
PATIENCE = 40.0
_LETTERS = 60


@dataclass(slots=True)
class Promises:
    """What children said before they died."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def of(self, what: str) -> set[str]:
        return {name for said, name in self.lines if said == what}

    def last(self, *whats: str) -> dict[str, str]:
        """Of each name the last of these that was said of it."""
        return {name: said for said, name in self.lines if said in whats}


def run(place: Place, seed: int, deaths: int = DEATHS) -> str:
    """One try: several deaths on the same files. Raises Wrong."""
    dice = random.Random(f"{place.name} {seed}")
    promises = Promises()
    other = Other(place.other(), dice, Fate())
    for number in range(_LETTERS):
        other.put(b"INBOX", letter(f"in{number:02}", f"letter {number}"))
    for number in range(8):
        other.put(other.spelled(b"Trash"), letter(f"trash{number}", f"rubbish {number}"))
    with tempfile.TemporaryDirectory(prefix="tm-kill-") as folder:
        data, words = Path(folder) / "data", told(place.account, place.secret.reveal())
        for death in range(deaths):
            _live_and_die(place, data, f"{seed}.{death}", dice.uniform(0.02, 1.2), promises, dice)
        mail = open_mail(data, words)
        mail.start(lambda event: None)
        try:
            _end(mail)
            trouble = _broken(mail, other, place, promises)
        finally:
            mail.close()
            other.close()
    if trouble:
        raise Wrong("\n".join([*trouble, *map(str, promises.lines)]))
    return f"{len(promises.lines)} promises kept over {deaths} deaths"


def _live_and_die(place: Place, data: Path, seed: str, seconds: float, promises: Promises, dice: random.Random) -> None:
    """Starts it, breaks the line now and then, kills it `seconds` after it has started."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.sweeps.child", str(data), seed],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    child.stdin.write(told(place.account, place.secret.reveal()))
    child.stdin.close()
    deaths: list[threading.Timer] = []
    try:
        for line in child.stdout:
            what, name = json.loads(line)
            promises.lines.append((what, name))
            if what == "started":
                deaths.append(threading.Timer(seconds, child.kill))
                deaths[0].start()
            elif dice.random() < 0.1:
                place.cut()
    finally:
        child.kill()
        words = child.stderr.read()
        child.wait()
        for timer in deaths:
            timer.cancel()
    if "Traceback" in words:
        raise Wrong(f"the child fell over by itself:\n{words}")


def _end(mail: Mail) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        mail.refresh()
        mail.settled(2)
        waits = [one for one in mail.outbox() if one.state not in ("unknown", "done")]
        if mail.connection("work").state == "online" and not mail.owed().actions and not waits:
            break
        if time.monotonic() > end:
            raise Wrong(f"it never came to an end: {mail.owed()}, {mail.outbox()}, {mail.connection('work')}")
    mail.refresh()
    mail.settled(5)


def _broken(mail: Mail, other: Other, place: Place, promises: Promises) -> list[str]:
    census = other.census()
    everywhere = Counter(one[0] for held in census.values() for one in held.elements())
    flags = {one[0]: one[1] for held in census.values() for one in held}
    where = {one[0]: folder for folder, held in census.items() for one in held}
    found = [f"{name} stands {number} times" for name, number in everywhere.items() if number > 1]
    found += [f"{name} is lost" for name in (f"<in{n:02}@sweep.example>" for n in range(_LETTERS)) if name not in where]
    found += [
        f"{name} was archived, is in {where.get(name)!r}"
        for name in promises.of("archived")
        if where.get(name) != other.spelled(b"Archive")
    ]
    found += [f"{name} was starred" for name in promises.of("starred") if FLAGGED not in flags.get(name, ())]
    for name, last in promises.last("deleting", "deleted", "kept").items():
        if last == "deleted" and name in where:
            found.append(f"{name} was deleted for good and is there")
        if last == "kept" and name not in where:
            found.append(f"{name} was brought back and is not there")
    found += [
        f"{n} gone unasked"
        for n in (f"<trash{n}@sweep.example>" for n in range(8))
        if n not in where and n not in promises.of("deleting")
    ]
    drafts = {draft.subject: draft.body for draft in mail.drafts()}
    found += [f"{name} is gone" for name in promises.of("draft") if drafts.get(name) != "Half a thou"]
    found += _letters(mail, place, promises)
    for role in (Role.INBOX, Role.ARCHIVE, Role.TRASH, Role.SENT):
        folder = mail.role("work", role)
        rows = mail.rows(list(mail.listing(Query(folder.id)))) if folder else []
        here = Counter((row.message_id, row.flags) for row in rows if row is not None)
        there = census[folder.raw] if folder else Counter[tuple[str, frozenset[str]]]()
        if here != there:
            found.append(f"{role}: only here {here - there}, only there {there - here}")
    return found


def _letters(mail: Mail, place: Place, promises: Promises) -> list[str]:
    went = Counter(
        line.removeprefix(b"Subject: ").strip().decode()
        for raw in place.received()
        for line in raw.split(b"\r\n\r\n")[0].splitlines()
        if line.startswith(b"Subject: ")
    )
    unknown = {waiting.subject for waiting in mail.outbox() if waiting.state == "unknown"}
    sent = mail.role("work", Role.SENT)
    rows = mail.rows(list(mail.listing(Query(sent.id)))) if sent else []
    copies = Counter(row.subject for row in rows if row is not None)
    found = [f"{name} went out {number} times" for name, number in went.items() if number > 1]
    found += [f"{name} never went out" for name in promises.of("sent") if not went[name] and name not in unknown]
    found += [f"{name} has {number} copies" for name, number in copies.items() if number > 1]
    found += [f"{name} has no copy" for name in went if not copies[name] and name not in unknown]
    return found
