"""SEARCH and its extended answer (RFC 4731): keys become tests over one message, cheap ones first by their order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from ..letter import Letter
from . import mime, sets
from .dates import day
from .fetch import windows
from .syntax import Argument, Bad, No, astring, atom, expect, number, words
from .talk import Talk
from .view import View

_SYSTEM = {
    "ANSWERED": "\\Answered",
    "DELETED": "\\Deleted",
    "DRAFT": "\\Draft",
    "FLAGGED": "\\Flagged",
    "SEEN": "\\Seen",
}
Test = Callable[[int, int], bool]
"""Told (place in the view, index in the folder)."""


@dataclass(slots=True)
class _Reader:
    """The keys still to be read, and what they are read against."""

    talk: Talk
    view: View
    keys: list[Argument]

    def take(self) -> Argument:
        if not self.keys:
            raise Bad("Search key expected")
        return self.keys.pop(0)

    def letter(self, index: int) -> Letter:
        return self.talk.mailbox.shelf.get(self.view.folder.numbers[index])


def search(talk: Talk, given: list[Argument]) -> str:
    view = talk.opened
    keys, returns = _prologue(talk, given)
    with talk.mailbox.lock:
        parts, test = _understood(talk, view, keys)
    found: list[int] = []
    for window in windows(parts):
        with talk.mailbox.lock:
            rows = ((sequence - 1, index) for part in window for sequence, index in view.rows(part))
            places = [place for place, index in rows if test is None or test(place, index)]
            found += [view.uids[place] for place in places] if talk.by_uid else [place + 1 for place in places]
    if "empty_search" in talk.quirks:
        found = []
    elif "search_lies" in talk.quirks:
        found = list(view.uids) if talk.by_uid else list(range(1, len(view.uids) + 1))
    words = "Done."
    limit = talk.quirks.number("messagelimit")
    if limit is not None and len(found) > limit:
        found = found[-limit:]
        words = f"[MESSAGELIMIT {limit} {found[0]}] Done as far as allowed."
    if returns is None:
        talk.say("SEARCH" + "".join(f" {value}" for value in found))
    else:
        _say_extended(talk, returns, found)
    return words


def _understood(talk: Talk, view: View, keys: list[Argument]) -> tuple[list[range], Test | None]:
    """Where to look, and the test of each message there; None where all of them are found."""
    only = _only_a_set(talk, view, keys)
    if only is not None:
        return only, None
    reader = _Reader(talk, view, keys)
    tests: list[Test] = []
    while reader.keys:
        tests.append(_key(reader))
    return [range(len(view.uids))], _both(tests)


def _both(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda place, index: all(test(place, index) for test in tests)


def _prologue(talk: Talk, given: list[Argument]) -> tuple[list[Argument], list[str] | None]:
    """The keys without RETURN and CHARSET, and the return options (None: the old answer)."""
    keys, returns = list(given), None
    if keys and isinstance(keys[0], str) and keys[0].upper() == "RETURN":
        talk.need("ESEARCH")
        if "refuse_esearch" in talk.quirks:
            raise Bad("What is RETURN?")
        expect(keys, 3, 10_000)
        returns = words(keys[1]) or ["ALL"]
        if unknown := set(returns) - {"MIN", "MAX", "ALL", "COUNT"}:
            raise Bad(f"Unknown return option {unknown.pop()}")
        keys = keys[2:]
    if keys and isinstance(keys[0], str) and keys[0].upper() == "CHARSET":
        expect(keys, 3, 10_000)
        if astring(keys[1]).upper() not in (b"UTF-8", b"US-ASCII"):
            raise No("[BADCHARSET (US-ASCII UTF-8)] Unknown charset")
        keys = keys[2:]
    if not keys:
        raise Bad("Search key expected")
    return keys, returns


def _only_a_set(talk: Talk, view: View, keys: list[Argument]) -> list[range] | None:
    """The places where the search is ALL or one set and nothing else: no test a message, then."""
    names = [str(key).upper() if isinstance(key, str) else "" for key in keys]
    if names == ["ALL"]:
        return [range(len(view.uids))]
    if len(keys) == 2 and names[0] == "UID":
        return view.places(atom(keys[1]), by_uid=True)
    return None


def _key(reader: _Reader) -> Test:
    first = reader.take()
    if isinstance(first, list):
        inner = _Reader(reader.talk, reader.view, list(first))
        tests = []
        while inner.keys:
            tests.append(_key(inner))
        return _both(tests)
    name = atom(first)
    folder, flag_sets = reader.view.folder, reader.talk.mailbox.flags.sets  # arrays may be replaced between windows
    if name in ("ALL", "OLD"):
        return lambda place, index: True
    if name in ("NEW", "RECENT"):
        return lambda place, index: False
    if (flag := _flag_of(name, reader)) is not None:
        name, wanted = flag
        return lambda place, index: (name in flag_sets[folder.codes[index]]) is wanted
    if name == "NOT":
        denied = _key(reader)
        return lambda place, index: not denied(place, index)
    if name == "OR":
        one, other = _key(reader), _key(reader)
        return lambda place, index: one(place, index) or other(place, index)
    if name == "MODSEQ":
        reader.talk.need("CONDSTORE")
        least = number(reader.take())
        return lambda place, index: folder.modseqs[index] >= least
    if name == "UID":
        return _in_places(reader.view.places(atom(reader.take()), by_uid=True))
    if name[0].isdigit() or name[0] == "*":
        return _in_places(reader.view.places(name, by_uid=False))
    return _content(name, reader)


def _flag_of(name: str, reader: _Reader) -> tuple[str, bool] | None:
    """(flag, whether it must be set) of a key about flags."""
    if name in _SYSTEM:
        return _SYSTEM[name], True
    if name[:2] == "UN" and name[2:] in _SYSTEM:
        return _SYSTEM[name[2:]], False
    if name in ("KEYWORD", "UNKEYWORD"):
        keyword = reader.take()
        atom(keyword)
        return str(keyword), name == "KEYWORD"
    return None


def _in_places(parts: list[range]) -> Test:
    starts = [part.start for part in parts]

    def test(place: int, index: int) -> bool:
        at = bisect_left(starts, place + 1) - 1
        return at >= 0 and place < parts[at].stop

    return test


def _content(name: str, reader: _Reader) -> Test:
    """Keys that look at date, size or text."""
    if name in ("LARGER", "SMALLER"):
        size = number(reader.take())
        if name == "LARGER":
            return lambda place, index: len(reader.letter(index).raw) > size
        return lambda place, index: len(reader.letter(index).raw) < size
    if name in ("SINCE", "BEFORE", "ON", "SENTSINCE", "SENTBEFORE", "SENTON"):
        return _day_test(name.removeprefix("SENT"), reader)
    if name in ("SUBJECT", "FROM", "TO", "CC", "BCC"):
        return _field_test(name.lower().encode(), astring(reader.take()), reader)
    if name == "HEADER":
        field = astring(reader.take()).lower()
        return _field_test(field, astring(reader.take()), reader)
    if name in ("TEXT", "BODY"):
        wanted = astring(reader.take()).lower()
        if name == "TEXT":
            return lambda place, index: wanted in reader.letter(index).raw.lower()
        return lambda place, index: wanted in reader.letter(index).body.lower()
    raise Bad(f"Unknown search key {name}")


def _day_test(name: str, reader: _Reader) -> Test:
    """By INTERNALDATE; the Date field is close enough to it for the demo's SENT… keys."""
    start = day(astring(reader.take()))
    shelf, folder = reader.talk.mailbox.shelf, reader.view.folder
    if name == "SINCE":
        return lambda place, index: shelf.date(folder.numbers[index]) >= start
    if name == "BEFORE":
        return lambda place, index: shelf.date(folder.numbers[index]) < start
    return lambda place, index: start <= shelf.date(folder.numbers[index]) < start + 86_400


def _field_test(name: bytes, sought: bytes, reader: _Reader) -> Test:
    wanted = sought.decode("utf-8", "replace").lower()

    def test(place: int, index: int) -> bool:
        values = [value for field, value in mime.fields(reader.letter(index).header) if field == name]
        return any(wanted in _readable(value).lower() for value in values)

    return test


def _readable(value: bytes) -> str:
    from email.header import decode_header, make_header  # 30 ms that only a search by text pays

    text = value.decode("utf-8", "replace")
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError):
        return text  # an encoded word that is none


def _say_extended(talk: Talk, returns: list[str], found: list[int]) -> None:
    pieces = [f'ESEARCH (TAG "{talk.tag}")', *(["UID"] if talk.by_uid else [])]
    if found and "MIN" in returns:
        pieces.append(f"MIN {found[0]}")
    if found and "MAX" in returns:
        pieces.append(f"MAX {found[-1]}")
    if found and "ALL" in returns:
        pieces.append(f"ALL {sets.text(found)}")
    if "COUNT" in returns:
        pieces.append(f"COUNT {len(found)}")
    talk.say(" ".join(pieces))
