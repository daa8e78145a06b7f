"""What makes a letter doubtful, by itself and by what is known of its people: short words, no verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tui_mail.model.document import Document
from tui_mail.model.insight import Concern, Familiar, Unsubscribe
from tui_mail.model.message import Message

from . import authentication, domains, links
from .clean import line, token

_ADDRESS = re.compile(r"[\w.+\-]{1,64}@((?:[\w\-]{1,63}\.){1,8}[\w\-]{2,63})", re.I)


def concerns(message: Message, familiar: Familiar) -> tuple[Concern, ...]:
    """Alarms first, then notes, then what speaks for the letter (said only beside something else). Never raises."""
    alarms = [*_of_the_sender(message, familiar), *_of_the_answer(message), *_of_the_links(message.document)]
    found = authentication.verdicts(message, familiar.servers)
    domain = message.sender.domain
    if denied := authentication.denied(found, domain):
        alarms.insert(0, Concern(f"your server doubts that {shown(domain)} sent this ({denied} failed)", "alarm"))
    notes = []
    if familiar.is_first and message.sender.email and message.sender.key not in familiar.own:
        notes.append(Concern("first mail from this address"))
    notes += [Concern(note[:1].lower() + note[1:].rstrip(". ")) for note in message.notes]
    method = authentication.confirmed(found, domain)
    good = [Concern(f"{shown(domain)} is confirmed ({method})", "good")] if method and not denied else []
    return (*alarms, *notes, *(good if alarms or notes else ()))


def shown(domain: str) -> str:
    """A domain for eyes: what is not ASCII with its punycode beside it."""
    name = token(domains.readable(domain))
    return name if name.isascii() else f"{name} ({domains.punycode(domain)})"


def _of_the_sender(message: Message, familiar: Familiar) -> Iterator[Concern]:
    sender = message.sender
    claimed = _ADDRESS.search(sender.name)
    if claimed is not None and claimed[0].lower() != sender.key:
        yield Concern(f"the name says {line(claimed[0])}, the address is {token(sender.email)}", "alarm")
    domain = sender.domain
    if not domain:
        return
    if like := domains.imitated(domain, familiar.domains):
        yield Concern(f"{shown(domain)} only looks like {token(like)}", "alarm")
    elif domains.is_mixed(domain):
        yield Concern(f"{shown(domain)} mixes alphabets to look like another name", "alarm")
    elif not domains.readable(domain).isascii():
        yield Concern(f"the domain is {shown(domain)}")


def _of_the_answer(message: Message) -> Iterator[Concern]:
    """Reply-To at another house. Lists do it to everybody, and say so themselves."""
    sender = domains.registered(message.sender.domain)
    for person in message.reply_to:
        is_list = bool(message.list_id) and person.email.lower() == message.list_post.lower()
        if person.domain and sender and domains.registered(person.domain) != sender and not is_list:
            yield Concern(f"answers go elsewhere, to {token(person.email)}", "alarm" if not message.list_id else "note")
            return


def _of_the_links(document: Document) -> Iterator[Concern]:
    found = links.mismatched(document)
    if not found:
        return
    number, host = next(iter(found.items()))
    target = shown(urlsplit(document.links[number - 1]).hostname or "")
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    yield Concern(f"link {number} says {host} and leads to {target}{more}", "alarm")


def covers_unsubscribe(message: Message, familiar: Familiar, ways: Unsubscribe) -> bool:
    """Whether a signature that the own server verified covers the fields that offer them (RFC 8058 section 4)."""
    if not ways:
        return False
    passed = {
        one.domain
        for one in authentication.verdicts(message, familiar.servers)
        if one.method == "dkim" and one.result == "pass"
    }
    for name, value in message.headers:
        if name.lower() != "dkim-signature":
            continue
        tags = dict(
            (tag.strip().lower(), text.strip()) for tag, _, text in (piece.partition("=") for piece in value.split(";"))
        )
        fields = {field.strip().lower() for field in tags.get("h", "").split(":")}
        if tags.get("d", "").lower() in passed and {"list-unsubscribe", "list-unsubscribe-post"} <= fields:
            return True
    return False
