"""Letters put into a folder of any store: each whole, each once, however often it is begun anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tui_mail.mime.facts import facts
from tui_mail.mime.mbox import Posted
from tui_mail.model.errors import MailError, NotFound, Offline, Refused
from tui_mail.model.message import DELETED

from .contract import Store
from .maildir.letters import glance

_AT_ONCE = 500
_LOSSES = 3
"""Connections lost one after the other until it is given up."""


@dataclass(slots=True)
class Outcome:
    """How far it came."""

    new: int = 0
    there: int = 0
    """Already there, or twice in what was brought."""
    expunged: int = 0
    """Thrown away in the program that they come from, so they were left out."""
    empty: int = 0
    """Without a single octet: no server takes them, and there is nothing to lose."""
    refused: list[MailError] = field(default_factory=list)


def deposit(store: Store, raw: bytes, letters: Iterable[Posted], outcome: Outcome, tell: Callable[[], object]) -> None:
    """Brings the letters that the folder does not hold yet; `tell` is called after each.

    What is there is told by Message-ID and size, and without a Message-ID by its octets; no search is trusted with it.
    A lost connection is made anew, and the folder looked at before a letter is offered again. Raises Offline where
    that does not help, Refused with OVERQUOTA where the account is full; `outcome` holds what came about until then.
    """
    shelf = _Shelf(store, raw)
    shelf.learn()
    for letter in letters:
        if letter.is_expunged:
            outcome.expunged += 1
        elif not letter.octets:
            outcome.empty += 1
        elif shelf.holds(letter.octets):
            outcome.there += 1
        else:
            _offer(shelf, letter, outcome)
        tell()


def _offer(shelf: _Shelf, letter: Posted, outcome: Outcome) -> None:
    for loss in range(1, _LOSSES + 1):
        try:
            shelf.put(letter)
            outcome.new += 1
            return
        except Offline:
            if loss == _LOSSES:
                raise
            shelf.reconnect()
            if shelf.holds(letter.octets):  # it had arrived, only the answer was lost
                outcome.new += 1
                return
        except Refused as error:
            if error.code == "OVERQUOTA" or not error.permanent:
                raise
            outcome.refused.append(error)
            return


class _Shelf:
    """One folder and what is known to stand there."""

    def __init__(self, store: Store, raw: bytes) -> None:
        self._store = store
        self._raw = raw
        self._mark = 1
        """Everything below this uid was looked at."""
        self._named: set[tuple[str, int]] = set()
        self._nameless: dict[int, list[int]] = {}
        """Size → uids of those without a Message-ID."""
        self._digests: set[bytes] = set()
        """Octets of nameless ones that were read, or put there by us."""

    def learn(self) -> None:
        """Takes in what stands there and was not looked at yet."""
        self._store.open(self._raw)
        fresh = sorted(self._store.uids(self._mark))
        for start in range(0, len(fresh), _AT_ONCE):
            for uid, (message_id, size) in self._store.identity(fresh[start : start + _AT_ONCE]).items():
                if message_id:
                    self._named.add((message_id, size))
                else:
                    self._nameless.setdefault(size, []).append(uid)
        if fresh:
            self._mark = fresh[-1] + 1

    def reconnect(self) -> None:
        self._store.connect()
        self.learn()

    def holds(self, octets: bytes) -> bool:
        message_id = _message_id(octets)
        if message_id:
            return (message_id, len(octets)) in self._named
        for uid in self._nameless.pop(len(octets), []):
            try:
                self._digests.add(_digest(self._store.fetch(uid)))
            except NotFound:
                continue  # deleted meanwhile
        return _digest(octets) in self._digests

    def put(self, letter: Posted) -> None:
        self._store.append(self._raw, letter.octets, letter.flags - {DELETED}, letter.date)
        message_id = _message_id(letter.octets)
        if message_id:
            self._named.add((message_id, len(letter.octets)))
        else:
            self._digests.add(_digest(letter.octets))


def _message_id(octets: bytes) -> str:
    return facts(glance(octets).header).message_id


def _digest(octets: bytes) -> bytes:
    return hashlib.sha256(octets).digest()
