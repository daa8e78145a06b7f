"""An IMAP server from its greeting to its folders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account
from tui_mail.model.errors import AuthFailed, MailError

from ..imap_store import ImapStore
from .finding import PATIENCE, Finding, Line, wrong
from .folders import folders


def imap(account: Account, secret: Callable[[], Secret], said: list[Line]) -> Iterator[Finding]:
    """From the greeting to the folders. `said` takes the dialogue, secrets masked."""
    store = ImapStore(account, secret, trace=lambda way, text: said.append((way, text)), timeout=PATIENCE)
    try:
        store.connect()
    except MailError as error:
        yield from _before_login(said)
        yield wrong("login" if isinstance(error, AuthFailed) or _login(said) < len(said) else "greeting", error)
        return
    try:
        yield from _before_login(said)
        yield Finding("login", "right", "The server takes user and password.")
        yield from _abilities(_capabilities(said[_login(said) :]) or _capabilities(said))
        yield from folders(store)
    except MailError as error:
        yield wrong("folders", error)
    finally:
        store.close()


def _login(said: list[Line]) -> int:
    """Where in the dialogue the login stands; its end where there is none."""
    for place, (way, text) in enumerate(said):
        if way == "→" and re.match(r"\S+ (AUTHENTICATE|LOGIN)\b", text):
            return place
    return len(said)


def _capabilities(said: list[Line]) -> str:
    """What was offered last."""
    for way, text in reversed(said):
        if way == "←" and (found := re.search(r"(?:^\* |\[)CAPABILITY ([^\]]*)", text)):
            return found[1].strip()
    return ""


def _before_login(said: list[Line]) -> Iterator[Finding]:
    greeting = next((text for way, text in said if way == "←"), "")
    if greeting:
        yield Finding("greeting", "right", re.sub(r"\[CAPABILITY [^\]]*\] ?", "", greeting))
    offered = _capabilities(said[: _login(said)])
    if not offered:
        return
    yield Finding("before login", "right", f"It offers {offered}.")
    mechanisms = [word.removeprefix("AUTH=") for word in offered.split() if word.startswith("AUTH=")]
    if "LOGINDISABLED" in offered.split() and "PLAIN" not in mechanisms:
        others = f"; it wants one of {', '.join(mechanisms)}" if mechanisms else ", and names no other way to log in"
        yield Finding("before login", "note", f"It takes no passwords{others}.")


_ABILITIES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("QRESYNC", "CONDSTORE"),
        "It says what changed since the last time",
        "It cannot say what changed (CONDSTORE), so marks are compared message by message.",
    ),
    (("IDLE",), "It calls when there is new mail", "It cannot call (IDLE): it is asked once a minute."),
    (
        ("MOVE",),
        "It moves messages in one step",
        "It cannot move (MOVE): messages are copied, and the originals deleted.",
    ),
    (
        ("UIDPLUS",),
        "It removes exactly what is named",
        "It cannot remove single messages (UIDPLUS): what is deleted for good is only marked there.",
    ),
    (("SPECIAL-USE", "XLIST"), "It marks what folders are for", "It does not mark folders: their names say it."),
)
"""Capabilities, the sentence for one of them, the sentence for none."""


def _abilities(offered: str) -> Iterator[Finding]:
    yield Finding("after login", "right", f"It offers {offered or 'nothing that it tells of'}.")
    words = set(offered.upper().split())
    for names, has, lacks in _ABILITIES:
        found = next((name for name in names if name in words), "")
        yield Finding("abilities", "right", f"{has} ({found}).") if found else Finding("abilities", "note", lacks)
