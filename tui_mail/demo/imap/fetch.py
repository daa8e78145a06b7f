"""FETCH: what is asked becomes a list of small functions, run over the messages a window at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..letter import Letter
from . import mime, names, sets
from .dates import internal_date
from .syntax import Argument, Bad, atom, expect, group, number
from .talk import Talk
from .view import View

_WINDOW = 200
"""Messages whose answers are made under one hold of the lock."""
_MACROS = {
    "ALL": ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"],
    "FAST": ["FLAGS", "INTERNALDATE", "RFC822.SIZE"],
    "FULL": ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"],
}
_SECTION = re.compile(r"BODY(\.PEEK)?\[([^\]]*)\](?:<(\d+)\.([1-9]\d*)>)?\Z", re.I)


@dataclass(slots=True)
class Row:
    """The message in hand."""

    view: View
    index: int
    letter: Letter | None
    """None where nothing of its bytes was asked."""

    @property
    def bytes(self) -> Letter:
        if self.letter is None:
            raise RuntimeError("asked for bytes that were not loaded")
        return self.letter


Item = Callable[[Row], bytes]


@dataclass(slots=True)
class _Plan:
    items: list[Item]
    loads: bool = False
    """The letters themselves are needed."""
    marks: bool = False
    """Reading marks as read."""


def fetch(talk: Talk, given: list[Argument]) -> str:
    expect(given, 2, 3)
    view = talk.opened
    since, vanished = _modifiers(talk, given[2]) if len(given) == 3 else (0, False)
    plan = _plan(talk, given[1], with_modseq=since > 0)
    with talk.mailbox.lock:
        places = view.places(atom(given[0]), by_uid=talk.by_uid)
        if vanished:
            _say_vanished(talk, view, atom(given[0]), since)
        if since:
            changed = {view.folder.uids[index] for index in view.folder.changed_since(since)}
            at = [view.sequence(uid) for uid in sorted(changed)]
            kept = {place - 1 for place in at if place is not None}
            places = [range(place, place + 1) for part in places for place in part if place in kept]
    places, words = _limited(talk, view, places)
    for window in windows(places):
        with talk.mailbox.lock:
            _answer(talk, view, plan, window)
    return words


def _limited(talk: Talk, view: View, places: list[range]) -> tuple[list[range], str]:
    """With MESSAGELIMIT only the newest are answered, and the code says from which uid on (RFC 9738)."""
    limit = talk.quirks.number("messagelimit")
    if limit is None or sum(map(len, places)) <= limit:
        return places, "Done."
    kept: list[range] = []
    left = limit
    for part in reversed(places):
        kept.insert(0, part[-left:])
        left -= len(kept[0])
        if left <= 0:
            break
    return kept, f"[MESSAGELIMIT {limit} {view.uids[kept[0][0]]}] Done as far as allowed."


def windows(places: list[range]) -> list[list[range]]:
    """Cut into portions of _WINDOW messages."""
    windows: list[list[range]] = []
    held: list[range] = []
    count = 0
    for part in places:
        for start in range(0, len(part), _WINDOW):
            piece = part[start : start + _WINDOW]
            held.append(piece)
            count += len(piece)
            if count >= _WINDOW:
                windows.append(held)
                held, count = [], 0
    return [*windows, held] if held else windows


def _answer(talk: Talk, view: View, plan: _Plan, window: list[range]) -> None:
    mailbox, folder = talk.mailbox, view.folder
    row = Row(view, 0, None)
    stray = "unsolicited_flags" in talk.quirks
    for places in window:
        for sequence, index in view.rows(places):
            row.index = index
            if plan.loads:
                row.letter = mailbox.shelf.get(folder.numbers[index])
                if talk.quirks.is_empty(folder.numbers[index]):
                    row.letter = Letter(b"", row.letter.date)
            if plan.marks and not view.read_only:
                _mark_read(talk, view, index)
            talk.wire.write(b"* %d FETCH (%s)\r\n" % (sequence, b" ".join([item(row) for item in plan.items])))
            if stray and sequence % 3 == 1:
                other = places.start
                at = folder.index(view.uids[other])
                if at is not None:
                    talk.wire.write(view.flags_line(other + 1, at, modseqs=False, uid=False))


def _mark_read(talk: Talk, view: View, index: int) -> None:
    flags = talk.mailbox.flags
    seen = flags.code(flags.sets[view.folder.codes[index]] | {"\\Seen"})
    if seen != view.folder.codes[index]:
        view.folder.recode([(index, seen)])  # the client hears of it after the command


def _modifiers(talk: Talk, argument: Argument) -> tuple[int, bool]:
    """CHANGEDSINCE and VANISHED (RFC 7162)."""
    items = group(argument)
    names = [str(item).upper() for item in items]
    if names[:1] != ["CHANGEDSINCE"] or len(items) not in (2, 3) or names[2:] not in ([], ["VANISHED"]):
        raise Bad("CHANGEDSINCE expected")
    talk.need("CONDSTORE")
    talk.enabled.add("CONDSTORE")
    vanished = len(items) == 3
    if vanished and ("QRESYNC" not in talk.enabled or not talk.by_uid):
        raise Bad("VANISHED needs QRESYNC and UID FETCH")
    since = number(items[1])
    if not since:
        raise Bad("A mod-sequence is never 0")
    return since, vanished


def _say_vanished(talk: Talk, view: View, text: str, since: int) -> None:
    wanted = sets.ranges(text, view.folder.uidnext)
    gone = [uid for uid in view.folder.gone_since(since) if any(low <= uid <= high for low, high in wanted)]
    if gone:
        talk.say(f"VANISHED (EARLIER) {sets.text(gone)}")


def _plan(talk: Talk, argument: Argument, *, with_modseq: bool) -> _Plan:
    names = [atom(item) for item in argument] if isinstance(argument, list) else [atom(argument)]
    if not isinstance(argument, list) and names[0] in _MACROS:
        names = list(_MACROS[names[0]])
    if not names:
        raise Bad("What to fetch?")
    if talk.by_uid and "UID" not in names:
        names.insert(0, "UID")
    if with_modseq and "MODSEQ" not in names:
        names.append("MODSEQ")
    plan = _Plan([])
    for name in names:
        plan.items.append(_item(talk, name, plan))
    return plan


def _item(talk: Talk, name: str, plan: _Plan) -> Item:
    texts = talk.mailbox.flags.texts
    if name == "UID":
        return lambda row: b"UID %d" % row.view.folder.uids[row.index]
    if name == "FLAGS":
        return lambda row: b"FLAGS " + texts[row.view.folder.codes[row.index]]
    if name == "MODSEQ":
        talk.need("CONDSTORE")
        talk.enabled.add("CONDSTORE")
        return lambda row: b"MODSEQ (%d)" % row.view.folder.modseqs[row.index]
    if name == "INTERNALDATE":
        shelf, zone = talk.mailbox.shelf, "" if "no_internal_date_zone" in talk.quirks else " +0000"
        return lambda row: b"INTERNALDATE " + internal_date(shelf.date(row.view.folder.numbers[row.index]), zone)
    if name in IDS:
        return _own_id(talk, name, plan)
    plan.loads = True
    if name == "RFC822.SIZE":
        return lambda row: b"RFC822.SIZE %d" % len(row.bytes.raw)
    if name == "ENVELOPE":
        return _envelope(talk)
    if name in ("BODYSTRUCTURE", "BODY"):
        label, extended = name.encode() + b" ", name == "BODYSTRUCTURE"
        return lambda row: label + mime.structure(mime.tree(row.bytes), row.bytes.raw, talk.quote, extended=extended)
    if name in ("RFC822", "RFC822.HEADER", "RFC822.TEXT"):
        plan.marks |= name != "RFC822.HEADER"
        what = {"RFC822": "", "RFC822.HEADER": "HEADER", "RFC822.TEXT": "TEXT"}[name]
        return _section(name.encode(), what, None)
    return _body(name, plan)


IDS = {
    "EMAILID": "OBJECTID",
    "THREADID": "OBJECTID",
    "X-GM-MSGID": "X-GM-EXT-1",
    "X-GM-THRID": "X-GM-EXT-1",
    "X-GM-LABELS": "X-GM-EXT-1",
}
_GOOGLE = 1 << 60
"""Gmail's numbers have 19 digits."""


def _own_id(talk: Talk, name: str, plan: _Plan) -> Item:
    """The server's own names for a mail and its thread (RFC 8474, X-GM-EXT-1); copies share them."""
    talk.need(IDS[name])
    if "refuse_ids" in talk.quirks:
        raise Bad(f"Unknown FETCH item {name}")
    label = name.encode()
    is_one = "one_thread" in talk.quirks
    if name in ("EMAILID", "X-GM-MSGID"):
        form = b" (M%d)" if name == "EMAILID" else b" %d"
        start = 0 if name == "EMAILID" else _GOOGLE
        return lambda row: label + form % (start + (0 if is_one else row.view.folder.numbers[row.index]))
    if name == "X-GM-LABELS":
        return lambda row: label + b" (" + b" ".join(_labels(talk, row)) + b")"
    plan.loads = True
    form = b" (T%d)" if name == "THREADID" else b" %d"
    return lambda row: label + form % (_GOOGLE if is_one else _GOOGLE + mime.root(row.bytes))


def _labels(talk: Talk, row: Row) -> list[bytes]:
    """The other folders that hold this letter."""
    folder = row.view.folder
    number = folder.numbers[row.index]
    return [
        talk.quote(other.use.encode() if other.use else names.encode(other.name))
        for other in talk.mailbox.folders.values()
        if other is not folder and number in other.numbers
    ]


def _envelope(talk: Talk) -> Item:
    broken = "bad_envelope_quotes" in talk.quirks

    def item(row: Row) -> bytes:
        if broken and row.view.folder.uids[row.index] % 7 == 3:
            return b'ENVELOPE ("x" "say "hi" now" NIL NIL NIL NIL NIL NIL NIL "<"q"@example.org>")'
        return b"ENVELOPE " + mime.envelope(row.bytes.header, talk.quote)

    return item


def _body(name: str, plan: _Plan) -> Item:
    """`BODY[…]<from.count>`."""
    found = _SECTION.match(name)
    if found is None:
        raise Bad(f"Unknown FETCH item {name}")
    plan.marks |= found[1] is None
    what = found[2].upper()
    mime.check_section(what)
    label = b"BODY[" + what.encode() + b"]"
    if found[3] is None:
        return _section(label, what, None)
    start, count = int(found[3]), int(found[4])
    return _section(label + b"<%d>" % start, what, slice(start, start + count))


def _section(label: bytes, what: str, part: slice | None) -> Item:
    def item(row: Row) -> bytes:
        octets = mime.section(row.bytes, what)
        if octets is None:
            return label + b" NIL"
        if part is not None:
            octets = octets[part]
        return b"%s {%d}\r\n%s" % (label, len(octets), octets)

    return item
