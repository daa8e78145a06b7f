"""What is worth knowing of a letter besides its words: found out on the reader's thread, from what is kept here."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from tui_mail.config.settings import Account
from tui_mail.mime import codes, header, inside, invite, novelty, report, trust, unsubscribe
from tui_mail.mime.parse import part
from tui_mail.mime.structure import content, structure
from tui_mail.mime.subjects import reply_subject
from tui_mail.model.address import Address
from tui_mail.model.conversation import Kin, arrange
from tui_mail.model.errors import NotFound, Refused
from tui_mail.model.insight import Code, Concern, Familiar, Insight, Invite, Partstat, Turn
from tui_mail.model.message import Message, MessageId, Summary

from .acquaintance import Acquaintance
from .reader import Reader

log = logging.getLogger(__name__)
_EARLIER = 12
"""Letters before this one whose words count as read."""
_LARGEST = 300_000
"""Octets of an earlier letter that is taken apart for that."""
_CODE_AGE = 86_400
_CODE_LETTERS = 40
_EVENT_AGE = 200 * 86_400
_MOST_REMEMBERED = 2000
_KNOWN_SERVERS = {
    "imap.gmail.com": "mx.google.com",
    "imap.googlemail.com": "mx.google.com",
    "imap.fastmail.com": ".messagingengine.com",
}
"""What the large providers sign their Authentication-Results with."""


class Examiner:
    """Answers with Futures; everything in it runs on the reader's thread."""

    def __init__(
        self,
        data: Path,
        reader: Reader,
        accounts: Mapping[str, Account],
        clock: Callable[[], float],
        parse: Callable[[bytes], Message],
    ) -> None:
        """`parse` takes a letter apart where it can do no harm."""
        self._reader = reader
        self._accounts = accounts
        self._clock = clock
        self._parse = parse
        own = [address.lower() for account in accounts.values() for address in account.addresses]
        self._known = Acquaintance(data, lambda: own)
        self._words: dict[MessageId, set[int]] = {}
        self._events: dict[MessageId, tuple[Invite, ...]] = {}
        self._kin: dict[MessageId, Kin] = {}
        """What other letters said when they were taken apart; forgotten together when it becomes much."""

    def close(self) -> None:
        self._known.close()

    def insight(self, row: Summary, message: Message) -> Future[Insight]:
        """All that is known of a letter that was just read. What cannot be found out is left out."""
        return self._reader.do(lambda: self.insight_here(row, message))

    def newest_code(self) -> Future[Code]:
        """The newest one-time code of the last day. NotFound where none came."""
        return self._reader.do(self._newest_code)

    def answer(self, id: MessageId, asked: Invite, attendee: Address, said: Partstat) -> Future[str]:
        """The iTIP REPLY to an invitation. Refused where the invitation cannot be answered."""
        return self._reader.do(lambda: self._answer(id, asked, attendee, said))

    def _answer(self, id: MessageId, asked: Invite, attendee: Address, said: Partstat) -> str:
        try:
            octets = part(self._known.raw(id) or b"", asked.part)
            return invite.reply(octets, asked, attendee, said, self._clock())
        except (NotFound, ValueError) as error:
            raise Refused("This invitation cannot be answered: it does not say whom to tell.") from error

    # --- one letter

    def insight_here(self, row: Summary, message: Message) -> Insight:
        """The same, for who is on the reader's thread already."""
        try:
            return self._found_out(row, message)
        except Exception as error:  # noqa: BLE001  # the border of one letter: a fault of ours must not hide its words
            log.error("examining: %s", type(error).__name__)
            return Insight(concerns=(Concern("not all of this letter could be looked into"),))

    def _remember_less(self) -> None:
        for one in (self._words, self._events, self._kin):
            if len(one) > _MOST_REMEMBERED:
                one.clear()

    def _found_out(self, row: Summary, message: Message) -> Insight:
        self._remember_less()
        familiar = self._familiar(row, message)
        raw = self._known.raw(row.id) or b""
        told = report.report(raw, message) if raw else None
        if told is not None:
            about = self._known.id_of(told.message_id) if told.message_id else None
            told = replace(told, about=about)
            familiar = replace(familiar, is_first=False)  # machines write once
        ways = unsubscribe.ways(message)
        events = inside.invites(raw, message)
        conflicts, answered = self._calendar(row.id, events)
        turns = self._turns(row)
        return Insight(
            concerns=trust.concerns(message, familiar),
            invites=events,
            conflicts=conflicts,
            answered=answered,
            cards=inside.cards(raw, message),
            report=told,
            unsubscribe=replace(ways, is_signed=trust.covers_unsubscribe(message, familiar, ways)),
            codes=codes.codes(message.subject, message.text or message.document.text),
            turns=turns,
            read_before=novelty.read_before(message.document, self._earlier_words(row, turns)),
        )

    def _familiar(self, row: Summary, message: Message) -> Familiar:
        account = self._accounts.get(row.account)
        servers = (account.authserv_id or _KNOWN_SERVERS.get(account.imap.host.lower(), "")).split() if account else []
        return Familiar(
            is_first=not message.list_id and self._known.is_first(row.id, message),
            own=self._known.own(),
            domains=self._known.domains(),
            servers=tuple(servers),
        )

    # --- other events

    def _calendar(self, id: MessageId, events: tuple[Invite, ...]) -> tuple[tuple[Invite, ...], Partstat]:
        """What else is at the time of the first event, and what was answered to it, as far as mail here tells."""
        if not events or (span := _span(events[0])) is None:
            return (), "NEEDS-ACTION"
        mine = events[0]
        others: dict[str, Invite] = {}
        answered: Partstat | None = None
        own = self._known.own()
        for other, octets in self._known.calendars(int(self._clock()) - _EVENT_AGE):
            if other == id:
                continue
            for event in self._events_of(other, octets):
                if event.method == "REPLY":
                    said = next((one.answer for one in event.attendees if one.person.key in own), None)
                    if event.id == mine.id:
                        answered = answered or said
                    elif said == "DECLINED":
                        others.setdefault(event.id, replace(event, is_cancelled=True))
                else:
                    others.setdefault(event.id, event)
        first, last = span
        at_once = [
            event
            for event in others.values()
            if event.id != mine.id and not event.is_cancelled
            if (other_span := _span(event)) is not None and other_span[0] < last and first < other_span[1]
        ]
        return tuple(at_once[:5]), answered or "NEEDS-ACTION"

    def _events_of(self, id: MessageId, octets: Callable[[], bytes | None]) -> tuple[Invite, ...]:
        if id not in self._events:
            raw = octets() or b""
            found: list[Invite] = []
            if b"text/calendar" in raw or b"application/ics" in raw:
                for leaf in structure(raw).leaves():
                    if leaf.type in inside.CALENDARS:
                        found += invite.invites(content(leaf)[0], leaf.number)
            self._events[id] = tuple(found)
        return self._events[id]

    # --- the conversation

    def _turns(self, row: Summary) -> tuple[Turn, ...]:
        rows = self._known.thread(row.id)
        if len(rows) < 2:
            return ()
        own = self._known.own()
        placed = arrange([self._kin_of(one) for one in rows])
        return tuple(
            Turn(
                *(one.id, one.sender, one.date, one.snippet, place.depth),
                is_own=one.sender.key in own,
                is_unread=one.is_unread,
                subject=one.subject if _is_new_subject(one, rows, place.parent) else "",
            )
            for place in placed
            if (one := rows[place.index])
        )

    def _kin_of(self, row: Summary) -> Kin:
        """Who is answered stands in the letter; of one that is not here only its own name is known."""
        if (known := self._kin.get(row.id)) is not None:
            return known
        raw = self._known.raw(row.id) if row.has_text else None
        if raw is None:
            return Kin(row.message_id, (), row.date)
        found: dict[str, bytes] = {}
        for name, value in header.fields(header.split(raw)[0]):
            found.setdefault(name.lower(), value)
        answers = header.message_ids(found.get("in-reply-to", b""))
        parents = header.message_ids(found.get("references", b""))
        parents = (*parents, *(one for one in answers[:1] if one not in parents[-1:]))
        self._kin[row.id] = Kin(row.message_id, parents, row.date)
        return self._kin[row.id]

    def _earlier_words(self, row: Summary, turns: tuple[Turn, ...]) -> set[int]:
        """The words of the letters before this one that are here; what was taken apart once is remembered."""
        before = sorted(
            (turn for turn in turns if turn.date < row.date and turn.id != row.id), key=lambda one: one.date
        )
        words: set[int] = set()
        for turn in before[-_EARLIER:]:
            if turn.id not in self._words and (raw := self._known.raw(turn.id)) is not None:
                small = len(raw) <= _LARGEST
                self._words[turn.id] = novelty.known(self._parse(raw).document) if small else set()
            words |= self._words.get(turn.id, set())
        return words

    # --- codes

    def _newest_code(self) -> Code:
        for row in self._known.newest(int(self._clock()) - _CODE_AGE, _CODE_LETTERS):
            found = codes.codes(row.subject, row.snippet)
            if not found and (raw := self._known.raw(row.id)) is not None and len(raw) <= _LARGEST:
                message = self._parse(raw)
                found = codes.codes(message.subject, message.text or message.document.text)
            if found:
                return Code(found[0], row.sender.short, row.date)
        raise NotFound("No sign-in code came within the last day.")


def _is_new_subject(row: Summary, rows: list[Summary], parent: int | None) -> bool:
    return parent is not None and reply_subject(row.subject).lower() != reply_subject(rows[parent].subject).lower()


def _span(event: Invite) -> tuple[float, float] | None:
    """From when to when, in seconds since 1970; a whole day is one here."""
    start = _moment(event.start)
    if start is None:
        return None
    end = _moment(event.end)
    if end is None or end <= start:
        end = start + (3600 if isinstance(event.start, dt.datetime) else 86_400)
    return start, end


def _moment(when: dt.datetime | dt.date | None) -> float | None:
    if when is None:
        return None
    try:
        return (when if isinstance(when, dt.datetime) else dt.datetime(when.year, when.month, when.day)).timestamp()
    except (OverflowError, ValueError, OSError):
        return None
