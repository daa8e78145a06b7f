"""What can go wrong, each with the sentence a person reads."""

from __future__ import annotations


class MailError(Exception):
    """Something failed that a person must hear of.

    The text is the toast: what failed, why, what now. `remedy` is what to do about it, where there is one;
    `detail` is the other side's own words, cleaned, for the log and the long view.
    """

    def __init__(self, text: str, *, remedy: str = "", detail: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.remedy = remedy
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.text} {self.remedy}".strip()


class Offline(MailError):
    """The other side cannot be reached, or went silent; the same thing may work later."""

    def __init__(self, text: str, *, remedy: str = "", detail: str = "", code: str = "") -> None:
        super().__init__(text, remedy=remedy, detail=detail)
        self.code = code
        """Why, as the server's response code: `LIMIT` (too many connections), `UNAVAILABLE`, or empty."""


class AuthFailed(MailError):
    """The server does not accept who we say we are; trying again unasked would lock the account."""


class TlsFailed(MailError):
    """No verified encryption, so nothing was sent."""


class Untrusted(TlsFailed):
    """Nobody vouches for the certificate that this host and port showed; `known` is the SHA-256 of the one that the
    person had trusted there before, or empty."""

    def __init__(self, text: str, host: str, port: int, *, known: str = "", remedy: str = "", detail: str = "") -> None:
        super().__init__(text, remedy=remedy, detail=detail)
        self.host = host
        self.port = port
        self.known = known


class Refused(MailError):
    """The server understood and said no. `permanent` is False where it asked to come back later (4xx, UNAVAILABLE)."""

    def __init__(
        self, text: str, *, remedy: str = "", detail: str = "", permanent: bool = True, code: str = ""
    ) -> None:
        super().__init__(text, remedy=remedy, detail=detail)
        self.permanent = permanent
        self.code = code
        """The response code: `OVERQUOTA`, `TRYCREATE`, `5.1.1`, or empty."""


class PutBack(Refused):
    """The server would not do what the person had done here already: it is as it was before."""


class RecipientsRefused(Refused):
    """The server would not take some recipients; nothing was sent. `refused` maps address to the server's words."""

    def __init__(self, text: str, refused: dict[str, str], *, permanent: bool = True) -> None:
        super().__init__(text, permanent=permanent)
        self.refused = refused


class Uncertain(MailError):
    """The connection died after the last byte was given: it may have happened. Never repeated by itself."""


class NotFound(MailError):
    """What was asked for is gone: a message, a folder, a file."""


class BadAddress(MailError):
    """Not an address that mail can be sent to; the text says why."""


class BadConfig(MailError):
    """The configuration says something that cannot be meant; the text names file, key and the nearest right key."""


class BadInput(MailError):
    """What was asked cannot be done as asked: a wrong query, a missing file, an unknown account."""


class Unsupported(MailError):
    """The server cannot do this; the text says what it lacks."""


class StorageFailed(MailError):
    """The local disk or database refused; the text says what is still safe."""


class IndexDamaged(StorageFailed):
    """What is stored of the server's mail cannot be read any more: the next start makes it anew."""


class Cancelled(MailError):
    """The person, or the program's end, called it off."""


class PassphraseWanted(MailError):
    """gpg has to ask for a passphrase, for which the terminal must be lent to it; nothing was done yet."""
