"""Commands about folders: LIST, STATUS, CREATE, DELETE, RENAME, SUBSCRIBE, NAMESPACE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass

from ..folder import Folder
from . import names
from .syntax import Argument, Atom, Bad, No, astring, atom, expect, group, words
from .talk import Talk

_STATUS_ITEMS = ("MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "HIGHESTMODSEQ")


def namespace(talk: Talk, given: list[Argument]) -> str:
    expect(given, 0)
    talk.say('NAMESPACE (("" "/")) NIL NIL')
    return "Done."


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a LIST asks for (RFC 5258, 5819, 6154)."""

    patterns: tuple[str, ...]
    only_subscribed: bool = False
    only_special: bool = False
    subscribed: bool = False
    status: Sequence[str] = ()


def list_folders(talk: Talk, given: list[Argument]) -> str:
    """LIST, plain and extended."""
    wish = _wish(talk, given)
    if wish.patterns == ("",):
        talk.say('LIST (\\Noselect) "/" ""')
        return "Done."
    with talk.mailbox.lock:
        for folder in _matching(talk, wish):
            _say_folder(talk, "LIST", folder, wish)
            if wish.status:
                talk.say(status_line(talk, folder, wish.status))
    return "Done."


def lsub(talk: Talk, given: list[Argument]) -> str:
    expect(given, 2)
    wish = _Wish((_pattern(given[0], given[1]),), only_subscribed=True)
    with talk.mailbox.lock:
        for folder in _matching(talk, wish):
            _say_folder(talk, "LSUB", folder, wish)
    return "Done."


def xlist(talk: Talk, given: list[Argument]) -> str:
    """Gmail's ancestor of SPECIAL-USE, still at QQ and 163."""
    expect(given, 2)
    wish = _Wish((_pattern(given[0], given[1]),))
    with talk.mailbox.lock:
        for folder in _matching(talk, wish):
            _say_folder(talk, "XLIST", folder, wish)
    return "Done."


def _wish(talk: Talk, given: list[Argument]) -> _Wish:
    select: list[str] = []
    if given and isinstance(given[0], list):
        talk.need("LIST-EXTENDED")
        select, given = words(given[0]), given[1:]
    expect(given, 2, 4)
    returns, items = _returns(talk, given[2:])
    patterns = given[1] if isinstance(given[1], list) else [given[1]]
    if len(patterns) != 1:
        talk.need("LIST-EXTENDED")
    unknown = set(select) - {"SUBSCRIBED", "SPECIAL-USE", "REMOTE", "RECURSIVEMATCH"}
    if unknown or not patterns:
        raise Bad("Unknown selection option" if unknown else "No pattern")
    return _Wish(
        tuple(_pattern(given[0], pattern) for pattern in patterns),
        only_subscribed="SUBSCRIBED" in select,
        only_special="SPECIAL-USE" in select,
        subscribed="SUBSCRIBED" in returns or "SUBSCRIBED" in select,
        status=items,
    )


def _returns(talk: Talk, given: list[Argument]) -> tuple[set[str], list[str]]:
    """The return options of an extended LIST, and the items of its STATUS."""
    if not given:
        return set(), []
    if len(given) != 2 or atom(given[0]) != "RETURN":
        raise Bad("RETURN (…) expected")
    talk.need("LIST-EXTENDED")
    found: set[str] = set()
    items: list[str] = []
    options = iter(group(given[1]))
    for option in options:
        name = atom(option)
        if name == "STATUS":
            talk.need("LIST-STATUS")
            if "refuse_list_status" in talk.quirks:
                raise Bad("What is STATUS?")
            items = _items(talk, next(options, b""))
        elif name == "SPECIAL-USE":
            talk.need("SPECIAL-USE")
        elif name not in ("SUBSCRIBED", "CHILDREN"):
            raise Bad(f"Unknown return option {name}")
        found.add(name)
    return found, items


def _pattern(reference: Argument, pattern: Argument) -> str:
    text = astring(reference) + astring(pattern)
    try:
        return text.decode("ascii")
    except UnicodeDecodeError as error:
        raise Bad("Pattern is not modified UTF-7") from error


def _shown(talk: Talk) -> Iterable[Folder]:
    if "hides_folders" in talk.quirks:
        return [folder for folder in talk.mailbox.folders.values() if folder.subscribed]
    if "old_list" not in talk.quirks:
        return talk.mailbox.folders.values()
    talk.listed = talk.listed or [copy(folder) for folder in talk.mailbox.folders.values()]
    return talk.listed


def _matching(talk: Talk, wish: _Wish) -> list[Folder]:
    found = []
    translated = [
        "".join({"*": ".*", "%": "[^/]*"}.get(char, re.escape(char)) for char in pattern) for pattern in wish.patterns
    ]
    sought = re.compile("|".join(translated), re.S)
    for folder in sorted(_shown(talk), key=lambda folder: (folder.name != "INBOX", folder.name)):
        name = names.encode(folder.name).decode("ascii")
        fits = sought.fullmatch(name) or (folder.name == "INBOX" and re.fullmatch(sought.pattern, name, re.I))
        if fits and (not wish.only_subscribed or folder.subscribed) and (not wish.only_special or folder.use):
            found.append(folder)
    return found


_OLD_USES = {"\\Junk": "\\Spam", "\\All": "\\AllMail", "\\Flagged": "\\Starred"}


def _attributes(talk: Talk, verb: str, folder: Folder, wish: _Wish) -> list[str]:
    found = []
    if talk.can("CHILDREN"):
        children = any(name.startswith(folder.name + "/") for name in talk.mailbox.folders)
        found.append("\\HasChildren" if children else "\\HasNoChildren")
    if folder.use and talk.can("SPECIAL-USE"):
        found.append(folder.use.lower() if "lower_case_special_use" in talk.quirks else folder.use)
    if verb == "XLIST" and folder.name == "INBOX":
        found.append("\\Inbox")
    elif verb == "XLIST" and folder.use:
        found.append(_OLD_USES.get(folder.use, folder.use))
    if wish.subscribed and folder.subscribed:
        found.append("\\Subscribed")
    return found


def _say_folder(talk: Talk, verb: str, folder: Folder, wish: _Wish) -> None:
    attributes = " ".join(_attributes(talk, verb, folder, wish))
    talk.say(f'{verb} ({attributes}) "/" '.encode() + talk.quote(names.encode(folder.name)))


def _items(talk: Talk, argument: Argument) -> list[str]:
    items = words(argument)
    for item in items:
        if item not in _STATUS_ITEMS or (item == "HIGHESTMODSEQ" and not talk.can("CONDSTORE")):
            raise Bad(f"Unknown STATUS item {item}")
    if not items:
        raise Bad("Which STATUS items?")
    return items


def status(talk: Talk, given: list[Argument]) -> str:
    expect(given, 2)
    items = _items(talk, given[1])
    with talk.mailbox.lock:
        talk.say(status_line(talk, talk.folder(given[0]), items))
    return "Done."


def status_line(talk: Talk, folder: Folder, items: Sequence[str]) -> bytes:
    values: list[str] = []
    for item in items:
        if item == "UIDNEXT" and "no_uidnext" in talk.quirks:
            continue
        values.append(f"{item} {_value(talk, folder, item)}")
        if item == "HIGHESTMODSEQ":
            talk.enabled.add("CONDSTORE")
    return b"STATUS " + talk.quote(names.encode(folder.name)) + f" ({' '.join(values)})".encode()


def _value(talk: Talk, folder: Folder, item: str) -> int:
    match item:
        case "MESSAGES":
            return len(folder)
        case "UIDNEXT":
            return uidnext(talk, folder)
        case "UIDVALIDITY":
            return folder.uidvalidity
        case "HIGHESTMODSEQ":
            return 1 if "still_modseq" in talk.quirks else folder.modseq
        case "UNSEEN":
            return unseen(talk, folder)
    return 0  # RECENT: nothing is recent to anybody


def uidnext(talk: Talk, folder: Folder) -> int:
    """UIDNEXT as the quirks have it."""
    if "uidnext_low" in talk.quirks:
        return folder.uids[-1] if folder.uids else folder.uidnext
    return folder.uidnext + (talk.quirks.number("uidnext_high") or 0)


def unseen(talk: Talk, folder: Folder) -> int:
    """Counted a flag combination at a time: 2 ms for a million messages."""
    sets = talk.mailbox.flags.sets
    return sum(folder.codes.count(code) for code, flags in enumerate(sets) if "\\Seen" not in flags)


def create(talk: Talk, given: list[Argument]) -> str:
    """CREATE, with `(USE (\\Archive))` where CREATE-SPECIAL-USE is offered."""
    expect(given, 1, 2)
    name = names.decode(astring(given[0])).rstrip("/")
    use = None
    if len(given) == 2:
        talk.need("CREATE-SPECIAL-USE")
        wish = group(given[1])
        if len(wish) != 2 or atom(wish[0]) != "USE" or not isinstance(wish[1], list) or len(wish[1]) != 1:
            raise Bad("USE (…) expected")
        use = str(wish[1][0]) if isinstance(wish[1][0], Atom) else None
    if not name or "//" in name or len(name) > 250 or re.search(r"[\x00-\x1f\x7f%*]", name):
        raise No("[CANNOT] Not a name for a folder")
    with talk.mailbox.lock:
        if talk.mailbox.folder(name) is not None:
            raise No("[ALREADYEXISTS] Folder exists")
        talk.mailbox.create(name, use)
    return "Created."


def delete(talk: Talk, given: list[Argument]) -> str:
    expect(given, 1)
    with talk.mailbox.lock:
        folder = talk.folder(given[0])
        if folder.name == "INBOX":
            raise No("[CANNOT] INBOX stays")
        if any(name.startswith(folder.name + "/") for name in talk.mailbox.folders):
            raise No("[HASCHILDREN] There are folders below it")
        del talk.mailbox.folders[folder.name]
        watchers = (*folder.watchers, *talk.mailbox.watchers)
    for wake in watchers:
        wake()
    return "Deleted."


def rename(talk: Talk, given: list[Argument]) -> str:
    expect(given, 2)
    name = names.decode(astring(given[1]))
    with talk.mailbox.lock:
        folder = talk.folder(given[0])
        if folder.name == "INBOX" or not name:
            raise No("[CANNOT] Not possible")
        if talk.mailbox.folder(name) is not None:
            raise No("[ALREADYEXISTS] Folder exists")
        old, folders = folder.name, talk.mailbox.folders
        for path in [path for path in folders if path == old or path.startswith(old + "/")]:
            moved = folders.pop(path)
            moved.name = name + path[len(old) :]
            folders[moved.name] = moved
        watchers = tuple(talk.mailbox.watchers)
    for wake in watchers:
        wake()
    return "Renamed."


def subscribe(talk: Talk, given: list[Argument]) -> str:
    expect(given, 1)
    with talk.mailbox.lock:
        talk.folder(given[0]).subscribed = True
    return "Done."


def unsubscribe(talk: Talk, given: list[Argument]) -> str:
    expect(given, 1)
    with talk.mailbox.lock:
        talk.folder(given[0]).subscribed = False
    return "Done."
