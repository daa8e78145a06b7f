"""The JSON of older scripts: any subset of its keys, read strictly enough that nothing wrong is written down."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tui_mail.config import providers
from tui_mail.config.settings import Account, Security, Server
from tui_mail.mime.address_check import check
from tui_mail.mime.clean import clean, line
from tui_mail.model.address import Address, parse_one
from tui_mail.model.errors import BadAddress, BadInput

_LIMIT = 10_000_000
"""Octets; there may be a long letter in it."""
_KEYS = (
    "sender", "receiver", "receivers", "subject", "body", "smtp_server", "smtp_port", "imap_url", "imap_server",
    "imap_port", "password",
)  # fmt: skip
_SECURE: dict[int, Security] = {993: "tls", 465: "tls", 143: "starttls", 587: "starttls", 25: "starttls"}
_SCHEMES: dict[str, tuple[int, Security]] = {
    "imap": (143, "starttls"),
    "imaps": (993, "tls"),
    "smtp": (587, "starttls"),
    "smtps": (465, "tls"),
    "ssl": (0, "tls"),
}


@dataclass(frozen=True, slots=True)
class Older:
    """What such a file says."""

    sender: Address | None
    receivers: tuple[str, ...]
    subject: str
    body: str
    imap: Server | None
    smtp: Server | None
    password: str
    unknown: tuple[str, ...]

    @property
    def names_account(self) -> bool:
        return bool(self.imap or self.smtp or self.password)

    def __repr__(self) -> str:
        return "Older(…)"  # it holds a password


def read(path: Path) -> Older:
    """Raises BadInput, with the file and the key, for what cannot be meant."""
    found = _object(path)

    def text(key: str) -> str:
        value = found.get(key)
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip() if key != "body" else value
        raise BadInput(f"{path}: {key} must be text in quotes.")

    def number(key: str) -> int:
        value = found.get(key)
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value.strip()[:6])
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
            raise BadInput(f"{path}: {key} must be a port from 1 to 65535.")
        return value

    sender = _sender(path, text("sender"))
    imap = text("imap_url") or text("imap_server")
    smtp = text("smtp_server")
    imap_port, smtp_port = number("imap_port"), number("smtp_port")
    password = found.get("password")
    if password is not None and not isinstance(password, str):
        raise BadInput(f"{path}: password must be text in quotes.")
    return Older(
        sender=sender,
        receivers=_receivers(path, found.get("receiver", found.get("receivers"))),
        subject=line(text("subject")),
        body=clean(text("body"), lines=True),
        imap=_server(path, "imap_url", imap, imap_port, 993) if imap else None,
        smtp=_server(path, "smtp_server", smtp, smtp_port, 465) if smtp else None,
        password=password or "",
        unknown=tuple(line(key) for key in found if key not in _KEYS),
    )


def _object(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            content = file.read(_LIMIT + 1)
        if len(content) > _LIMIT:
            raise BadInput(f"{path} is larger than {_LIMIT // 1_000_000} MB, so it is not such a file.")
        found = json.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}, line {error.lineno}, column {error.colno}: not JSON.") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{path} is not JSON in UTF-8.") from None  # not chained: the exception holds the content
    if not isinstance(found, dict):
        raise BadInput(f"{path} must hold an object: {{ … }}.")
    return found


def _sender(path: Path, text: str) -> Address | None:
    if not text:
        return None
    found = parse_one(text)
    try:
        return Address(line(found.name), check(found.email))
    except BadAddress as error:
        raise BadInput(f"{path}: sender: {error.text}") from error


def _receivers(path: Path, value: object) -> tuple[str, ...]:
    """As typed: what is wrong with them the composer says."""
    if value is None:
        return ()
    words: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, str):
            raise BadInput(f"{path}: receiver must be text, or a list of texts.")
        words.append(line(one))
    return tuple(filter(None, words))


def _server(path: Path, key: str, text: str, port: int, usual: int) -> Server:
    """`host`, `host:port` or a URL; how it is secured follows from the scheme, then from the port."""
    parts = urlsplit(text if "://" in text else f"//{text}")
    try:
        host, named = parts.hostname or "", parts.port
    except ValueError:
        raise BadInput(f"{path}: {key} has no port that there is: “{line(text)}”.") from None
    if not re.fullmatch(r"[\w.-]+|[0-9a-fA-F:.]+", host):
        raise BadInput(f"{path}: {key} names no host: “{line(text)}”.")
    scheme_port, scheme_security = _SCHEMES.get(parts.scheme, (0, None))
    port = named or port or scheme_port or usual
    security = scheme_security if port == scheme_port or port not in _SECURE else None
    if security is None:
        loopback = Server(host, port).is_loopback
        security = "none" if loopback and port not in (993, 465) else _SECURE.get(port, "tls")
    return Server(host, port, security)


def account_of(older: Older, taken: Container[str]) -> Account:
    """The account with a name of its own; servers that are left out are the provider's, or the likeliest ones."""
    if older.sender is None:
        raise BadInput("There is no sender.")
    address = older.sender.email
    known = (older.imap and providers.at(older.imap.host)) or providers.find(address)
    try:
        likely = providers.guess(address)
    except ValueError:
        likely = None
    imap = older.imap or (known.imap if known else likely.imap[0] if likely else None)
    smtp = older.smtp or (known.smtp if known else likely.smtp[0] if likely else None)
    if imap is None or smtp is None:
        raise BadInput(f"No server is named, and none is known for {address}.")
    user = known.login(address) if known else address
    return Account(_name(address, taken), address, imap, smtp, older.sender.name, "" if user == address else user)


def _name(address: str, taken: Container[str]) -> str:
    """From the domain: `ann@mail.example.org` is `example`, the second one `example-2`."""
    labels = address.rpartition("@")[2].lower().split(".")
    first = labels[-2] if len(labels) > 1 else labels[0]
    if first in ("co", "com", "org", "net", "ac", "edu") and len(labels) > 2:  # example.co.uk
        first = labels[-3]
    name = re.sub(r"[^a-z0-9-]", "", first) or "mail"
    number, chosen = 1, name
    while chosen in taken:
        number += 1
        chosen = f"{name}-{number}"
    return chosen
