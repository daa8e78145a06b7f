"""Commands that open and leave a folder: SELECT, EXAMINE, UNSELECT, CLOSE, with CONDSTORE and QRESYNC (RFC 7162)."""

from __future__ import annotations

from . import sets
from .folders import uidnext
from .syntax import Argument, Bad, No, atom, expect, group, number
from .talk import Talk
from .view import View

_SYSTEM = "\\Answered \\Flagged \\Deleted \\Seen \\Draft"


def select(talk: Talk, given: list[Argument]) -> str:
    return _open(talk, given, read_only=False)


def examine(talk: Talk, given: list[Argument]) -> str:
    return _open(talk, given, read_only=True)


def _open(talk: Talk, given: list[Argument], *, read_only: bool) -> str:
    expect(given, 1, 2)
    resync = _parameters(talk, given[1]) if len(given) == 2 else None
    if talk.view is not None:
        talk.leave()
        if "QRESYNC" in talk.enabled:
            talk.say("OK [CLOSED] The folder before is closed.")
    if "require_id" in talk.quirks and not talk.identified:
        raise No("SELECT Unsafe Login. Please contact kefu@example.com for help")
    with talk.mailbox.lock:
        folder = talk.folder(given[0])
        view = talk.view = View(
            *(talk.mailbox, folder, talk.wire.wake), read_only=read_only, strict="strict_uids" in talk.quirks
        )
        talk.say(f"FLAGS ({_SYSTEM})")
        own = "" if "no_keywords" in talk.quirks else " \\*"
        talk.say(f"OK [PERMANENTFLAGS ({'' if read_only else _SYSTEM + own})] What stays.")
        talk.say(f"{len(folder)} EXISTS")
        talk.say("0 RECENT")
        talk.selects += 1
        validity = folder.uidvalidity + (talk.selects if "renumbers" in talk.quirks else 0)
        talk.say(f"OK [UIDVALIDITY {validity}] UIDs are valid.")
        if "no_uidnext" not in talk.quirks:
            talk.say(f"OK [UIDNEXT {uidnext(talk, folder)}] The next.")
        if talk.can("CONDSTORE"):
            talk.say(f"OK [HIGHESTMODSEQ {1 if 'still_modseq' in talk.quirks else folder.modseq}] Highest.")
        if resync is not None and resync[0] == folder.uidvalidity:
            _catch_up(talk, view, resync[1])
    return f"[READ-{'ONLY' if read_only else 'WRITE'}] Selected."


def _parameters(talk: Talk, argument: Argument) -> tuple[int, int] | None:
    """(UIDVALIDITY, mod-sequence) of QRESYNC; None where there is only CONDSTORE."""
    resync = None
    items = iter(group(argument))
    for item in items:
        name = atom(item)
        if name == "CONDSTORE":
            talk.need("CONDSTORE")
            talk.enabled.add("CONDSTORE")
        elif name == "QRESYNC":
            if "QRESYNC" not in talk.enabled:
                raise Bad("QRESYNC was not enabled")
            values = group(next(items, b""))
            expect(values, 2, 4)
            resync = number(values[0] if isinstance(values[0], str) else b""), number(values[1])
            if not resync[0] or not resync[1]:
                raise Bad("UIDVALIDITY and mod-sequence are never 0")
        else:
            raise Bad(f"Unknown SELECT parameter {name}")
    return resync


def _catch_up(talk: Talk, view: View, modseq: int) -> None:
    """What changed since the client was here (RFC 7162 section 3.2.5)."""
    gone = view.folder.gone_since(modseq)
    if gone and "silent_vanish" not in talk.quirks:
        talk.say(f"VANISHED (EARLIER) {sets.text(gone)}")
    if "false_vanish" in talk.quirks:
        talk.say("VANISHED (EARLIER) 1:2")
    for index in view.folder.changed_since(modseq):
        talk.wire.write(view.flags_line(index + 1, index, modseqs=True))


def unselect(talk: Talk, given: list[Argument]) -> str:
    expect(given, 0)
    talk.leave()
    return "Done."


def close(talk: Talk, given: list[Argument]) -> str:
    """CLOSE expunges what is \\Deleted, silently."""
    expect(given, 0)
    view = talk.opened
    if not view.read_only:
        with talk.mailbox.lock:
            sets_of = talk.mailbox.flags.sets
            folder = view.folder
            folder.remove([at for at, code in enumerate(folder.codes) if "\\Deleted" in sets_of[code]])
    talk.leave()
    return "Done."
