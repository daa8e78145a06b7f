"""What a letter is besides its words, as blocks above them: an invitation, a report, a card, a list, a conversation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from tui_mail.model.address import Address
from tui_mail.model.document import PLAIN, Block, Emphasis, Run
from tui_mail.model.insight import Card, Insight, Invite, Report, Turn
from tui_mail.model.message import MessageId

_BOLD: Emphasis = frozenset({"bold"})
_DIM: Emphasis = frozenset({"dim"})
_LABEL = 10
_MOST_PEOPLE = 6
MOST_TURNS = 6
"""Letters of a conversation that are listed around the one that is read."""
_DEEPEST = 8
"""Levels that are indented; deeper ones stay on the screen."""
_SAID = {"ACCEPTED": "accepted", "TENTATIVE": "maybe", "DECLINED": "declined", "DELEGATED": "sent somebody else"}
_YOU_SAID = {"ACCEPTED": "You accepted.", "TENTATIVE": "You said maybe.", "DECLINED": "You declined."}
LETTER = "mid:"
"""Begins a link to another letter that is kept here; its number follows."""

KeyOf = Callable[[str], str]
"""How the key of an action is shown; empty where it has none."""


def keyless(id: str) -> str:
    """Where there is no keymap."""
    return ""


class Cards:
    """Blocks and the links that they hold; links are numbered behind those of the letter."""

    def __init__(self, links: tuple[str, ...], key_of: KeyOf, *, turns: int = MOST_TURNS) -> None:
        self.links = links
        self.blocks: list[Block] = []
        self._key_of = key_of
        self._most = turns
        """So many letters of a conversation are listed; with none they are counted only."""

    def show(self, insight: Insight, at: MessageId | None, list_id: str) -> None:
        """Everything there is, each part followed by a gap."""
        if insight.report is not None:
            self._part(self._report(insight.report))
        for event in insight.invites:
            self._part(self._invite(event, insight if event is insight.invites[0] else Insight()))
        for card in insight.cards:
            self._part(self._card(card))
        self._part(self._list(insight, list_id))
        self._part(self._turns(insight.turns, at))

    def _part(self, blocks: Iterator[Block]) -> None:
        found = list(blocks)
        self.blocks += [*found, Block("gap")] if found else []

    def _field(self, name: str, *runs: Run) -> Block:
        return Block("text", runs, first=name.ljust(_LABEL), rest=" " * _LABEL)

    def _letter(self, words: str, id: MessageId) -> Run:
        self.links = (*self.links, f"{LETTER}{id}")
        return Run(words, link=len(self.links))

    # --- a report

    def _report(self, report: Report) -> Iterator[Block]:
        name = "Failed" if report.has_failed else "Report"
        for number, sentence in enumerate(report.sentences):
            stop = "" if sentence.endswith((".", "!", "?")) else "."
            yield self._field("" if number else name, Run(f"{sentence}{stop}", _BOLD if report.has_failed else PLAIN))
        if report.about is not None:
            yield self._field("About", self._letter("the letter that you sent", report.about))

    # --- an invitation

    def _invite(self, event: Invite, insight: Insight) -> Iterator[Block]:
        names = {"REPLY": "Answer to", "COUNTER": "New time", "CANCEL": "Cancelled"}
        name = "Cancelled" if event.is_cancelled else names.get(event.method, "Event")
        if event.wants_answer:
            name = "Invite"
        yield self._field(name, Run(event.title, _BOLD))
        local, theirs = when_words(event)
        yield self._field("When", Run(local), *([Run(f"  {event.repeats}", _DIM)] if event.repeats else []))
        if theirs:
            yield self._field("", Run(theirs, _DIM))
        if event.place:
            yield self._field("Where", Run(event.place))
        yield from self._people(event)
        for other in insight.conflicts:
            yield self._field("Then too", Run(other.title, _BOLD), Run(f"  {when_words(other)[0]}", _DIM))
        if event.wants_answer:
            said = _YOU_SAID.get(insight.answered, "")
            key = self._key_of("message.answer-invite")
            way = f"{key} answers{' anew' if said else ''}: accept, maybe, decline." if key else ""
            yield self._field("Answer", *(run for run in (Run(f"{said} " if said else ""), Run(way, _DIM)) if run.text))

    def _people(self, event: Invite) -> Iterator[Block]:
        if event.method == "REPLY":
            for who in event.attendees[:_MOST_PEOPLE]:
                answer = _SAID.get(who.answer, "no answer")
                yield self._field("Who", Run(_name(who.person), _BOLD), Run(f"  {answer}"))
            return
        runs = [Run(_name(event.organizer), _BOLD), Run(" asks", _DIM)] if event.organizer else []
        for who in event.attendees[:_MOST_PEOPLE]:
            answer = f" {_SAID[who.answer]}" if who.answer in _SAID else ""
            runs += [Run(", " if runs else ""), Run(_name(who.person)), Run(answer, _DIM)]
        if len(event.attendees) > _MOST_PEOPLE:
            runs.append(Run(f" and {len(event.attendees) - _MOST_PEOPLE:,} more", _DIM))
        if runs:
            yield self._field("Who", *(run for run in runs if run.text))

    # --- a card, a list

    def _card(self, card: Card) -> Iterator[Block]:
        yield self._field("Card", Run(card.name, _BOLD))
        width = max((len(label) for label, _ in card.lines), default=0) + 2
        for label, value in card.lines:
            yield self._field("", Run(label.ljust(width), _DIM), Run(value))

    def _list(self, insight: Insight, list_id: str) -> Iterator[Block]:
        if not list_id:
            return
        runs = [Run(list_id)]
        answer, leave = self._key_of("message.reply-list"), self._key_of("message.unsubscribe")
        ways = [f"{answer} answers the list"] if answer else []
        ways += [f"{leave} leaves it"] if leave and insight.unsubscribe else []
        if ways:
            runs.append(Run("  " + ", ".join(ways), _DIM))
        yield self._field("List", *runs)

    # --- a conversation

    def _turns(self, turns: tuple[Turn, ...], at: MessageId | None) -> Iterator[Block]:
        """One line for each other letter around this one, indented under what it answers."""
        if len(turns) < 2:
            return
        key = self._key_of("reader.all-text")
        yield self._field(
            "Thread", Run(f"{len(turns)} letters"), Run(f"  {key} shows all their text" if key else "", _DIM)
        )
        if not self._most:
            return
        here = next((place for place, turn in enumerate(turns) if turn.id == at), len(turns) - 1)
        first, last = _window(here, len(turns), self._most)
        shown = turns[first:last]
        if first:
            yield Block("text", (Run(f"{first} before these", _DIM),), first="  ", rest="  ")
        for turn in shown:
            yield self._turn(turn, is_here=turn.id == at)
        if left := len(turns) - last:
            yield Block("text", (Run(f"{left} after these", _DIM),), first="  ", rest="  ")

    def _turn(self, turn: Turn, *, is_here: bool) -> Block:
        indent = "  " * min(turn.depth, _DEEPEST)
        name = "You" if turn.is_own else _name(turn.sender)
        who = Run(name, _BOLD) if is_here else self._letter(name, turn.id)
        about = f"  {short_date(turn.date)}  "
        words = "this letter" if is_here else turn.subject or turn.snippet
        mark = "▸ " if not is_here else "▾ "
        more = [Run("unread  ", _BOLD)] if turn.is_unread and not is_here else []
        return Block("entry", (who, Run(about, _DIM), *more, Run(words, _DIM)), first="  " + indent + mark)


def _window(here: int, count: int, most: int) -> tuple[int, int]:
    """Which of `count` turns are listed around `here`; a line that says "1 before these" would save nothing."""
    first = max(0, min(here - most // 2, count - most))
    last = first + most
    return 0 if first == 1 else first, count if count - last <= 1 else last


def _name(person: Address | None) -> str:
    return person.short if person is not None else ""


def short_date(date: int) -> str:
    try:
        when = dt.datetime.fromtimestamp(date).astimezone()
    except (OverflowError, ValueError, OSError):
        return "some day"
    return f"{when.day} {when:%b} {when:%H:%M}"


def when_words(event: Invite) -> tuple[str, str]:
    """When it is here, and when it is for those who wrote it where their clock says something else."""
    start, end = event.start, event.end
    if start is None:
        return "no time is said", ""
    if not isinstance(start, dt.datetime):
        return _days(start, end), ""
    if start.tzinfo is None:
        return f"{_span(start, end)} (whatever the zone)", ""
    try:
        local = start.astimezone()
        local_end = end.astimezone() if isinstance(end, dt.datetime) and end.tzinfo else None
    except (OverflowError, ValueError, OSError):
        return "a time that cannot be", ""
    here = f"{_span(local, local_end)} {local.tzname() or ''}".strip()
    if start.utcoffset() == local.utcoffset() or start.tzinfo == dt.UTC:
        return here, ""
    return here, f"{_span(start, end)} {start.tzname() or ''} for them".replace("  ", " ")


def _span(start: dt.datetime, end: dt.datetime | dt.date | None) -> str:
    words = f"{start:%a} {start.day} {start:%b} {start.year}, {start:%H:%M}"
    if not isinstance(end, dt.datetime):
        return words
    if end.date() == start.date():
        return f"{words}–{end:%H:%M}"
    return f"{words} – {end:%a} {end.day} {end:%b}, {end:%H:%M}"


def _days(start: dt.date, end: dt.datetime | dt.date | None) -> str:
    words = f"{start:%a} {start.day} {start:%b} {start.year}"
    last = end - dt.timedelta(days=1) if isinstance(end, dt.date) and not isinstance(end, dt.datetime) else start
    return f"{words}, all day" if last <= start else f"{words} – {last:%a} {last.day} {last:%b} {last.year}"
