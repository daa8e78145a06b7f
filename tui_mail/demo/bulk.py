"""A series of letters of any length, each made from (seed, n) when it is asked for."""

from __future__ import annotations

from array import array

from .compose import moment
from .letter import Letter
from .mailbox import Mailbox
from .phrases import CLOSINGS, DOMAINS, GREETINGS, LISTS, PEOPLE, SENTENCES, SUBJECTS, THINGS

_MASK = (1 << 64) - 1
_TEN_YEARS = 315_000_000
_NEWEST_UNREAD = 40


def bulk(mailbox: Mailbox, count: int, now: float, *, seed: int = 1, folder: str = "INBOX") -> None:
    """Fills an empty folder with `count` letters, the newest shortly before `now`: a million in a quarter second."""
    series = Series(mailbox.owner, count, int(now), seed)
    with mailbox.lock:
        first = mailbox.shelf.series(series)
        target = mailbox.create(folder)
        if len(target):
            raise ValueError(f"{folder} is not empty")
        target.fill(array("Q", range(first, first + count)), _flags(mailbox, count))


def _flags(mailbox: Mailbox, count: int) -> array[int]:
    """Mostly read, some answered, a few starred or unread; the newest often unread."""
    code = mailbox.flags.code
    plain, answered = code(frozenset({"\\Seen"})), code(frozenset({"\\Seen", "\\Answered"}))
    starred, unread = code(frozenset({"\\Seen", "\\Flagged"})), code(frozenset())
    # a pattern of prime length, so that it falls in step with nothing else
    period = [
        answered if n % 9 == 4 else starred if n % 61 == 7 else unread if n % 97 == 11 else plain for n in range(997)
    ]
    codes = array("H", period) * (count // 997 + 1)
    del codes[count:]
    for n in range(max(0, count - _NEWEST_UNREAD), count):
        codes[n] = unread if n % 3 else plain
    return codes


class Series:
    """The letters 0 (oldest) to count - 1 (newest)."""

    def __init__(self, owner: str, count: int, now: int, seed: int) -> None:
        self._owner = owner.encode()
        self._count = count
        self._now = now
        self._seed = seed * 0x9E3779B97F4A7C15
        self._step = max(20, min(5400, _TEN_YEARS // max(1, count)))
        """Seconds from one letter to the next, on average."""

    def date(self, n: int) -> int:
        return self._now - 180 - (self._count - 1 - n) * self._step - self._dice(n) % self._step

    def letter(self, n: int) -> Letter:
        dice = self._dice(n)
        date = self.date(n)
        name, email = self._sender(n)
        subject, chain = self._thread(n)
        lines = [
            b"From: %s <%s>" % (name, email),
            b"To: <%s>" % self._owner,
            b"Subject: " + subject,
            b"Date: " + moment(date - 4 - dice % 50).encode(),
            b"Message-ID: " + self._message_id(n),
        ]
        if chain:
            lines.append(b"In-Reply-To: " + chain[-1])
            lines.append(b"References: " + b"\r\n ".join(chain))
        if dice % 11 == 5:
            title, address = LISTS[dice // 11 % len(LISTS)]
            lines.append(b"List-Id: %s <%s>" % (title, address.replace(b"@", b".")))
            lines.append(b"List-Post: <mailto:%s>" % address)
        lines += [b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit"]
        return Letter(b"\r\n".join(lines) + b"\r\n\r\n" + self._body(dice, name, bool(chain)), date)

    def _dice(self, n: int) -> int:
        """64 well mixed bits of (seed, n): splitmix64."""
        mixed = (self._seed + (n + 1) * 0x9E3779B97F4A7C15) & _MASK
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _MASK
        return mixed ^ (mixed >> 31)

    def _sender(self, n: int) -> tuple[bytes, bytes]:
        dice = self._dice(n) >> 7
        name, local = PEOPLE[dice % len(PEOPLE)]
        return name, local + b"@" + DOMAINS[dice % 53 % len(DOMAINS)]

    def _message_id(self, n: int) -> bytes:
        return b"<%016x.%d@%s>" % (self._dice(n), n, DOMAINS[n % len(DOMAINS)])

    def _thread(self, n: int) -> tuple[bytes, list[bytes]]:
        """The subject, and the Message-IDs of what it answers, oldest first."""
        chain: list[bytes] = []
        while n > 8 and (dice := self._dice(n) >> 20) % 2 and len(chain) < 12:
            n -= 1 + dice // 2 % 8
            chain.insert(0, self._message_id(n))
        dice = self._dice(n) >> 13
        subject = SUBJECTS[dice % len(SUBJECTS)].replace(b"*", THINGS[dice // 64 % len(THINGS)])
        return (b"Re: " if chain else b"") + subject[:1].upper() + subject[1:], chain

    @staticmethod
    def _body(dice: int, name: bytes, answers: bool) -> bytes:
        parts = [GREETINGS[dice % len(GREETINGS)]]
        for shift in range(2 + dice % 3):
            picks = [SENTENCES[(dice >> (shift * 9 + 3 * k)) % len(SENTENCES)] for k in range(1 + (dice >> shift) % 3)]
            parts.append(b"\r\n".join(picks))
        if answers:
            parts.append(b"> " + SENTENCES[dice // 7 % len(SENTENCES)])
        parts.append(CLOSINGS[dice // 3 % len(CLOSINGS)] + b"\r\n" + name.split()[0])
        return b"\r\n\r\n".join(parts) + b"\r\n"
