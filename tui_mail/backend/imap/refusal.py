"""NO and BAD as sentences: what failed, and why, in words that a person can act on (RFC 5530)."""

from __future__ import annotations

import re

from tui_mail.model.errors import AuthFailed, MailError, NotFound, Offline, Refused

from .command import Command
from .connection import CROWDED

_WHY = {
    b"OVERQUOTA": "the mailbox is full",
    b"NOPERM": "this account may not do that",
    b"READ-ONLY": "the folder can only be read",
    b"TRYCREATE": "the folder does not exist",
    b"NONEXISTENT": "it does not exist",
    b"ALREADYEXISTS": "it exists already",
    b"INUSE": "it is in use by another program",
    b"LIMIT": "a limit of the server is reached",
    b"UNAVAILABLE": "a part of the server is down",
    b"SERVERBUG": "the server has a fault",
    b"THROTTLED": "the server wants us to slow down",
    b"TOOBIG": "it is too large",
    b"EXPUNGEISSUED": "it is gone",
    b"MESSAGELIMIT": "it was too much at once",
}
_TEMPORARY = frozenset({b"INUSE", b"LIMIT", b"UNAVAILABLE", b"SERVERBUG", b"THROTTLED"})
_LATER = re.compile(r"too many|temporar|try again|unavailable|simultaneous|overload|busy|throttl|not connected", re.I)
_SLOWER = re.compile(r"throttl|(?:bandwidth|command) limit|too many (?:requests|commands)|slow down", re.I)
_STRANGERS = frozenset({b"AUTHENTICATIONFAILED", b"AUTHORIZATIONFAILED", b"EXPIRED"})
_STRANGER = re.compile(r"not (?:logged in|authenticated)|session (?:has |is )?expired|log ?in (?:again|first)", re.I)
_MISSING = re.compile(r"(?:does|did) ?n.t exist|not exist|not found|unknown (?:mailbox|folder)|no such|nonexist", re.I)
_UNKNOWN = re.compile(r"(?:not |un)supported|not implemented|unknown command|unrecogni[sz]ed command", re.I)

_OFF = re.compile(
    r"not enabled for imap|(?:enable|activate) imap|imap\b.{0,40}(?:disabled|not (?:enabled|allowed)|\boff\b)|未开启",
    re.I,
)
_DOUBT = re.compile(r"credential|password|invalid|incorrect", re.I)


def refusal(command: Command, doing: str) -> MailError:
    """Why the server would not `doing` ("move 3 messages"): a Refused, with the response code where there was one.

    Offline where it no longer knows who we are: a new login is what helps.
    """
    code = command.code.decode("ascii", "replace")
    if command.code in _STRANGERS or (not code and _STRANGER.search(command.words)):
        return Offline("The server wants us to log in again.", detail=command.words, code=code)
    if not code and _SLOWER.search(command.words):
        code = "THROTTLED"
    why = _WHY.get(command.code) or command.words.rstrip(".!? ") or "it did not say why"
    later = code.encode() in _TEMPORARY or (not code and bool(_LATER.search(command.words)))
    return Refused(
        f"The server would not {doing}: {why}.",
        remedy="It may work later." if later else "",
        detail=command.words,
        permanent=not later,
        code=code,
    )


def says_missing(command: Command) -> bool:
    """Whether it was refused because the folder is not there."""
    return command.code in (b"NONEXISTENT", b"TRYCREATE") or (
        command.code not in _WHY and bool(_MISSING.search(command.words))
    )


def says_unknown(command: Command) -> bool:
    """Whether the server does not know the command that it offered; some say so with NO (go-imap)."""
    return command.outcome == b"BAD" or (
        command.outcome == b"NO" and not command.code and bool(_UNKNOWN.search(command.words))
    )


def missing(name: str) -> NotFound:
    return NotFound(f"The folder “{name}” is not on the server any more.")


def login_refusal(command: Command, host: str, login: str, hint: str) -> MailError:
    """Why a login failed: AuthFailed where asking for another password helps, Offline where waiting does."""
    words = command.words.rstrip(".! ")
    if command.code in _TEMPORARY or (not command.code and _LATER.search(words)):
        code = "LIMIT" if CROWDED.search(words) else command.code.decode("ascii", "replace")
        return Offline(
            f"{host} does not let {login} in at the moment: {words or _WHY.get(command.code, 'it did not say why')}.",
            code=code,
        )
    if command.code == b"EXPIRED":
        return AuthFailed(
            f"The password of {login} has expired at {host}.", remedy="Set a new one there.", detail=words
        )
    if _OFF.search(words) and not _DOUBT.search(words):
        return AuthFailed(
            f"IMAP is switched off for {login} at {host}: {words}.",
            remedy="Switch it on in the settings of the web mail, then try again.",
            detail=words,
        )
    because = f": {words}" if words else ""
    return AuthFailed(f"{host} does not accept the login of {login}{because}.", remedy=hint, detail=words)
