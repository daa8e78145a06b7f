"""A submission server from EHLO to RSET."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account
from tui_mail.model.errors import AuthFailed, MailError

from ..smtp import SmtpSender
from ..smtp_wire import Reply
from .finding import PATIENCE, Finding, Line, wrong


def smtp(account: Account, secret: Callable[[], Secret], said: list[Line]) -> Iterator[Finding]:
    """From EHLO over AUTH to VRFY, NOOP and RSET. `said` takes the dialogue, secrets masked."""
    sender = SmtpSender(account, secret, timeout=PATIENCE)
    verify = f"VRFY {account.address}"
    try:
        replies = sender.converse((verify, "NOOP", "RSET"), lambda way, text: said.append((way, text)))
    except MailError as error:
        yield from _hello(said)
        yield wrong("login" if isinstance(error, AuthFailed) else "dialogue", error)
        return
    yield from _hello(said)
    if any(way == "→" and text.startswith("AUTH") for way, text in said):
        yield Finding("login", "right", "The server takes user and password (AUTH).")
    else:
        yield Finding("login", "note", "It takes letters without a login.")
    vrfy, noop, rset = replies
    yield _verified(vrfy)
    for name, reply, means in (
        ("NOOP", noop, "It does nothing and says so: the line is alive"),
        ("RSET", rset, "It forgets what was begun: so a letter is called off when one recipient is refused"),
    ):
        is_right = reply.code // 100 == 2
        words = means if is_right else f"It does not do {name}, as every server has to"
        yield Finding(name, "right" if is_right else "wrong", f"{words} ({reply.words}).")


def _verified(reply: Reply) -> Finding:
    """VRFY asks whether an address exists; what a server makes of that (RFC 5321 section 3.5.3)."""
    match reply.code:
        case 250 | 251:
            means = "It tells everybody whether an address exists; most servers keep that to themselves"
        case 252:
            means = "It neither confirms nor denies that the address exists, as most do"
        case 500 | 502:
            means = "It does not know VRFY, as many do not any more"
        case _:
            means = "It will not say whether the address exists"
    return Finding("VRFY", "right", f"{means} ({reply.words}).")


def _hello(said: list[Line]) -> Iterator[Finding]:
    """What the last EHLO was answered with."""
    greeting = next((text for way, text in said if way == "←"), "")
    if greeting:
        yield Finding("greeting", "right" if greeting.startswith("220") else "wrong", greeting)
    starts = [place for place, (way, text) in enumerate(said) if way == "→" and text.startswith("EHLO")]
    offers: list[str] = []
    for way, text in said[starts[-1] + 1 :] if starts else []:
        if way != "←":
            break
        offers.append(text[4:])
    if not offers[1:]:
        return
    yield Finding("EHLO", "right", f"It offers {', '.join(offers[1:])}.")
    words = {offer.upper().split()[0]: offer.split()[1:] for offer in offers[1:] if offer.split()}
    size = next(iter(words.get("SIZE", [])), "")
    if size.isdigit() and int(size):
        yield Finding("EHLO", "right", f"It takes letters of up to {int(size) / 1_000_000:,.0f} MB.")
    if "SMTPUTF8" not in words:
        yield Finding("EHLO", "note", "It cannot carry addresses with letters beyond ASCII (SMTPUTF8).")
