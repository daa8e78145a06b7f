"""Delivery reports and read receipts (RFC 3464, 8098) as sentences: who was not reached, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tui_mail.model.insight import Report
from tui_mail.model.message import Message

from . import header
from .clean import line
from .structure import Part, content, structure

_MOST_PEOPLE = 10
_LARGEST = 200_000
_WHY: Mapping[str, str] = {
    "1.0": "the address was not accepted",
    "1.1": "there is no such mailbox",
    "1.2": "there is no such domain",
    "1.3": "the address is not valid",
    "1.6": "the mailbox has moved",
    "1.10": "the domain takes no mail",
    "2.0": "the mailbox cannot be used",
    "2.1": "the mailbox is switched off",
    "2.2": "the mailbox is full",
    "2.3": "the letter is too large for the mailbox",
    "3.1": "the server's disk is full",
    "3.4": "the letter is too large for the server",
    "4.1": "the server does not answer",
    "4.2": "the connection broke",
    "4.3": "the names of the domain cannot be looked up",
    "4.4": "there is no way to the domain's server",
    "4.6": "the letter went in a circle",
    "4.7": "it could not be delivered in time",
    "5.3": "there were too many recipients",
    "6.1": "the server does not take this kind of letter",
    "7.0": "the server refused it for its rules",
    "7.1": "the server refused it for its rules",
    "7.23": "the server doubts the sender (SPF)",
    "7.25": "the sending server has no proper name",
    "7.26": "the server doubts the sender (no SPF, no DKIM)",
}
"""Enhanced status codes without their class (RFC 3463 section 3, RFC 7372)."""
_DID = {
    "failed": "was not reached",
    "delayed": "is not reached yet; the server goes on trying",
    "delivered": "was reached",
    "relayed": "was handed to a server that reports no further",
    "expanded": "was passed on to a list",
}
_STATUS = re.compile(r"[245]\.(\d{1,3}\.\d{1,3})")


def report(raw: bytes, message: Message) -> Report | None:
    """What a report says, or None where the letter is none. Never raises."""
    leaves = list(structure(raw).leaves())
    original = _original(leaves)
    for leaf in leaves:
        if leaf.type in ("message/delivery-status", "message/global-delivery-status"):
            people = list(_people(content(leaf)[0][:_LARGEST]))
            if people:
                said = [sentence for sentence, _ in people[:_MOST_PEOPLE]]
                if len(people) > _MOST_PEOPLE:
                    said.append(f"and {len(people) - _MOST_PEOPLE} more")
                return Report(tuple(said), original, any(failed for _, failed in people))
        if leaf.type in ("message/disposition-notification", "message/global-disposition-notification"):
            return _receipt(content(leaf)[0][:_LARGEST], original)
    failed = message.header("X-Failed-Recipients")
    if failed:
        names = [line(one) for one in failed.split(",")][:_MOST_PEOPLE]
        return Report(tuple(f"{name} was not reached" for name in names if name), original, True)
    return None


def _people(octets: bytes) -> Iterator[tuple[str, bool]]:
    """One sentence for each recipient, and whether it failed."""
    for group in re.split(rb"\r?\n[ \t]*\r?\n", octets):
        found = {name.lower(): header.decode(value) for name, value in reversed(header.fields(group))}
        who = found.get("original-recipient") or found.get("final-recipient", "")
        who = found.get("final-recipient", who)
        if not who:
            continue
        person = who.partition(";")[2].strip() or who
        action = found.get("action", "").strip().lower()
        yield _sentence(person, action, found), action == "failed"


def _sentence(person: str, action: str, found: Mapping[str, str]) -> str:
    did = _DID.get(action, "was not reached")
    diagnostic = line(found.get("diagnostic-code", "").partition(";")[2] or found.get("diagnostic-code", ""))[:300]
    status = _STATUS.search(found.get("status", "")) or _STATUS.search(diagnostic)
    why = _WHY.get(status[1], "") if status else ""
    if action not in ("failed", "delayed", ""):
        return f"{person} {did}"
    told = f"{why} (“{diagnostic}”)" if why and diagnostic else why or (f"“{diagnostic}”" if diagnostic else "")
    return f"{person} {did}: {told}" if told else f"{person} {did}"


def _receipt(octets: bytes, original: str) -> Report:
    found = {name.lower(): header.decode(value) for name, value in reversed(header.fields(octets))}
    who = found.get("final-recipient", "").partition(";")[2].strip() or "Somebody"
    did = found.get("disposition", "").rpartition(";")[2].strip().split("/")[0].lower()
    words = {
        "displayed": "opened your letter",
        "deleted": "deleted your letter without opening it",
        "dispatched": "passed your letter on",
        "processed": "has your letter worked on by a program",
        "denied": "does not want to say what became of your letter",
    }.get(did, "answered with a receipt")
    ids = header.message_ids(found.get("original-message-id", "").encode())
    return Report((f"{who} {words}",), ids[0] if ids else original)


def _original(leaves: list[Part]) -> str:
    """The Message-ID of the letter that is sent back, whole or by its header."""
    for leaf in leaves:
        if leaf.type in ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"):
            octets = content(leaf)[0][:_LARGEST]
            head = header.split(octets)[0] or octets
            for name, value in header.fields(head):
                if name.lower() == "message-id" and (ids := header.message_ids(value)):
                    return ids[0]
    return ""
