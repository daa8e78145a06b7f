"""Somebody else's client at the same mailbox: the standard library's, doing what people do, and counting mail."""

from __future__ import annotations

import imaplib
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.backend.worlds import Answer, done

Census = dict[bytes, Counter[tuple[str, frozenset[str]]]]
"""Of each folder by raw name: how often each (Message-ID, flags) stands in it."""
_FLAGS = ("\\Seen", "\\Flagged", "\\Answered", "$Later")
_NAMES = ("Lists", "Lists/python", "Pl&AOQ-ne", "Two words", "R&-D", "&Ti1lhw-")
_LIST = re.compile(rb'\((.*?)\) (?:"(.)"|NIL) (.+)')
_FETCH = re.compile(r"UID (\d+)")
_SET = re.compile(r"FLAGS \(([^)]*)\)")
_FIELD = re.compile(r"^(message-id|subject): *(.*?) *$", re.I | re.M)
_SPACE = re.compile(rb'\(\("([^"]*)" "(.)"')
"""The first personal namespace: the prefix of a person's own folders, and the delimiter."""


def letter(name: str, subject: str, *, body: str = "Hello.\r\n") -> bytes:
    return (
        f"From: Bob <bob@example.org>\r\nTo: Ann <ann@example.org>\r\nSubject: {subject}\r\n"
        f"Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{name}@sweep.example>\r\n\r\n{body}"
    ).encode()


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as the other client sees it."""

    uid: int
    name: str
    """Its Message-ID."""
    flags: frozenset[str]
    subject: str = ""


@dataclass(slots=True)
class Fate:
    """What may have become of the letters that were ever there."""

    born: Counter[str] = field(default_factory=Counter)
    doomed: set[str] = field(default_factory=set)
    """Somebody wanted them away for good."""
    lost_folders: set[bytes] = field(default_factory=set)
    """Folders that were deleted with what came into them."""


class Other:
    """Every verb is one thing that a person does in another program; the seed's dice say what to what."""

    def __init__(self, client: imaplib.IMAP4, dice: random.Random, fate: Fate) -> None:
        self._client = client
        self._dice = dice
        self._fate = fate
        self._turn = 0
        self._marked: set[str] = set()
        self._can_do = self._abilities()
        self._prefix, self._delimiter = self._namespace()
        self._names = [self.spelled(name.encode()) for name in _NAMES]
        self._flags = self._kept_flags()

    def close(self) -> None:
        self._client.logout()

    def come_anew(self, client: imaplib.IMAP4) -> None:
        """Goes on in a new session: a Dovecot's of long ago may not see folders any more that came since."""
        self.close()
        self._client = client

    # --- where mail lies here

    def _namespace(self) -> tuple[bytes, bytes]:
        [answer, *_] = done(self._client.namespace()) if self._can("NAMESPACE") else [b""]
        found = _SPACE.match(answer) if isinstance(answer, bytes) else None
        return (found[1], found[2]) if found else (b"", b"/")

    def _kept_flags(self) -> tuple[str, ...]:
        """A server that keeps no keywords may refuse the command that sets one."""
        done(self._client.select())
        _, [kept] = self._client.response("PERMANENTFLAGS")
        self._leave()
        return _FLAGS if kept is None or b"\\*" in kept else tuple(flag for flag in _FLAGS if flag.startswith("\\"))

    def _abilities(self) -> frozenset[bytes]:
        """What the server offers now that somebody is logged in; the library knows what it said before."""
        [said, *_] = done(self._client.capability())
        return frozenset(said.upper().split()) if isinstance(said, bytes) else frozenset()

    def _can(self, capability: str) -> bool:
        return capability.encode() in self._can_do

    def spelled(self, folder: bytes) -> bytes:
        """A folder's name as this server has it: `Lists/python` is INBOX.Lists.python at Courier."""
        return folder if folder == b"INBOX" else self._prefix + folder.replace(b"/", self._delimiter)

    # --- looking

    def folders(self) -> list[bytes]:
        names = []
        for line in done(self._client.list()):
            found = _LIST.match(line) if isinstance(line, bytes) else None
            marks = found[1].lower() if found else b""
            if found and b"\\noselect" not in marks and b"\\nonexistent" not in marks:
                names.append(found[3].strip(b'"'))
        return names

    def held(self, folder: bytes) -> list[Seen]:
        status, _ = self._client.select(_quoted(folder), readonly=True)
        if status != "OK":
            return []
        answer = done(self._client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID SUBJECT)])"))
        found = [_seen(piece) for piece in _joined(answer)]
        self._leave()
        return [seen for seen in found if seen is not None]

    def census(self) -> Census:
        return {
            folder: Counter((seen.name, seen.flags) for seen in self.held(folder) if "\\Deleted" not in seen.flags)
            for folder in self.folders()
        }

    def everywhere(self) -> Counter[str]:
        """How often each Message-ID stands anywhere, marked for deletion or not."""
        return Counter(seen.name for folder in self.folders() for seen in self.held(folder))

    def _leave(self) -> None:
        """Closes the folder without removing what is marked for it."""
        if self._can("UNSELECT"):
            self._client.unselect()
        else:
            self._client.select("INBOX", readonly=True)

    # --- acting

    def clear(self, usual: Iterable[str]) -> None:
        """Empties the mailbox, leaves only these folders and the inbox, and logs out."""
        kept = {b"INBOX", *(self.spelled(name.encode()) for name in usual)}
        there = self.folders()
        for folder in sorted(there, reverse=True):
            if folder not in kept:
                self._client.delete(_quoted(folder))
        for folder in sorted(kept):
            if folder not in there:
                self._client.create(_quoted(folder))
            if done(self._client.select(_quoted(folder))) != [b"0"]:
                done(self._client.store("1:*", "+FLAGS.SILENT", "(\\Deleted)"))
                done(self._client.expunge())
            self._leave()
        self.close()

    def put(self, folder: bytes, raw: bytes) -> None:
        done(self._client.append(_quoted(folder), "()", "", raw))  # without any list Twisted fails

    def act(self, *, deletes_folders: bool = True) -> str:
        """One thing, in words."""
        verbs = [self.append] * 5 + [self.flag] * 4 + [self.move] * 4 + [self.expunge] * 2
        verbs += [self.mark_deleted, self.create, self.rename, *([self.delete] if deletes_folders else [])]
        verb = self._dice.choice(verbs)
        try:
            return verb()
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:  # some servers answer BAD where somebody else was quicker
            return f"{verb.__name__}: {error}"

    def append(self, folder: bytes = b"") -> str:
        folder = folder or self._dice.choice([b"INBOX", b"INBOX", b"INBOX", *self.folders()])
        again = self._dice.random() < 0.05 and self._fate.born
        name = self._dice.choice(sorted(self._fate.born)).strip("<>").partition("@")[0] if again else self._name()
        flags = " ".join(flag for flag in self._flags if self._dice.random() < 0.25)
        raw = letter(name, f"letter {name}")
        status, _ = self._client.append(_quoted(folder), f"({flags})", "", raw)
        if status == "OK":
            self._fate.born[f"<{name}@sweep.example>"] += 1
            if folder in self._fate.lost_folders:
                self._fate.doomed.add(f"<{name}@sweep.example>")
        return f"append {name} to {folder!r} ({flags}): {status}"

    def _name(self) -> str:
        self._turn += 1
        return f"{self._turn}.{self._dice.getrandbits(32):08x}"

    def flag(self) -> str:
        folder, some = self._some()
        if not some:
            return "flag nothing"
        self._client.select(_quoted(folder))
        sign, flag = self._dice.choice("+-"), self._dice.choice(self._flags)
        done(self._client.uid("STORE", _set(some), f"{sign}FLAGS", f"({flag})"))
        self._leave()
        return f"{sign}{flag} on {_names(some)} in {folder!r}"

    def move(self) -> str:
        folder, some = self._some()
        target = self._dice.choice(self.folders())
        if not some or target == folder:
            return "move nothing"
        self._client.select(_quoted(folder))
        status = self._carry(some, target)
        self._leave()
        if target in self._fate.lost_folders:
            self._fate.doomed |= {seen.name for seen in some}
        return f"move {_names(some)} from {folder!r} to {target!r}: {status}"

    def _carry(self, some: Sequence[Seen], target: bytes) -> str:
        """Moves them out of the open folder, in three steps where the server knows no MOVE."""
        if self._can("MOVE"):
            return self._client.uid("MOVE", _set(some), _quoted(target))[0]
        status, _ = self._client.uid("COPY", _set(some), _quoted(target))
        if status == "OK":
            self._remove(some)
        return status

    def _remove(self, some: Sequence[Seen]) -> None:
        """Out of the open folder; without UIDPLUS together with whatever is marked there."""
        done(self._client.uid("STORE", _set(some), "+FLAGS.SILENT", "(\\Deleted)"))
        if self._can("UIDPLUS"):
            done(self._client.uid("EXPUNGE", _set(some)))
        else:
            self._fate.doomed |= self._marked
            done(self._client.expunge())

    def expunge(self) -> str:
        folder, some = self._some()
        if not some:
            return "expunge nothing"
        self._fate.doomed |= {seen.name for seen in some}
        self._client.select(_quoted(folder))
        self._remove(some)
        self._leave()
        return f"expunge {_names(some)} from {folder!r}"

    def mark_deleted(self) -> str:
        """Marks one and leaves it there, as mutt does until it is quit."""
        folder, some = self._some()
        if not some:
            return "mark nothing"
        self._client.select(_quoted(folder))
        done(self._client.uid("STORE", str(some[0].uid), "+FLAGS", "(\\Deleted)"))
        self._marked.add(some[0].name)
        self._leave()
        return f"mark {some[0].name} deleted in {folder!r}"

    def create(self) -> str:
        name = self._dice.choice(self._names)
        status, _ = self._client.create(_quoted(name))
        return f"create {name!r}: {status}"

    def stir(self) -> None:
        """One more folder, so that the server looks at its own list again.

        A Dovecot keeps an index of it for each session. Where several make and rename folders in one second, a LIST may
        show the list of before, to the very session that changed it.
        """
        self._turn += 1
        done(self._client.create(_quoted(self.spelled(f"Last {self._turn}".encode()))))

    def rename(self) -> str:
        old, new = self._own_folder(), self._dice.choice(self._names)
        if old is None or new.startswith(old) or old.startswith(new):
            return "rename nothing"
        if old in self._fate.lost_folders:
            self._fate.lost_folders.add(new)
        status, _ = self._client.rename(_quoted(old), _quoted(new))
        return f"rename {old!r} to {new!r}: {status}"

    def delete(self) -> str:
        folder = self._own_folder()
        if folder is None or self._dice.random() < 0.5:
            return "delete no folder"
        self._fate.lost_folders.add(folder)
        self._fate.doomed |= {seen.name for seen in self.held(folder)}
        status, _ = self._client.delete(_quoted(folder))
        return f"delete folder {folder!r}: {status}"

    def _own_folder(self) -> bytes | None:
        own = [folder for folder in self.folders() if folder in self._names]
        return self._dice.choice(own) if own else None

    def _some(self) -> tuple[bytes, list[Seen]]:
        """A few messages of one folder."""
        for folder in self._dice.sample(self.folders(), 3):
            held = [seen for seen in self.held(folder) if "\\Deleted" not in seen.flags and seen.name]
            if held:
                break
        return folder, self._dice.sample(held, min(len(held), self._dice.randint(1, 3)))


def _quoted(folder: bytes) -> str:
    return f'"{folder.decode("ascii")}"'


def _set(some: Iterable[Seen]) -> str:
    return ",".join(str(seen.uid) for seen in some)


def _names(some: Iterable[Seen]) -> str:
    return " ".join(seen.name for seen in some)


def _joined(answer: Sequence[Answer]) -> list[tuple[str, str]]:
    """(what stands around the literal, the literal) of each message: flags may come on either side of it."""
    found: list[tuple[str, str]] = []
    for piece in answer:
        if isinstance(piece, tuple):
            found.append((piece[0].decode(), piece[1].decode("utf-8", "replace")))
        elif isinstance(piece, bytes) and found:
            found[-1] = found[-1][0] + piece.decode(), found[-1][1]
    return found


def _seen(piece: tuple[str, str]) -> Seen | None:
    head, header = piece
    uid, flags = _FETCH.search(head), _SET.search(head)
    if uid is None or flags is None:
        return None
    fields = {name.lower(): value for name, value in _FIELD.findall(header.replace("\r", ""))}
    return Seen(
        int(uid[1]), fields.get("message-id", ""), frozenset(flags[1].split()) - {"\\Recent"}, fields.get("subject", "")
    )
