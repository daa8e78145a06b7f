"""How a letter is protected: who signed it, whether it was encrypted, and what could not be found out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Signature = Literal["", "good", "doubtful", "other", "bad", "missing", "expired", "broken"]
"""None; by a key that is known to be the sender's; by one that nobody vouches for; by somebody who is not the sender;
of other octets than these; by a key that is not here; by a key that had ended or was revoked; not to be read."""
Weight = Literal["good", "note", "alarm"]


@dataclass(frozen=True, slots=True)
class Seal:
    """What gpg (or gpgsm) said of one letter. It comes from its status channel alone, never from the letter."""

    scheme: Literal["PGP", "S/MIME"]
    is_encrypted: bool = False
    is_locked: bool = False
    """Its key wants a passphrase first."""
    signature: Signature = ""
    signer: str = ""
    """Who the key says it belongs to, cleaned; else its number."""
    fingerprint: str = ""
    trouble: str = ""
    """Why it stays closed, in a sentence, or empty."""
    is_part: bool = False
    """Only a part of the letter is protected, so that nothing is claimed of the whole."""
    is_waiting: bool = False
    """It stands in the text, and nothing of it was opened or checked before the person asks for it."""
    parts: tuple[Seal, ...] = ()
    """What is to be said of each protected stretch of a text that has others beside them."""

    @property
    def words(self) -> str:
        """In a line for the reader."""
        if self.is_waiting:
            return f"{self.scheme} stands in this text: nothing of it was opened or checked yet."
        if self.parts:
            count = len(self.parts)
            named = [(one.weight != "alarm", number, one.words) for number, one in enumerate(self.parts, 1)]
            said = [f"{part_name(number, count)}: {words}" for _, number, words in sorted(named)]  # alarms first
            only = "Only parts are" if count > 1 else "Only a part is"
            return "  ·  ".join([f"{only} protected, the rest anybody can have written", *said])
        if self.is_part:
            return f"A part of this letter is protected ({self.scheme}); the rest is not, so nothing is vouched for."
        pieces = []
        if self.is_locked:
            pieces.append(f"Encrypted ({self.scheme}): your passphrase is wanted first")
        elif self.trouble:
            pieces.append(self.trouble)
        elif self.is_encrypted:
            pieces.append(f"Encrypted ({self.scheme})")
        if self.signature:
            pieces.append(self._signed)
        elif self.is_encrypted and not (self.is_locked or self.trouble):
            pieces.append("not signed: anybody can have written it")
        return "  ·  ".join(pieces)

    @property
    def _signed(self) -> str:
        who = self.signer or self.fingerprint or "an unknown key"
        return {
            "good": f"signed by {who}",
            "doubtful": f"signed with a key of {who}; nobody vouches that it is theirs",
            "other": f"signed by {who}, who is not the sender",
            "bad": f"the signature of {who} is wrong: the letter was changed after it was signed",
            "missing": f"signed with a key that is not here ({who})",
            "expired": f"signed by {who} with a key that has ended or was revoked",
            "broken": "the signature cannot be read",
        }[self.signature]

    @property
    def weight(self) -> Weight:
        """How it is to be shown."""
        if self.signature in ("bad", "other", "broken") or self.trouble:
            return "alarm"
        if self.parts:
            return "alarm" if any(one.weight == "alarm" for one in self.parts) else "note"
        return "good" if self.signature == "good" and not self.is_part else "note"


def part_name(number: int, count: int) -> str:
    """What a protected stretch of a text is called, over the letter and where it begins."""
    return f"protected part {number}" if count > 1 else "the protected part"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the person's keyring."""

    fingerprint: str
    emails: tuple[str, ...] = ()
    """Lower case."""
    name: str = ""
    """The first user id, cleaned."""
    is_valid: bool = False
    """The keyring vouches that it belongs to these addresses."""
    can_encrypt: bool = False
    can_sign: bool = False
    made: int = 0
