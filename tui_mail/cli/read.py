"""`tui-mail read`: one message as text, as JSON, or octet by octet."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

from tui_mail.config.places import Places
from tui_mail.mime.parse import parse
from tui_mail.model.document import Document
from tui_mail.model.errors import NotFound
from tui_mail.model.message import Message, MessageId, Summary

from . import printing, telling
from .columns import wrap
from .journal import Journal
from .looking import Look, look, one_folder
from .wanted import Read

_WIDEST = 100
"""Cells of a line of text on a terminal; longer ones are hard to read."""


def run(order: Read, places: Places, journal: Journal) -> int:
    with look(places, journal, offline=order.offline) as here:
        row = _row(here, order, places)
        raw = here.raw(row)
        here.bar.clear()
        if order.raw:
            printing.give(raw)
            return 0
        message = parse(raw)
        if order.json:
            printing.give((printing.as_json(_object(here, row, message, order.headers), 2) + "\n").encode())
            return 0
        room = min(_WIDEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else 0
        for text in _lines(row, message, order.headers):
            for piece in wrap(text, room) if room else (text,):
                printing.say(piece)
    return 0


def _row(here: Look, order: Read, places: Places) -> Summary:
    if order.message is not None:
        found = here.row(MessageId(order.message))
        if found is None:
            raise NotFound(f"There is no message {order.message}.", remedy="tui-mail list prints the ids.")
        return found
    folder, listing = one_folder(here, places, account=order.account, folder=order.folder, query="", enough=1)
    row = here.row(listing[0]) if len(listing) else None
    if row is None:
        raise NotFound(f"{folder.name} is empty.")
    return row


def _object(here: Look, row: Summary, message: Message, headers: bool) -> dict[str, object]:
    found = telling.as_object(here, row, here.folder_names())
    found |= {"cc": [str(one) for one in message.cc], "attachments": [one.name for one in message.attachments]}
    found["body"] = body(message)
    if message.notes:
        found["notes"] = list(message.notes)
    if headers:
        found["headers"] = [list(field) for field in message.headers]
    return found


def body(message: Message) -> str:
    """The text as written; where there is only HTML, its words."""
    return message.text if message.text.strip() else message.document.text


def _lines(row: Summary, message: Message, headers: bool) -> Iterator[str]:
    if headers:
        yield from (f"{name}: {value}" for name, value in message.headers)
    else:
        people = (("From", (message.sender,)), ("To", message.to), ("Cc", message.cc))
        for name, addresses in people:
            if any(str(one) for one in addresses):
                yield f"{name}: {', '.join(map(str, addresses))}"
        yield f"Date: {telling.when(row.date)}"
        yield f"Subject: {message.subject}"
        for one in message.attachments:
            yield f"Attachment: {one.name} ({one.type}, {telling.size(one.size)})"
    for note in message.notes:
        yield f"Note: {note}"
    yield ""
    yield from _told(message.document)


def _told(document: Document) -> Iterator[str]:
    """The words, with the links that do not show themselves numbered and listed below."""
    listed: list[int] = []
    for block in document.blocks:
        if block.kind in ("table", "rule"):
            yield from Document((block,)).text.split("\n")
            continue
        words = ""
        for run in block.runs:
            words += run.text
            if run.link and document.links[run.link - 1].removeprefix("mailto:") not in run.text:
                listed.append(run.link)
                words += f"[{run.link}]"
        yield from ("> " * block.quote + block.first + words).split("\n")
    if listed:
        yield ""
        yield from (f"[{link}] {document.links[link - 1]}" for link in sorted(set(listed)))
