"""NOTIFY (RFC 5465): news of every folder, and of the list of folders, on one connection."""

from __future__ import annotations

from . import names
from .folders import status_line
from .syntax import Argument, Bad, No, atom, expect, group
from .talk import Talk

_ITEMS = ("MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN")
_WHERE = frozenset({"SELECTED", "SELECTED-DELAYED", "PERSONAL", "SUBSCRIBED", "INBOXES"})
_EVENTS = frozenset(
    {"MESSAGENEW", "MESSAGEEXPUNGE", "FLAGCHANGE", "MAILBOXNAME", "SUBSCRIPTIONCHANGE", "ANNOTATIONCHANGE"}
)


def notify(talk: Talk, given: list[Argument]) -> str:
    """`NOTIFY NONE`, or `NOTIFY SET [STATUS] (selected (…)) (personal (…))`."""
    if not given:
        raise Bad("SET or NONE expected")
    if atom(given[0]) == "NONE":
        expect(given, 1)
        _end(talk)
        return "Silence."
    if atom(given[0]) != "SET" or len(given) < 2:
        raise Bad("SET or NONE expected")
    if "refuse_notify" in talk.quirks:
        raise No("[CANNOT] Not possible after all")
    is_told, groups = (True, given[2:]) if atom_or_none(given[1]) == "STATUS" else (False, given[1:])
    places = {_place(one) for one in groups}
    if not places:
        raise Bad("Which folders?")
    _end(talk)
    if places - {"SELECTED", "SELECTED-DELAYED"}:
        _begin(talk, is_told=is_told)
    return "You will hear."


def atom_or_none(argument: Argument) -> str | None:
    return str(argument).upper() if isinstance(argument, str) else None


def _place(argument: Argument) -> str:
    """Which folders a group is about, its events checked."""
    items = group(argument)
    expect(items, 2)
    where, events = atom(items[0]), group(items[1])
    if where not in _WHERE or not {atom(event) for event in events} <= _EVENTS:
        raise Bad("[BADEVENT (MessageNew MessageExpunge FlagChange MailboxName)] What is that?")
    return where


def _begin(talk: Talk, *, is_told: bool) -> None:
    with talk.mailbox.lock:
        talk.notified = {} if is_told else {name: folder.modseq for name, folder in talk.mailbox.folders.items()}
        talk.mailbox.watchers.add(talk.ring)
    if is_told:
        tell(talk)


def _end(talk: Talk) -> None:
    with talk.mailbox.lock:
        talk.notified = None
        talk.mailbox.watchers.discard(talk.ring)


def has_news(talk: Talk) -> bool:
    """Whether there is something to tell of folders that are not open."""
    if talk.notified is None or "deaf_notify" in talk.quirks:
        return False
    with talk.mailbox.lock:
        now = {name: folder.modseq for name, folder in talk.mailbox.folders.items() if not _is_open(talk, name)}
        known = {name: modseq for name, modseq in talk.notified.items() if not _is_open(talk, name)}
        return now != known


def tell(talk: Talk) -> None:
    """Says what changed since it was said last: STATUS for messages, LIST for folders that came or went."""
    if talk.notified is None or not has_news(talk):
        return
    if "notify_overflows" in talk.quirks:
        talk.say("OK [NOTIFICATIONOVERFLOW] Too much to tell.")
        _end(talk)
        return
    with talk.mailbox.lock:
        folders = talk.mailbox.folders
        for name in sorted(talk.notified.keys() - folders.keys()):
            talk.say(b'LIST (\\NonExistent) "/" ' + talk.quote(names.encode(name)))
        for name, folder in sorted(folders.items()):
            if name not in talk.notified:
                talk.say(b'LIST () "/" ' + talk.quote(names.encode(name)))
            if talk.notified.get(name) != folder.modseq and not _is_open(talk, name):
                talk.say(status_line(talk, folder, _ITEMS))
        talk.notified = {name: folder.modseq for name, folder in folders.items()}


def _is_open(talk: Talk, name: str) -> bool:
    return talk.view is not None and talk.view.folder.name == name
