"""From a name and a port to a session that is encrypted, logged in and knows what its server can do."""

from __future__ import annotations

import base64
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

import tui_mail
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account
from tui_mail.model.errors import AuthFailed, Offline, TlsFailed, Unsupported

from .. import tls
from ..contract import Trace
from ..tls_words import is_web_page, login_page
from .command import Command, Part, string
from .connection import Connection
from .lexer import ParseError
from .quirks import Quirks, quirks
from .refusal import login_refusal
from .wire import Limits, Wire

COMPRESS = "COMPRESS=DEFLATE"


@dataclass(frozen=True, slots=True)
class Session:
    """A connection after login."""

    connection: Connection
    quirks: Quirks
    enabled: frozenset[str]
    """`QRESYNC`, `CONDSTORE`: what ENABLE turned on."""

    def can(self, capability: str) -> bool:
        return capability in self.connection.capabilities and capability not in self.quirks.without


def begin(
    account: Account,
    secret: Callable[[], Secret],
    *,
    limits: Limits,
    trace: Trace | None,
    hold: Callable[[Wire], None],
    latched: Container[str] = frozenset(),
    alerted: Callable[[str], None] = lambda words: None,
) -> Session:
    """Connects, encrypts, logs in, reads capabilities, says who we are, enables what helps (RFC 9051 section 2).

    `hold` gets the wire as soon as there is one, so that it can be closed from elsewhere. `secret` is asked only once
    the other end is verified. What is `latched` is not used although it is offered; `alerted` gets the server's words
    to the person. Raises Offline, TlsFailed, AuthFailed, Unsupported; the wire is closed then.
    """
    server = account.imap
    reach = min(limits.reach, limits.answer)
    wire = Wire(tls.connect(server, ca_file=account.ca_file, timeout=reach), server.host, limits)
    connection = Connection(wire, trace)
    connection.alerted = alerted
    try:
        hold(wire)
        is_known = _greet(connection, server.security == "starttls")
        if server.security == "starttls":
            _encrypt(connection, account)
        if wire.cipher:
            connection.note(wire.cipher)
        known, at_first = quirks(server.host), connection.capabilities
        if not is_known:
            _prove(connection, account, secret, known.password)
        return _settle_in(connection, server.host, latched, at_first)
    except BaseException:
        wire.close()
        raise


def _greet(connection: Connection, wants_tls: bool) -> bool:
    """Reads the greeting; True where the server says that it knows us already (PREAUTH)."""
    host = connection.wire.host
    kind, text = connection.greeting()
    words = connection.words(text)
    if is_web_page(text):
        raise login_page(host)
    if not kind:
        raise Offline(f"What answers at {host} is no IMAP server.", remedy="Check host and port.", detail=words)
    if kind == b"PREAUTH" and wants_tls:
        raise TlsFailed(f"{host} skips the encryption (PREAUTH), so nothing was sent to it.")
    return kind == b"PREAUTH"


def _encrypt(connection: Connection, account: Account) -> None:
    host = connection.wire.host
    if not connection.capabilities:
        connection.run(b"CAPABILITY")
    if "STARTTLS" not in connection.capabilities:
        raise TlsFailed(
            f"{host} offers no encryption on port {account.imap.port}, so the password was not sent.",
            remedy='Try security = "tls" and port 993.',
        )
    command = connection.run(b"STARTTLS")
    if not command.is_ok:
        raise TlsFailed(f"{host} refused to encrypt, so the password was not sent.", detail=command.words)
    connection.capabilities = frozenset()  # what was said in the clear may be anybody's
    connection.wire.upgrade(account.ca_file, account.imap.certificate)


def _prove(connection: Connection, account: Account, secret: Callable[[], Secret], hint: str) -> None:
    """Logs in, through the gate of `tls.unlock`."""
    wire = connection.wire
    if not connection.capabilities:
        connection.run(b"CAPABILITY")
    before = connection.capabilities
    if "AUTH=PLAIN" not in before and "LOGINDISABLED" in before:
        wants_oauth = any(word in before for word in ("AUTH=XOAUTH2", "AUTH=OAUTHBEARER"))
        raise Unsupported(
            f"{wire.host} does not take passwords.",
            remedy="It wants OAuth, which is not supported here yet."
            if wants_oauth
            else "Ask its operator, or look whether another port takes them.",
        )
    password = wire.unlock(account.imap, secret)
    if "\0" in password.reveal() or "\0" in account.login:
        raise AuthFailed("A NUL cannot be part of a password or a login.")
    try:
        command = _say_password(connection, account.login, password)
    finally:
        connection.conceal()
    if not command.is_ok:
        raise login_refusal(command, wire.host, account.login, hint)
    if connection.capabilities is before:
        connection.run(b"CAPABILITY")


def _say_password(connection: Connection, login: str, password: Secret) -> Command:
    """AUTHENTICATE PLAIN (RFC 4616) where it is offered, else LOGIN. One wrong password is one failed login."""
    proof = base64.b64encode(f"\0{login}\0{password.reveal()}".encode())
    plain = password.reveal()
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    connection.conceal(plain, escaped, proof.decode("ascii"), base64.b64encode(plain.encode()).decode("ascii"))
    if "AUTH=PLAIN" in connection.capabilities:
        command = _authenticate(connection, proof)
        if command.outcome != b"BAD" or "LOGINDISABLED" in connection.capabilities:
            return command
    user = string(login.encode())
    return connection.run(b"LOGIN", user, string(plain.encode()), shown=f"LOGIN {login} ****")


def _authenticate(connection: Connection, proof: bytes) -> Command:
    parts: list[Part] = [b"AUTHENTICATE", b"PLAIN"]
    is_said = "SASL-IR" in connection.capabilities
    command = connection.start(*parts, *([proof] if is_said else []), shown="AUTHENTICATE PLAIN" + " ****" * is_said)
    asked = 0
    while not command.is_done and connection.asked_for_more(command) is not None:
        asked += 1
        if asked == 1:
            connection.answer(proof, "****")  # also where the first one was not listened to
        else:
            connection.answer(b"*", "*")
    return command


def _settle_in(connection: Connection, host: str, latched: Container[str], at_first: frozenset[str]) -> Session:
    """ID before anything is selected (NetEase insists), and ENABLE before the first SELECT (RFC 7162 section 3.1).

    COMPRESS goes along as the last of them: until its answer nothing else may be said (RFC 4978 section 3). `at_first`
    is what was offered before the login, where a proxy names itself.
    """
    capabilities = connection.capabilities
    without = quirks(host, "", capabilities | at_first).without
    asked: dict[str, Command] = {}
    if "ID" in capabilities:
        version = tui_mail.__version__.encode("ascii")
        asked["ID"] = connection.start(b"ID", b'("name" "tui-mail" "version" "' + version + b'")', wants=(b"ID",))
    offered = [word for word in ("QRESYNC", "CONDSTORE") if word in capabilities and word not in without]
    if offered and "ENABLE" in capabilities:
        asked["ENABLE"] = connection.start(b"ENABLE", offered[0].encode("ascii"), wants=(b"ENABLED",))
    if COMPRESS in capabilities and COMPRESS not in without and COMPRESS not in latched:
        asked["COMPRESS"] = connection.start(b"COMPRESS", b"DEFLATE")
    for command in asked.values():
        connection.finish(command)
    if (compress := asked.get("COMPRESS")) is not None and compress.is_ok:
        connection.wire.compress()
        connection.note("compressed from here on")
    name = (_server_name(asked["ID"]) if "ID" in asked else "") or connection.greeted
    return Session(connection, quirks(host, name, capabilities | at_first), _enabled(asked.get("ENABLE"), offered))


def _server_name(command: Command) -> str:
    """What the server calls itself in its ID (RFC 2971)."""
    for response in command.responses:
        try:
            values = response.values()
        except ParseError:
            continue  # vanity, nothing more
        words = values[0] if values and isinstance(values[0], list) else []
        for key, value in zip(words[::2], words[1::2], strict=False):
            if isinstance(key, bytes) and key.lower() == b"name" and isinstance(value, bytes):
                return value.decode("utf-8", "replace")[:100]
    return ""


def _enabled(command: Command | None, offered: Sequence[str]) -> frozenset[str]:
    """What is on now. QRESYNC must be confirmed; CONDSTORE shows itself by HIGHESTMODSEQ (iCloud confirms nothing)."""
    if command is None or not command.is_ok:
        return frozenset()
    said = b" ".join(response.frame.lines[0].upper() for response in command.responses)
    if offered[0] == "QRESYNC":
        return frozenset({"QRESYNC", "CONDSTORE"}) if b"QRESYNC" in said else frozenset()
    return frozenset({"CONDSTORE"})
