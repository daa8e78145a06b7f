"""Those who answer when the demo's owner writes to them, each in their own way, a few seconds later."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_mail.model.address import Address

from .compose import Mail, build
from .library import Person, people
from .mailbox import Mailbox
from .oddities import bounce
from .smtp import Envelope

if TYPE_CHECKING:
    from email.message import Message

Later = Callable[[float, Callable[[], None]], None]
"""Does something after so many seconds."""

_ANSWERS: dict[str, tuple[str, ...]] = {
    "ines": (
        "That was quick, thank you! I have read it twice and agree both times.\n\nLet us talk about the rest at lunch.",
        "Yes. And if anybody asks, it was my idea; if it works, it was yours.",
        "Good. Do it, and tell me afterwards.",
    ),
    "tomasz": (
        "Understood. I have put it on the bench, between the thing that is urgent and the thing that is broken.",
        "Can be done. Will be done. Not today: today the lathe has opinions.",
        "I tried it at once, and it clicks.",
    ),
    "mum": (
        "How lovely to hear from you! I read it to Walter, and he says hello and that your tyres want air.\n\n"
        "Are you eating properly?",
        "Of course, my dear. I have put an extra plate on the table, just in case.",
        "You write like your grandfather: short, and with love in it somewhere.",
    ),
    "jonna": (
        "Ha! Yes. Emil says yes too, he has read it over my shoulder.",
        "Fine by me. You bring the chairs, I bring the noise.",
        "I knew that you would write that, I have already done it.",
    ),
    "benedikt": (
        "Noted, in pencil, in the score, at the place where you always come in too early.",
        "Bravo. Bring it along on Tuesday, and bring the others as well.",
        "With pleasure! Half past seven, warm voices, open ears.",
    ),
    "hanako": (
        "ロビンさん\n\nお返事ありがとうございます。とても嬉しいです。\nThank you for answering so quickly!\n"
        "\nまた連絡します。",
        "メールをいただき、ありがとうございます。木曜日にお会いできるのを楽しみにしています。 🏮",
    ),
}
"""What each of them says, in turn."""

_GONE = ("nobody", "unknown", "lighthouse", "missing")
"""Nobody of these names lives anywhere in the demo's world: mail to them comes back."""


def _in_a_while(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is needed of a letter in order to answer it."""

    subject: str
    message_id: str
    references: tuple[str, ...]
    text: str
    header: str


class Correspondents:
    """Hears of every letter that the server took and delivers what is answered to the owner's INBOX.

    `later` and `clock` can be replaced; what is answered, and after how long, follows from the letter alone.
    """

    def __init__(self, mailbox: Mailbox, *, later: Later = _in_a_while, clock: Callable[[], float] = time.time) -> None:
        self._mailbox = mailbox
        self._later = later
        self._clock = clock
        self._people = {person.address.key: (short, person) for short, person in people().items()}

    def hear(self, envelope: Envelope) -> None:
        """For `Server(taken=…)`: decides who answers, and when."""
        letter = _read(envelope.data)
        for recipient in dict.fromkeys(recipient.lower() for recipient in envelope.recipients):
            dice = hashlib.sha256((recipient + letter.message_id).encode()).digest()
            delay = 3 + dice[0] % 31 / 10  # 3 to 6 seconds
            short, person = self._people.get(recipient, ("", None))
            if person is not None and short in _ANSWERS:
                self._later(delay, self._answer(short, person, letter, dice[1]))
            elif recipient.partition("@")[0] in _GONE:
                self._later(delay, self._return(recipient, letter))

    def _answer(self, short: str, person: Person, letter: _Letter, dice: int) -> Callable[[], None]:
        def act() -> None:
            now = self._clock()
            said = _ANSWERS[short][dice % len(_ANSWERS[short])]
            subject = letter.subject if re.match(r"re:", letter.subject, re.I) else f"Re: {letter.subject}"
            mail = Mail(
                key=f"answer {short} {letter.message_id}",
                sender=person.address,
                to=(Address("Robin Marlow", self._mailbox.owner),),
                subject=subject,
                date=int(now),
                zone=person.zone,
                text=f"{said}\n\n{person.address.name.split()[0]}\n\n{_quoted(letter.text)}",
                parents=(*letter.references, letter.message_id) if letter.message_id else (),
            )
            self._mailbox.put(build(mail), "INBOX", date=now)

        return act

    def _return(self, recipient: str, letter: _Letter) -> Callable[[], None]:
        def act() -> None:
            now = self._clock()
            self._mailbox.put(bounce(self._mailbox.owner, recipient, letter.header, now), "INBOX", date=now)

        return act


def _quoted(text: str) -> str:
    """The first lines of what was written, quoted."""
    lines = text.strip().split("\n")
    shown = lines[:12] + (["[…]"] if len(lines) > 12 else [])
    return (
        "You wrote:\n" + "\n".join(f">{'' if not line or line.startswith('>') else ' '}{line}" for line in shown) + "\n"
    )


def _read(data: bytes) -> _Letter:
    """Understands what mail programs send, ours and others; never raises for odd ones."""
    from email import message_from_bytes  # 30 ms that the start of the demo need not pay

    message = message_from_bytes(data)
    ids = re.findall(r"<[^<>\s]+>", str(message.get("References", "")))
    own = re.findall(r"<[^<>\s]+>", str(message.get("Message-ID", "")))
    header = data.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    return _Letter(_decoded(message.get("Subject", "")), own[0] if own else "", tuple(ids), _text(message), header)


def _decoded(value: object) -> str:
    from email.header import decode_header, make_header

    try:
        text = str(make_header(decode_header(str(value))))
    except (ValueError, LookupError):
        text = str(value)
    return " ".join(text.split())


def _text(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain" and part.get_filename() is None:
            octets = part.get_payload(decode=True)
            if isinstance(octets, bytes):
                text = octets.decode("utf-8", "replace").replace("\r\n", "\n")
                return re.split(r"^-- $", text, maxsplit=1, flags=re.M)[0]
    return ""
