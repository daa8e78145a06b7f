"""PGP in the text of a letter: opened and checked stretch by stretch, when the person asks for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from tui_mail.backend.gnupg import Gnupg, Ran
from tui_mail.mime import armor
from tui_mail.model.errors import BadInput, PassphraseWanted
from tui_mail.model.seal import Seal

_KEPT = 4
"""Letters of which what was opened is kept in memory."""
_WAITING = Seal("PGP", is_waiting=True)


@dataclass(frozen=True, slots=True)
class InText:
    """A stretch of the text as it is to be read, and what is to be said of it; None: anybody can have written it."""

    text: str
    seal: Seal | None = None
    is_page: bool = False
    """`text` is the source of HTML that came beside the texts."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The texts of a letter, cut; no stretches where they wait to be opened."""

    texts: tuple[InText, ...]
    are_all: bool
    """Nothing came with them of which a signature in them would say nothing."""
    as_came: str = ""
    """The plain texts before anything was opened."""

    def seal(self, shown: Sequence[InText]) -> Seal:
        """What is to be said of the whole letter, of which these are shown."""
        if not self.texts:
            return _WAITING
        seals = tuple(one.seal for one in shown if one.seal is not None)
        if len(shown) == 1 and (self.are_all or not seals[0].signature):
            return seals[0]
        return Seal("PGP", is_encrypted=any(one.is_encrypted for one in seals), parts=seals)


class Armored:
    """Any thread. Nothing that is opened is written to the disk."""

    def __init__(self, gpg: Gnupg, judged: Callable[[Seal, Ran, bytes], Seal], closed: Callable[[Ran], str]) -> None:
        """`judged` adds the verdict on the signatures of a run, for the letter that they stand in; `closed` says why a
        run gave nothing."""
        self._gpg = gpg
        self._judged = judged
        self._closed = closed
        self._lock = threading.Lock()
        self._opened: OrderedDict[bytes, Opened] = OrderedDict()

    def open(self, raw: bytes, *, ask: bool = False) -> Opened | None:
        """The stretches of the letter's text; None where PGP covers nothing of it.

        Without `ask` gpg is left alone: what was not opened before waits. Raises Cancelled where the person gave no
        passphrase.
        """
        digest = sha256(raw).digest()
        with self._lock:
            kept = self._opened.get(digest)
        if kept is not None and not ask:
            return kept
        found, are_all = armor.stretches(raw)
        if not found:
            return None
        if not ask:
            return Opened((), are_all)
        as_came = "\n".join(one.text for one in found if not one.is_page)
        opened = Opened(tuple(self._one(one, raw) for one in found), are_all, as_came)
        with self._lock:
            self._opened[digest] = opened
            while len(self._opened) > _KEPT:
                self._opened.popitem(last=False)
        return opened

    def _one(self, stretch: armor.Stretch, raw: bytes) -> InText:
        if not stretch.is_armor:
            return InText(stretch.text, is_page=stretch.is_page)
        seal = Seal("PGP", is_encrypted=not stretch.is_signed)
        if not self._gpg.is_there:
            return InText(stretch.text, replace(seal, trouble="PGP, and gpg is not installed"))
        try:
            return self._signed(stretch, raw) if stretch.is_signed else self._packed(stretch, raw)
        except PassphraseWanted:
            return InText(stretch.text, replace(seal, is_locked=True))
        except BadInput as error:
            return InText(stretch.text, replace(seal, trouble=error.text))

    def _signed(self, stretch: armor.Stretch, raw: bytes) -> InText:
        """What is shown is what gpg gave out as signed, dashes undone: never what stands around or between it."""
        ran = self._gpg.unwrap(stretch.octets)
        if not ran.output:
            return InText(stretch.text, Seal("PGP", signature="broken"))
        return InText(armor.told(ran.output, stretch.charset), self._judged(Seal("PGP"), ran, raw))

    def _packed(self, stretch: armor.Stretch, raw: bytes) -> InText:
        """Encrypted, or signed and packed without being a secret."""
        ran = self._gpg.decrypt(stretch.octets, ask=True)
        seal = Seal("PGP", is_encrypted=True)
        if not ran.output and not ran.of("BEGIN_DECRYPTION", "ENC_TO"):
            ran, seal = self._gpg.unwrap(stretch.octets), Seal("PGP")
        if not ran.output:
            return InText(stretch.text, replace(seal, trouble=self._closed(ran)))
        if not seal.is_encrypted or ran.of("GOODSIG", "BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG"):
            seal = self._judged(seal, ran, raw)
        return InText(armor.told(ran.output, stretch.charset), seal)
