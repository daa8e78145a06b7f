"""Commands that change messages: STORE, COPY, MOVE, EXPUNGE, APPEND."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ..folder import Folder
from ..letter import Letter
from . import sets
from .dates import date_time
from .syntax import Argument, Atom, Bad, No, atom, expect, flags, group, number
from .talk import Talk
from .view import View


def store(talk: Talk, given: list[Argument]) -> str:
    """STORE, with UNCHANGEDSINCE where CONDSTORE is offered."""
    view = talk.writable
    order = _order(talk, given)
    with talk.mailbox.lock:
        places = view.places(atom(given[0]), by_uid=talk.by_uid)
        _limit(talk, places)
        was_current = view.modseq == view.folder.modseq
        rows = [row for part in places for row in view.rows(part)]
        stale = [row for row in rows if view.folder.modseqs[row[1]] > order.unchanged_since]
        done = [row for row in rows if view.folder.modseqs[row[1]] <= order.unchanged_since]
        _apply(talk, view, done, order)
        if was_current:
            view.modseq = view.folder.modseq  # our own changes are told here, once
        for sequence, index in done:
            if not order.silent:
                talk.wire.write(view.flags_line(sequence, index, modseqs=talk.tells_modseqs))
            elif talk.tells_modseqs:
                line = (sequence, view.folder.uids[index], view.folder.modseqs[index])
                talk.wire.write(b"* %d FETCH (UID %d MODSEQ (%d))\r\n" % line)
        if stale:
            failed = [view.folder.uids[index] if talk.by_uid else sequence for sequence, index in stale]
            return f"[MODIFIED {sets.text(failed)}] Some had changed."
    return "Done."


@dataclass(frozen=True, slots=True)
class _Order:
    sign: str
    """`+`, `-` or empty: instead of what was there."""
    flags: frozenset[str]
    silent: bool
    unchanged_since: int


def _order(talk: Talk, given: list[Argument]) -> _Order:
    rest, unchanged_since = given[1:], (1 << 63) - 1
    if rest and isinstance(rest[0], list):
        talk.need("CONDSTORE")
        talk.enabled.add("CONDSTORE")
        modifier = rest[0]
        if len(modifier) != 2 or atom(modifier[0]) != "UNCHANGEDSINCE":
            raise Bad("UNCHANGEDSINCE expected")
        unchanged_since, rest = number(modifier[1]), rest[1:]
    expect(rest, 2, 40)
    found = re.fullmatch(r"([+-]?)FLAGS(\.SILENT)?", atom(rest[0]))
    if found is None:
        raise Bad("FLAGS expected")
    chosen = flags(rest[1] if isinstance(rest[1], list) else rest[1:])
    if "no_keywords" in talk.quirks:
        chosen = frozenset(flag for flag in chosen if flag.startswith("\\"))
    return _Order(found[1], chosen, found[2] is not None, unchanged_since)


def _apply(talk: Talk, view: View, rows: Sequence[tuple[int, int]], order: _Order) -> None:
    table, folder = talk.mailbox.flags, view.folder
    becomes: dict[int, int] = {}  # few combinations, many messages
    changes = []
    for _, index in rows:
        code = folder.codes[index]
        if code not in becomes:
            old = table.sets[code]
            new = old | order.flags if order.sign == "+" else old - order.flags if order.sign else order.flags
            becomes[code] = table.code(new)
        if becomes[code] != code:
            changes.append((index, becomes[code]))
    folder.recode(changes)


def _limit(talk: Talk, places: list[range]) -> None:
    limit = talk.quirks.number("messagelimit")
    if limit is not None and sum(map(len, places)) > limit:
        raise No(f"[MESSAGELIMIT {limit}] Too many messages at once")


def copy(talk: Talk, given: list[Argument]) -> str:
    view = talk.opened
    expect(given, 2)
    with talk.mailbox.lock:
        places = view.places(atom(given[0]), by_uid=talk.by_uid)
        _, code = _copied(talk, view, places, talk.folder(given[1], missing="[TRYCREATE]"))
    return code + "Copied."


def move(talk: Talk, given: list[Argument]) -> str:
    """MOVE (RFC 6851): COPYUID goes first, in an untagged OK, then the removals."""
    view = talk.writable
    expect(given, 2)
    if "move_says_bad" in talk.quirks:
        raise Bad("Unknown command")
    with talk.mailbox.lock:
        places = view.places(atom(given[0]), by_uid=talk.by_uid)
        indices, code = _copied(talk, view, places, talk.folder(given[1], missing="[TRYCREATE]"))
        if code:
            talk.say(f"OK {code}Moved.")
        # uids, because moving within one folder has just added some
        view.folder.remove(sorted(indices))
    return "Done."


def _copied(talk: Talk, view: View, places: list[range], target: Folder) -> tuple[list[int], str]:
    """Copies; returns the indices of the originals and `[COPYUID …] `, or an empty text."""
    _limit(talk, places)
    source = view.folder
    indices = [index for part in places for _, index in view.rows(part)]
    if not indices:
        return [], ""
    old = [source.uids[index] for index in indices]
    numbers = [source.numbers[index] for index in indices]
    new = list(target.add(numbers, [source.codes[index] for index in indices]))
    if not talk.can("UIDPLUS") or "no_uidplus" in talk.quirks:
        return indices, ""
    if "permuted_copyuid" in talk.quirks:
        new = new[1:] + new[:1]
    return indices, f"[COPYUID {target.uidvalidity} {sets.text(old)} {sets.text(new)}] "


def expunge(talk: Talk, given: list[Argument]) -> str:
    """EXPUNGE, and UID EXPUNGE where UIDPLUS is offered."""
    view = talk.writable
    expect(given, 1 if talk.by_uid else 0)
    with talk.mailbox.lock:
        everything = [range(len(view.uids))]
        places = view.places(atom(given[0]), by_uid=True) if talk.by_uid else everything
        flag_sets, folder = talk.mailbox.flags.sets, view.folder
        rows = [index for part in places for _, index in view.rows(part)]
        folder.remove(sorted(index for index in rows if "\\Deleted" in flag_sets[folder.codes[index]]))
        return f"[HIGHESTMODSEQ {folder.modseq}] Done." if "QRESYNC" in talk.enabled else "Done."


def append(talk: Talk, given: list[Argument]) -> str:
    expect(given, 2, 4)
    kept: frozenset[str] = frozenset()
    when: float = time.time()
    rest = given[1:-1]
    if rest and isinstance(rest[0], list):
        kept, rest = flags(group(rest[0])), rest[1:]
    if rest:
        if not isinstance(rest[0], bytes) or len(rest) > 1:
            raise Bad("Date-time expected")
        when = date_time(rest[0])
    raw = given[-1]
    if not isinstance(raw, bytes) or isinstance(raw, Atom):
        raise Bad("Literal expected")
    if b"\0" in raw:
        raise No("NUL is not allowed in a message")
    if "no_keywords" in talk.quirks:
        kept = frozenset(flag for flag in kept if flag.startswith("\\"))
    with talk.mailbox.lock:
        folder = talk.folder(given[0], missing="[TRYCREATE]")
        number = talk.mailbox.shelf.put(Letter(raw, int(when)))
        uid = folder.add([number], [talk.mailbox.flags.code(kept)])[0]
        if talk.can("UIDPLUS") and "no_uidplus" not in talk.quirks:
            return f"[APPENDUID {folder.uidvalidity} {uid}] Filed."
    return "Filed."
