"""Reads the content files: people, and letters written as plain text with a few head lines."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from tui_mail.model.address import Address, parse_one

from .compose import File, Mail, build, message_id
from .files import made

CONTENT = Path(__file__).parent / "content"
_DAY = 86_400
_UNITS = {"m": 60, "h": 3600, "d": _DAY, "w": 7 * _DAY}
_FLAGS = {"seen": "\\Seen", "starred": "\\Flagged", "answered": "\\Answered", "draft": "\\Draft", "junk": "$Junk"}
_KNOWN = frozenset(
    {"from", "to", "cc", "reply-to", "subject", "age", "series", "folder", "flags", "answers"}
    | {"attach", "encloses", "inline", "list", "html", "invite", "where", "flowed"}
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo's world."""

    address: Address
    zone: int
    """Minutes east of Greenwich."""


def people() -> dict[str, Person]:
    """Everybody by short name."""
    found = {}
    for line in (CONTENT / "people.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            short, _, rest = line.partition("=")
            written, _, zone = rest.strip().rpartition(" ")
            minutes = int(zone[1:3]) * 60 + int(zone[3:5])
            found[short.strip()] = Person(parse_one(written), -minutes if zone.startswith("-") else minutes)
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One letter of a content file: `== key`, head lines, an empty line, the text."""

    key: str
    head: dict[str, str]
    text: str


def entries(name: str) -> list[Entry]:
    """The letters of one file. The head lines of a first `== *` hold for all that lack them. Raises ValueError."""
    found: list[Entry] = []
    common: dict[str, str] = {}
    written = (CONTENT / name).read_text("utf-8")
    for piece in re.split(r"^== ", written, flags=re.M)[1:]:
        key, _, rest = piece.partition("\n")
        top, _, text = rest.partition("\n\n")
        head = {}
        for line in top.splitlines():
            field, colon, value = line.partition(":")
            if not colon or field not in _KNOWN:
                raise ValueError(f"{name}, {key}: what is {line!r}?")
            head[field] = value.strip()
        if key == "*":
            common = head
        else:
            text = re.sub(r"^--$", "-- ", text.strip("\n"), flags=re.M)  # the mark of a signature
            found += _split(Entry(key, {**common, **head}, text + "\n"))
    return found


def _split(entry: Entry) -> list[Entry]:
    """With `series: 7d` the texts between lines of `%%` are one letter each, every one so much older than the last."""
    if "series" not in entry.head:
        return [entry]
    days = int(entry.head["series"].removesuffix("d"))
    newest, clock = entry.head["age"].split()
    found = []
    for number, text in enumerate(entry.text.split("\n%%\n")):
        age = f"{int(newest.removesuffix('d')) + number * days}d {clock}"
        found.append(Entry(f"{entry.key}-{number}", {**entry.head, "age": age}, text.strip("\n") + "\n"))
    return found


def moment_of(age: str, now: float) -> int:
    """`20m`, `3h 10m`: so long before now. `2d 09:40`: at that time of that day (UTC)."""
    when = float(now)
    for piece in age.split():
        if ":" in piece:
            hours, minutes = piece.split(":")
            when = when // _DAY * _DAY + int(hours) * 3600 + int(minutes) * 60
        else:
            when -= int(piece[:-1]) * _UNITS[piece[-1]]
    return int(when)


_STANDS_ALONE = re.compile(r"[\s>|]|--|[-*] |\d+[.)] ")
_CONTINUES = re.compile(r" {2,3}\S")
_WRAPPED = 50
"""A shorter line ended where its author wanted it to end."""


def joined(text: str) -> str:
    """Paragraphs on one line each, as people's programs keep them; tables, quotes and verse stay as they are."""
    lines = [""]
    last = ""  # the last line as written
    for line in text.split("\n"):
        was_list = re.match(r"[-*] |\d+[.)] ", lines[-1]) is not None
        prose = not _STANDS_ALONE.match(last) and not _STANDS_ALONE.match(line)
        if len(last) >= _WRAPPED and line and (prose or (was_list and _CONTINUES.match(line))):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
        last = line
    return "\n".join(lines[1:])


class Desk:
    """Turns entries into letters: finds people, threads and files."""

    def __init__(self, owner: str, now: float) -> None:
        self._people = people()
        self._people["me"] = Person(Address("Robin Marlow", owner), 60)
        self._now = now
        self._done: dict[str, Mail] = {}

    def person(self, short: str) -> Person:
        """By short name, or an address in full."""
        return self._people.get(short) or Person(parse_one(short), 0)

    def letter(self, entry: Entry) -> Mail:
        head = entry.head
        sender = self.person(head["from"])
        parent = self._done.get(head["answers"]) if "answers" in head else None
        subject = head.get("subject", "")
        if parent is not None and not subject:
            subject = parent.subject if parent.subject.startswith("Re: ") else f"Re: {parent.subject}"
        mail = Mail(
            key=entry.key,
            sender=sender.address,
            to=self._everybody(head.get("to", "me")),
            cc=self._everybody(head.get("cc", "")),
            subject=subject,
            date=moment_of(head["age"], self._now),
            zone=sender.zone,
            text=self._quoting(joined(entry.text) if "flowed" in head else entry.text, parent),
            flowed="flowed" in head,
            folder=head.get("folder", "INBOX"),
            flags=frozenset(_FLAGS[word] for word in head.get("flags", "").split()),
            files=tuple(made(name.strip()) for name in head.get("attach", "").split(",") if name.strip()),
            parents=(*parent.parents, parent.message_id) if parent is not None else (),
            headers=self._headers(head),
        )
        if "encloses" in head:
            mail.files += (self._enclosed(head["encloses"]),)
        if "inline" in head:
            mail.files += (self._picture(head["inline"]),)
        if "invite" in head:
            mail.invite = self._invitation(mail, head)
        self._done[entry.key] = mail
        return mail

    def _everybody(self, listed: str) -> tuple[Address, ...]:
        return tuple(self.person(short.strip()).address for short in listed.split(",") if short.strip())

    @staticmethod
    def _quoting(text: str, parent: Mail | None) -> str:
        """A line `>>` stands for what is answered, `>> 3` for its first three lines."""
        found = re.search(r"^>>(?: (\d+))?$", text, re.M)
        if found is None or parent is None:
            return text
        lines = parent.text.rstrip().split("\n")
        kept = lines[: int(found[1])] if found[1] else lines
        quoted = "\n".join(f">{'' if line.startswith('>') or not line else ' '}{line}" for line in kept)
        wrote = f"{parent.sender.short} wrote:\n{quoted}"
        return text[: found.start()] + wrote + text[found.end() :]

    def _headers(self, head: dict[str, str]) -> tuple[tuple[str, str], ...]:
        fields = []
        if "reply-to" in head:
            fields.append(("Reply-To", str(self.person(head["reply-to"]).address)))
        if "list" in head:
            there = self.person(head["list"]).address
            local, _, domain = there.email.partition("@")
            fields += [
                ("List-Id", f"{there.name} <{local}.{domain}>"),
                ("List-Post", f"<mailto:{there.email}>"),
                ("List-Unsubscribe", f"<mailto:{local}-leave@{domain}>"),
                ("Precedence", "list"),
            ]
        return tuple(fields)

    def _enclosed(self, key: str) -> File:
        """A letter of before as a file, every octet as it came."""
        enclosed = self._done[key]
        name = re.sub(r"[^A-Za-z0-9]+", " ", enclosed.subject).strip()
        return File(f"{name}.eml", "message/rfc822", build(enclosed))

    @staticmethod
    def _picture(name: str) -> File:
        picture = made(name)
        return File(picture.name, picture.type, picture.data, cid=f"{picture.name}@example.org")

    def _invitation(self, mail: Mail, head: dict[str, str]) -> str:
        """`invite: 2d 19:00 90` – in two days at seven, for ninety minutes."""
        *ahead, minutes = head["invite"].split()
        days = int(ahead[0][:-1])
        start = moment_of(ahead[1], self._now + days * _DAY)
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//example.org//demo//EN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            f"UID:{message_id(mail.key, 'calendar.example.org')[1:-1]}",
            f"DTSTAMP:{_calendar(mail.date)}",
            f"DTSTART:{_calendar(start)}",
            f"DTEND:{_calendar(start + int(minutes) * 60)}",
            f"SUMMARY:{mail.subject.removeprefix('Invitation: ')}",
            f"LOCATION:{head.get('where', '')}",
            f"ORGANIZER;CN={mail.sender.name}:mailto:{mail.sender.email}",
            *(f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN={who.name}:mailto:{who.email}" for who in mail.to),
            "STATUS:CONFIRMED",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
        return "\n".join(lines) + "\n"


def _calendar(when: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(when))
