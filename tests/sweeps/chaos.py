"""The line breaks anywhere while a fixed morning's work is told: every run ends in the one state it should."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from tests.sweeps.differential import Wrong, nothing_more
from tests.sweeps.other import Census, Fate, Other, letter
from tests.sweeps.person import Person
from tests.sweeps.place import Place
from tests.sweeps.proxy import Break, Kind, Proxy
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.folder import Role
from tui_mail.model.message import FLAGGED, SEEN, MessageId, Summary

PATIENCE = 40.0
"""Seconds until all must be told: reconnecting takes pauses of its own."""
TIMEOUT = 1.0
"""Seconds until a line that says nothing is given up."""
_INBOX = 24
_STARRED, _READ, _ARCHIVED, _MOVED, _TRASHED = slice(0, 2), slice(2, 4), slice(4, 7), slice(7, 11), slice(11, 13)
FORGED = (
    b"* 1 EXPUNGE\r\n",
    b"* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n",
    b"* 9999 EXPUNGE\r\n",
    b"* VANISHED 1:5\r\n",
    b"* 3 FETCH (FLAGS (\\Deleted))\r\n",
    b"* 0 EXISTS\r\n",
    b"* 99999 EXISTS\r\n",
    b"* SEARCH 1 2 3\r\n",
    b"* PREAUTH come in\r\n",
    b"* CAPABILITY IMAP4rev1\r\n",
    b"* OK [UIDVALIDITY 77] another one\r\n",
    b"* OK [UIDNEXT 1] from the start\r\n",
    b"* OK [ALERT] Pay at once\r\n",
    b'* LIST () "/" Forged\r\n',
    b"* BYE Good night\r\n",
    b"+ go on\r\n",
    b"x9 OK done\r\n",
    b"\x00\xff\xfe{3}\r\n",
    b"* 1 FETCH (UID 1 FLAGS (\r\n",
)
"""What somebody else puts between two answers of the server."""
_SUBJECT = "The letter of this morning"


@dataclass(frozen=True, slots=True)
class Traffic:
    """Octets of a whole morning without any fault: where breaks may strike."""

    imap_up: int
    imap_down: int
    smtp_up: int
    smtp_down: int
    points: tuple[Break, ...]
    """Cuts before and within everything that was said, both ways."""


def measure(place: Place) -> Traffic:
    """The same morning on a line that holds."""
    with ExitStack() as stack:
        imap, smtp = _lines(place, stack)
        _morning(place, imap, smtp, "clean", random.Random(0))
        points = tuple(Break(octets + more, up) for up, octets in imap.pieces for more in (0, 7))
        return Traffic(imap.up, imap.down, smtp.up, smtp.down, points)


def cut(place: Place, number: int, traffic: Traffic) -> str:
    """The morning cut at one point of how it went; `number` counts through the points, again and again."""
    with ExitStack() as stack:
        imap, smtp = _lines(place, stack)
        point = traffic.points[number % len(traffic.points)]
        imap.break_after(replace(point))
        _morning(place, imap, smtp, f"cut {number}", random.Random(0))
        return f"point {number % len(traffic.points)} of {len(traffic.points)}, after {point.octets} octets"


def forge(place: Place, traffic: Traffic) -> str:
    """The morning with everything in it that the server never said."""
    with ExitStack() as stack:
        imap, smtp = _lines(place, stack)
        step = traffic.imap_down // (len(FORGED) + 1)
        imap.break_after(*(Break(step * turn, False, "forge", words) for turn, words in enumerate(FORGED)))
        _morning(place, imap, smtp, "forged", random.Random(0))
        return f"{len(imap.struck)} of {len(FORGED)} were said"


def run(place: Place, seed: int, traffic: Traffic) -> str:
    """One try; which breaks struck. Raises Wrong."""
    dice = random.Random(f"{place.name} {seed}")
    with ExitStack() as stack:
        imap, smtp = _lines(place, stack)
        kinds: list[Kind] = ["cut", "reset", "cut", "reset", "stall", "slow"]
        for _ in range(dice.randint(1, 4)):
            up = dice.random() < 0.5
            octets = dice.randrange(traffic.imap_up if up else traffic.imap_down)
            imap.break_after(Break(octets, up, dice.choice(kinds)))
        for _ in range(dice.randint(0, 3)):
            imap.break_after(Break(dice.randrange(traffic.imap_down), False, "forge", dice.choice(FORGED)))
        for _ in range(dice.randint(0, 2)):
            up = dice.random() < 0.6
            octets = dice.randrange(traffic.smtp_up if up else traffic.smtp_down)
            smtp.break_after(Break(octets, up, dice.choice(kinds)))
        _morning(place, imap, smtp, str(seed), dice)
        struck = [each.words.decode("latin-1").strip() or _named(each) for each in imap.struck]
        return ", ".join(struck + [f"smtp {_named(each)}" for each in smtp.struck])


def _named(struck: Break) -> str:
    return f"{'up' if struck.up else 'down'} {struck.kind}"


def _lines(place: Place, stack: ExitStack) -> tuple[Proxy, Proxy]:
    lines = Proxy(place.account.imap.port), Proxy(place.account.smtp.port)
    for line in lines:
        stack.callback(line.close)
    return lines


def _morning(place: Place, imap: Proxy, smtp: Proxy, name: str, dice: random.Random) -> None:
    """Fills the mailbox, works, waits until all is told, and looks at what became of it."""
    account = replace(
        place.account,
        imap=replace(place.account.imap, port=imap.port),
        smtp=replace(place.account.smtp, port=smtp.port),
    )
    story = [f"{place.name} {name}"]
    with tempfile.TemporaryDirectory(prefix="tm-chaos-") as data:
        other = Other(place.other(), dice, Fate())
        for number in range(_INBOX):
            other.put(b"INBOX", letter(f"in{number:02}", f"letter {number}"))
        for number in range(2):
            other.put(other.spelled(b"Trash"), letter(f"trash{number}", f"rubbish {number}"))
        person = Person(place, Path(data) / "data", dice, Fate(), account=account, timeout=TIMEOUT)
        try:
            _until(person, lambda: len(_rows(person, Role.INBOX)) == _INBOX and len(_rows(person, Role.TRASH)) == 2)
            _work(person, dice)
            story += _end(person)
            story.append(f"imap: {imap.struck}, smtp: {smtp.struck}")
            imap.mend()
            smtp.mend()
            _judge(person, other, story)
            nothing_more(person, story)
        except TimeoutError as error:
            raise Wrong("\n".join([str(error), *story, _state(person), f"{imap.struck} {smtp.struck}"])) from error
        finally:
            person.close()
            other.close()


def _rows(person: Person, role: Role) -> list[Summary]:
    folder = person.mail.role("work", role)
    return sorted(person.rows(folder), key=lambda row: row.message_id) if folder is not None else []


def _ids(rows: list[Summary]) -> list[MessageId]:
    return [row.id for row in rows]


def _work(person: Person, dice: random.Random) -> None:
    mail, rows, rubbish = person.mail, _rows(person, Role.INBOX), _rows(person, Role.TRASH)
    drafts = mail.role("work", Role.DRAFTS)
    assert drafts is not None
    mail.trash(_ids(rubbish))
    mail.star(_ids(rows[_STARRED]), True)
    mail.mark_read(_ids(rows[_READ]), True)
    draft = Draft(DraftId("morning"), "work", to="demo@example.org", subject=_SUBJECT, body="Text.\n")
    mail.send(draft).result(timeout=5)
    mail.archive(_ids(rows[_ARCHIVED]))
    if dice.random() < 0.5:
        mail.settled(3)
    mail.move(_ids(rows[_MOVED]), drafts.id)
    mail.trash(_ids(rows[_TRASHED]))
    mail.trash(_ids(rows[13:14]))
    if dice.random() < 0.5:
        mail.settled(3)
    mail.undo()
    mail.mark_read(_ids(rubbish[:1]), True)  # deleted: nothing happens


def _end(person: Person) -> list[str]:
    """Until nothing is owed and the letter has its end."""

    def is_over() -> bool:
        letters = [waiting.state for waiting in person.mail.outbox()]
        online = person.mail.connection("work").state == "online"
        return online and not person.mail.owed().actions and all(state in ("unknown", "done") for state in letters)

    _until(person, is_over)
    return [f"outbox: {[(waiting.state, waiting.why) for waiting in person.mail.outbox()]}"]


def _until(person: Person, claim: object) -> None:
    assert callable(claim)
    end = time.monotonic() + PATIENCE
    while not claim():
        if time.monotonic() > end:
            raise TimeoutError("it never came to an end")
        person.now += 120  # letters that wait for another try are due
        person.mail.refresh()
        person.mail.settled(0.5)


def _judge(person: Person, other: Other, story: list[str]) -> None:
    trouble: list[str] = []
    for _ in range(3):
        person.rest()
        here, there = person.census(), other.census()
        trouble = _compare("there", there, person, other) + _compare("here", here, person, other)
        if not trouble:
            break
    trouble += person.miscounted()
    if trouble:
        raise Wrong("\n".join([*trouble, *story, _state(person)]))


def _compare(side: str, census: Census, person: Person, other: Other) -> list[str]:
    taken = [raw for raw in person.place.received() if f"Subject: {_SUBJECT}".encode() in raw]
    unknown = [waiting for waiting in person.mail.outbox() if waiting.state == "unknown"]
    found = []
    if len(taken) > 1 or (not taken and not unknown):
        found.append(f"the letter went out {len(taken)} times, unknown: {unknown}")
    want = {other.spelled(folder): held for folder, held in _wanted().items()}
    for folder, held in census.items():
        got = Counter({one: number for one, number in held.items() if "@sweep.example" in one[0]})
        expected = want.get(folder, Counter())
        found += [f"{side} {folder!r}: {one} too much" for one in (got - expected).elements()]
        found += [f"{side} {folder!r}: {one} missing" for one in (expected - got).elements()]
    copies = sum(number for one, number in census.get(other.spelled(b"Sent"), Counter()).items())
    if copies > 1 or (copies == 0 and not unknown):
        found.append(f"{side}: {copies} copies in Sent")
    return found


def _wanted() -> Census:
    names = [f"<in{number:02}@sweep.example>" for number in range(_INBOX)]

    def plain(chosen: slice) -> Counter[tuple[str, frozenset[str]]]:
        return Counter((name, frozenset[str]()) for name in names[chosen])

    inbox = Counter((name, frozenset({FLAGGED})) for name in names[_STARRED])
    inbox += Counter((name, frozenset({SEEN})) for name in names[_READ]) + plain(slice(13, None))
    return {b"INBOX": inbox, b"Archive": plain(_ARCHIVED), b"Drafts": plain(_MOVED), b"Trash": plain(_TRASHED)}


def _state(person: Person) -> str:
    mail = person.mail
    outbox = [(waiting.state, waiting.why) for waiting in mail.outbox()]
    return f"{mail.connection('work')}, {mail.owed()}, outbox {outbox}, failures {person.failures()}"
