"""What stands above a letter's text: subject, people, date and notes, as blocks of the same document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from tui_mail.model.address import Address
from tui_mail.model.document import Block, Document, Emphasis, Run
from tui_mail.model.insight import Insight, Turn
from tui_mail.model.joining import joined, without_seen
from tui_mail.model.message import Message, MessageId, Summary

from .letter_cards import MOST_TURNS, Cards, KeyOf, keyless
from .trust_strip import strip

_DIM: Emphasis = frozenset({"dim"})
_BOLD: Emphasis = frozenset({"bold"})
_LABEL = 10
"""Cells of the column of names: `Reply to  `."""
_MANY = 8
"""More people than this are counted, not listed, until the full headers are asked for."""
_BETWEEN = Document((Block("gap"), Block("rule"), Block("gap")))
NO_SUBJECT = "(no subject)"


def letter(
    message: Message,
    body: Document,
    *,
    full: bool = False,
    brief: bool = False,
    turns: int = MOST_TURNS,
    insight: Insight | None = None,
    at: MessageId | None = None,
    key_of: KeyOf = keyless,
) -> Document:
    """The whole page: the head, what is to be known, what the letter is besides its words, the words.

    `brief`: there is room for a few lines, and the words come first; `turns`: so many letters of a conversation.
    """
    head = _full_head(message) if full else _brief_head(message) if brief else _short_head(message)
    known = insight or Insight()
    body = without_seen(body, known.read_before) if body is message.document else body
    cards = Cards(body.links, key_of, turns=turns)
    cards.show(known, at, message.list_id)
    notes = strip(known.concerns, () if insight else dict.fromkeys((*message.notes, *body.notes)))
    blocks = [*head, Block("rule"), *notes, *cards.blocks, *body.blocks]
    if not body.blocks:
        blocks.append(_said("This letter has no text."))
    return replace(body, blocks=tuple(blocks), links=cards.links)


def conversation(message: Message, letters: Sequence[tuple[Turn, Message | None]]) -> tuple[Document, int]:
    """Every letter of a conversation with its whole text, in order; and the block where `message` begins."""
    pages = [Document((_title(message.subject), _said(f"{len(letters)} letters"), Block("rule")))]
    here = 0
    for turn, other in letters:
        if other is message:
            here = sum(len(page.blocks) for page in pages)
        name = "You" if turn.is_own else turn.sender.short
        runs = [Run(name, _BOLD), Run(f"  {date_words(turn.date)}", _DIM)]
        runs += [Run(f"  {turn.subject}", _DIM)] if turn.subject else []
        body = other.document if other is not None else Document((_said("This letter is not here yet."),))
        pages += [Document((Block("note", tuple(runs), first="▾ "), Block("gap"))), _unfolded(body), _BETWEEN]
    return joined(pages[:-1]), here


def _unfolded(body: Document) -> Document:
    return replace(body, folds=(), blocks=tuple(replace(block, fold=0) for block in body.blocks))


def expected(row: Summary, words: str) -> Document:
    """The page of a letter that is not here yet: what the list knows of it, and why there is no more."""
    head = [
        _title(row.subject),
        *_people("From", (row.sender,)),
        *_people("To", row.to),
        _field("Date", (Run(date_words(row.date)),)),
        Block("rule"),
    ]
    return Document((*head, _said(words))) if words else Document(tuple(head))


def only(words: str) -> Document:
    """A page that says one thing."""
    return Document((_said(words),)) if words else Document()


def date_words(date: int | None, *, brief: bool = False) -> str:
    """`Mon 23 Nov 2026, 21:25 CET`: here and now's zone, always named; brief: `23 Nov 2026 21:25`,
    never broken."""
    if date is None:
        return "not said"
    try:
        when = dt.datetime.fromtimestamp(date).astimezone()
    except (OverflowError, ValueError, OSError):
        return "a date that cannot be"
    if brief:
        return f"{when.day}\xa0{when:%b}\xa0{when.year}\xa0{when:%H:%M}"
    return f"{when:%a} {when.day} {when:%b} {when.year}, {when:%H:%M} {when.tzname() or ''}".strip()


def _short_head(message: Message) -> list[Block]:
    answers_elsewhere = [person for person in message.reply_to if person.key != message.sender.key]
    return [
        _title(message.subject),
        *_people("From", (message.sender,)),
        *_people("Reply to", answers_elsewhere),
        *_people("To", message.to),
        *_people("Cc", message.cc),
        *_people("Bcc", message.bcc),
        _field("Date", (Run(date_words(message.date)),)),
    ]


def _brief_head(message: Message) -> list[Block]:
    """Who and when, in one line if it fits. To whom is left to the full headers and to the letter when it is opened."""
    (sender, *_) = _people("", (message.sender,)) or (Block("text"),)
    return [
        _title(message.subject),
        Block("text", (*sender.runs, Run(f"  {date_words(message.date, brief=True)}", _DIM))),
    ]


def _full_head(message: Message) -> list[Block]:
    fields = [
        Block("text", (Run(f"{name}: ", _DIM), Run(" ".join(value.split()))), rest="    ")
        for name, value in message.headers
    ]
    return [_title(message.subject), *fields]


def _title(subject: str) -> Block:
    return Block("heading", (Run(subject or NO_SUBJECT),), level=1)


def _field(name: str, runs: Sequence[Run]) -> Block:
    return Block("text", tuple(runs), first=name.ljust(_LABEL), rest=" " * _LABEL)


def _people(name: str, people: Sequence[Address]) -> list[Block]:
    """One field, or none for nobody. The address itself is always shown: a name proves nothing."""
    shown = people if len(people) <= _MANY else people[: _MANY - 2]
    runs: list[Run] = []
    for person in shown:
        if not (person.name or person.email):
            continue
        if runs:
            runs.append(Run(", "))
        if person.name and person.name.lower() != person.email.lower():
            runs += [Run(person.name, _BOLD), Run(f" <{person.email}>" if person.email else "", _DIM)]
        else:
            runs.append(Run(person.email or person.name, _BOLD))
    if len(shown) < len(people):
        runs.append(Run(f" and {len(people) - len(shown):,} more", _DIM))
    return [_field(name, [run for run in runs if run.text])] if runs else []


def _said(words: str) -> Block:
    return Block("text", (Run(words, _DIM),))
