"""Carries a letter to the account's submission server: all of its recipients or none."""

from __future__ import annotations

import base64
import re
import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account
from tui_mail.mime.seven_bit import seven_bit
from tui_mail.model.draft import Outgoing
from tui_mail.model.errors import (
    AuthFailed,
    BadAddress,
    BadInput,
    MailError,
    Offline,
    RecipientsRefused,
    Refused,
    Uncertain,
    Unsupported,
)

from . import tls
from .contract import Tell, Trace
from .smtp_wire import Dialogue, Reply
from .tls import as_it_is

_FINAL_PATIENCE = 600.0
"""RFC 5321 section 4.5.3.2.6: servers may scan for minutes, and giving up early sends twice."""
_LOOSE = re.compile(rb"(?<!\r)\n|\r(?!\n)|\x00")
_BCC = re.compile(rb"^bcc[ \t]*:", re.I | re.M)
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0<>\u2028\u2029]")
_AUTH_NEEDED = (530, 534, 535, 538)


class SmtpSender:
    """Implements Sender over SMTP submission (RFC 6409); one connection a letter.

    `secret` is asked only once the line is encrypted and the server wants a login; `trust`: see ImapStore.
    """

    def __init__(
        self,
        account: Account,
        secret: Callable[[], Secret],
        *,
        trust: Callable[[Account], Account] = as_it_is,
        timeout: float = 30,
        final_timeout: float = _FINAL_PATIENCE,
    ) -> None:
        self._account = account
        self._secret = secret
        self._trust = trust
        self._timeout = timeout
        self._final_timeout = final_timeout
        self._limit: int | None = None

    @property
    def limit(self) -> int | None:
        return self._limit

    def send(self, letter: Outgoing, tell: Tell | None = None, trace: Trace | None = None) -> str:
        check(letter)
        dialogue = self._dialogue(trace or _silent)
        try:
            with _border(dialogue):
                self._meet(dialogue)
                self._login(dialogue)
                letter = _fitting(dialogue, letter)
                _envelope(dialogue, letter)
                return _hand_over(dialogue, letter, tell, self._final_timeout)
        finally:
            dialogue.leave()

    def prove(self) -> None:
        dialogue = self._dialogue(_silent)
        try:
            with _border(dialogue):
                self._meet(dialogue)
                self._login(dialogue)
                reply = dialogue.ask("NOOP")
                if reply.code // 100 not in (2, 5):  # 5: it knows no NOOP, and said so in good order
                    raise _refused(dialogue, "does not want to work now", reply)
        finally:
            dialogue.leave()

    def greet(self) -> None:
        dialogue = self._dialogue(_silent)
        try:
            with _border(dialogue):
                self._meet(dialogue)
        finally:
            dialogue.leave()

    def converse(self, commands: Sequence[str], trace: Trace) -> list[Reply]:
        """Connects, logs in, says these commands one by one and leaves: for whoever wants to see SMTP at work.

        Raises what `prove` raises.
        """
        dialogue = self._dialogue(trace)
        try:
            with _border(dialogue):
                dialogue.meet()
                self._login(dialogue)
                return [dialogue.ask(command) for command in commands]
        finally:
            dialogue.leave()

    def _dialogue(self, trace: Trace) -> Dialogue:
        account = self._trust(self._account)
        return Dialogue(account.smtp, ca_file=account.ca_file, timeout=self._timeout, trace=trace)

    def _meet(self, dialogue: Dialogue) -> None:
        dialogue.meet()
        self._limit = dialogue.limit

    def _login(self, dialogue: Dialogue) -> None:
        """PLAIN, else LOGIN; one try, because every wrong one counts towards a lock."""
        offered = dialogue.esmtp_features.get("auth", "").upper().split()
        local = self._account.smtp.security == "none"
        if not offered and local:
            return  # a relay on this machine that knows us by where we are
        chosen = next((mechanism for mechanism in ("PLAIN", "LOGIN") if mechanism in offered), "")
        if not chosen:
            has = f"offers only {', '.join(offered)}" if offered else "offers no login"
            raise Unsupported(f"{dialogue.where} {has}; a password can be given with PLAIN or LOGIN.")
        user = self._account.login
        password = tls.unlock(dialogue.sock, self._account.smtp, self._secret).reveal()
        if "\x00" in user + password:
            raise AuthFailed("The user name or password holds a NUL character, which no server takes.")
        initial = f"\0{user}\0{password}"
        dialogue.conceal(password, initial)
        if chosen == "PLAIN":
            reply = dialogue.ask(f"AUTH PLAIN {_base64(initial)}", shown="AUTH PLAIN ****")
        else:
            reply = dialogue.ask("AUTH LOGIN")
            for word in (user, password):
                if reply.code == 334:
                    reply = dialogue.ask(_base64(word), shown="****")
        if reply.code == 334:
            reply = dialogue.ask("*")  # RFC 4954: gives up; some servers ask for more to say what was wrong
        if reply.code != 235:
            raise _login_failed(dialogue, self._account, reply)


def check(letter: Outgoing) -> None:
    """Looks at every byte before there is a connection. Raises BadInput and BadAddress."""
    for address in (letter.sender, *letter.recipients):
        local, at, domain = address.rpartition("@")
        if _NO_ADDRESS.search(address) or not (local and at and domain):
            raise BadAddress(f"“{address!a}” is not an address that mail can be sent to.")
        if len(local.encode()) > 64 or len(address.encode()) > 254:
            raise BadAddress(f"The address {address[:40]}… is longer than mail allows.")
    if not letter.recipients:
        raise BadInput("The letter has no recipient.")
    if found := _LOOSE.search(letter.wire):
        raise BadInput(f"The letter was not sent: a bare line end or a NUL stands at octet {found.start():,} of it.")
    if not letter.wire.endswith(b"\r\n"):
        raise BadInput("The letter was not sent: its last line does not end.")
    if _BCC.search(letter.wire.partition(b"\r\n\r\n")[0]):
        raise BadInput("The letter was not sent: it would show everybody its Bcc.")


def _fitting(dialogue: Dialogue, letter: Outgoing) -> Outgoing:
    """The letter as this server can carry it: RFC 6152 lets octets beyond ASCII go only where 8BITMIME is offered."""
    if letter.wire.isascii() or dialogue.has_extn("8bitmime"):
        return letter
    return replace(letter, wire=seven_bit(letter.wire))


def _envelope(dialogue: Dialogue, letter: Outgoing) -> None:
    """MAIL FROM and every RCPT TO; whoever is refused ends it with RSET, so that nothing was sent."""
    size = len(letter.wire)
    utf8 = letter.utf8 or not all(address.isascii() for address in (letter.sender, *letter.recipients))
    if 0 < dialogue.limit < size:
        raise Unsupported(
            f"The letter has {_octets(size)}; {dialogue.where} takes at most {_octets(dialogue.limit)}.",
            remedy="Send fewer or smaller attachments.",
        )
    if utf8 and not dialogue.has_extn("smtputf8"):
        raise Unsupported(
            f"{dialogue.where} cannot carry addresses with letters beyond ASCII (SMTPUTF8).",
            remedy="Use another address of that person.",
        )
    options = [f"SIZE={size}"] if dialogue.has_extn("size") else []
    if not letter.wire.isascii() and dialogue.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    if utf8:
        options.append("SMTPUTF8")
        dialogue.command_encoding = "utf-8"
    reply = dialogue.ask(" ".join([f"MAIL FROM:<{letter.sender}>", *options]))
    if reply.code // 100 != 2:
        _reset(dialogue)
        raise _refused(dialogue, f"would not take a letter from {letter.sender}", reply)
    refused = {}
    for address in letter.recipients:
        reply = dialogue.ask(f"RCPT TO:<{address}>")
        if reply.code // 100 != 2:
            refused[address] = reply
    if refused:
        _reset(dialogue)
        raise _recipients_refused(dialogue, refused, len(letter.recipients))


def _hand_over(dialogue: Dialogue, letter: Outgoing, tell: Tell | None, patience: float) -> str:
    reply = dialogue.ask("DATA")
    if reply.code != 354:
        _reset(dialogue)
        raise _refused(dialogue, "would not take the letter", reply)
    reply = dialogue.pour(letter.wire, tell, patience)
    if reply.code // 100 != 2:
        raise _refused(dialogue, "would not take the letter", reply)
    return reply.words


def _reset(dialogue: Dialogue) -> None:
    try:
        dialogue.ask("RSET")
    except (MailError, smtplib.SMTPException):
        pass  # the refusal before it is what the person must hear; without DATA nothing was sent anyway


@contextmanager
def _border(dialogue: Dialogue) -> Iterator[None]:
    """Where smtplib's and the socket's troubles get their sentences."""
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        if dialogue.handed_over:
            raise Uncertain(
                f"The connection to {dialogue.where} was lost before it said whether it took the letter.",
                remedy="Look in Sent, or ask the recipient, before you send it again.",
                detail=str(error),
            ) from error
        raise Offline(
            f"The connection to {dialogue.where} was lost before the letter was handed over; nothing was sent.",
            detail=str(error),
        ) from error


def _login_failed(dialogue: Dialogue, account: Account, reply: Reply) -> MailError:
    if reply.is_later:
        text = f"{dialogue.where} cannot check the password now: {reply.words}."
        return Refused(text, permanent=False, detail=reply.words, code=reply.enhanced)
    return AuthFailed(
        f"{dialogue.where} does not accept the password for {account.login}.",
        remedy=f"Check user and password of the account {account.key}; some providers want an app password.",
        detail=reply.words,
    )


def _refused(dialogue: Dialogue, what: str, reply: Reply) -> MailError:
    if reply.code in _AUTH_NEEDED:
        text = f"{dialogue.where} wants a login before it takes mail: {reply.words}."
        return AuthFailed(text, detail=reply.words)
    text = f"{dialogue.where} {what}: {reply.words}."
    return Refused(text, permanent=not reply.is_later, detail=reply.words, code=reply.enhanced or str(reply.code))


def _recipients_refused(dialogue: Dialogue, refused: dict[str, Reply], asked: int) -> RecipientsRefused:
    """Permanent where coming back would not help: any 5xx."""
    permanent = any(not reply.is_later for reply in refused.values())
    words = {address: reply.words for address, reply in refused.items()}
    if len(words) == 1:
        [(address, said)] = words.items()
        who = f"{address}: {said}"
    else:
        who = f"{len(words)} of {asked} recipients ({', '.join(list(words)[:3])}{', …' if len(words) > 3 else ''})"
    return RecipientsRefused(f"{dialogue.where} would not take {who}. Nothing was sent.", words, permanent=permanent)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _octets(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{count:,} octets"


def _silent(direction: str, text: str) -> None:
    """The trace of whoever does not want one."""
