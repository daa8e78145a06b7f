"""What a server says it is: the facts of a certificate, for a person who is to decide about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Certificate:
    """Texts are as the other side wrote them, not cleaned; only `sha256` proves anything."""

    sha256: str
    """Lower-case hex of the whole certificate's digest."""
    names: tuple[str, ...] = ()
    """The host names and addresses that it is made out to."""
    subject: str = ""
    issuer: str = ""
    since: int | None = None
    """From when on it is valid, seconds since 1970 UTC; None where that cannot be read."""
    until: int | None = None

    @property
    def is_own(self) -> bool:
        """Signed by itself alone."""
        return bool(self.subject) and self.subject == self.issuer


def spelled(sha256: str) -> str:
    """`AB:CD:…`, as other programs show fingerprints."""
    return ":".join(sha256[at : at + 2].upper() for at in range(0, len(sha256), 2))


def unspelled(text: str) -> str:
    """The hex digits of a fingerprint however it is written; empty where it is none of SHA-256."""
    digits = text.strip().replace(":", "").replace(" ", "").lower()
    return digits if len(digits) == 64 and all(digit in "0123456789abcdef" for digit in digits) else ""
