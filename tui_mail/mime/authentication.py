"""What the person's own mail server found out about a sender (RFC 8601): nobody else's word counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tui_mail.model.message import Message

from .domains import registered

_COMMENT = re.compile(r"\((?:[^()\\]|\\.){0,500}\)")
_METHOD = re.compile(r"\s*([a-z][a-z0-9\-]{1,20})\s*(?:/\s*\d+\s*)?=\s*([a-z]{2,20})", re.I)
_PROPERTY = re.compile(r"\b(smtp|header|policy|body)\.([a-z\-]{1,20})\s*=\s*(\"[^\"]{0,300}\"|[^\s;]{1,300})", re.I)
_MOST = 20_000
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one method said: `dmarc`, `pass`, and the domain that it is about."""

    method: str
    result: str
    domain: str = ""


def verdicts(message: Message, servers: Sequence[str]) -> tuple[Verdict, ...]:
    """Of the topmost Authentication-Results alone, and only where a believed server wrote it (RFC 8601 section 7.1).

    A forged field stands below the one that the receiving server put on top, or bears a name that is not believed.
    """
    value = message.header("Authentication-Results")[:_MOST]
    for _ in range(_DEEPEST):
        value, found = _COMMENT.subn(" ", value)
        if not found:
            break
    server, *results = value.split(";")
    name = server.split()[0].strip('"').lower() if server.strip() else ""
    if not name or not any(_is_named(name, one) for one in servers):
        return ()
    return tuple(verdict for result in results if (verdict := _verdict(result)) is not None)


def _is_named(name: str, believed: str) -> bool:
    believed = believed.strip().lower()
    return bool(believed) and (name == believed or (believed[0] == "." and name.endswith(believed)))


def _verdict(text: str) -> Verdict | None:
    match = _METHOD.match(text)
    if match is None:
        return None
    found = {f"{kind}.{name}".lower(): value.strip('"') for kind, name, value in _PROPERTY.findall(text)}
    method = match[1].lower()
    wanted = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.helo"), "dmarc": ("header.from",)}
    value = next((found[key] for key in wanted.get(method, ()) if key in found), "")
    return Verdict(method, match[2].lower(), value.rpartition("@")[2].lower().strip("."))


def confirmed(found: Sequence[Verdict], domain: str) -> str:
    """The method that confirms the domain of the sender: `DMARC`, `DKIM`, `SPF`, or empty."""
    for method in ("dmarc", "dkim", "spf"):
        for one in found:
            if one.method == method and one.result == "pass" and registered(one.domain) == registered(domain):
                return method.upper()
    return ""


def denied(found: Sequence[Verdict], domain: str) -> str:
    """The method that says the domain did not send it, or empty; SPF alone counts only where nothing confirms it."""
    results = {one.method: one.result for one in found}
    if results.get("dmarc") in ("fail", "permerror"):
        return "DMARC"
    if results.get("spf") in ("fail", "softfail") and not confirmed(found, domain):
        return "SPF"
    return ""
