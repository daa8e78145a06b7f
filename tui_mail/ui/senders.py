"""The addresses one writes from: every account's own and its further identities, with what each brings to a letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tui_mail.config.settings import Account
from tui_mail.model.address import Address, parse_one
from tui_mail.model.draft import Draft

_RULE = "\n-- \n"


@dataclass(frozen=True, slots=True)
class Sender:
    """One of them. `key` is unique among all; `account` is whose server carries the letter."""

    key: str
    account: str
    address: Address
    signature: str
    reply_to: str
    is_main: bool


def senders(accounts: Iterable[Account]) -> tuple[Sender, ...]:
    """In the order of the configuration, each account's own address before its identities."""
    found = []
    for one in accounts:
        main = Address(one.name, one.address)
        found.append(Sender(one.key, one.key, main, one.signature, one.reply_to, True))
        for other in one.identities.values():
            address = Address(other.name or one.name, other.address)
            signature = other.signature or one.signature
            found.append(Sender(f"{one.key} {other.key}", one.key, address, signature, other.reply_to, False))
    return tuple(found)


def own(known: Sequence[Sender], account: str) -> tuple[Address, ...]:
    """The own addresses, that account's main one first, then its others, then those of other accounts."""
    return tuple(one.address for one in sorted(known, key=lambda one: one.account != account))


def of(draft: Draft, known: Sequence[Sender]) -> Sender | None:
    """Who the letter is from; a `+tag` of an own address, or an address typed in a template, is kept as it is."""
    written = parse_one(draft.sender) if draft.sender.strip() else None
    here = [one for one in known if one.account == draft.account]
    main = next((one for one in here if one.is_main), None)
    if written is None or main is None:
        return main
    plain = f"{written.key.partition('@')[0].partition('+')[0]}@{written.domain}"
    base = next((one for one in here if one.address.key in (written.key, plain)), main)
    return base if base.address == written else replace(base, address=written)


def written_from(draft: Draft, sender: Sender) -> Draft:
    """The draft as a letter from that sender: From, Reply-To, and the signature where another one stood untouched."""
    typed = "" if sender.is_main else str(sender.address)
    return replace(draft, account=sender.account, sender=typed, reply_to=sender.reply_to)


def resigned(body: str, before: str, now: str) -> str:
    """The text with one signature in the place of the other; as it was where the writer changed the first."""
    old, new = (f"{_RULE}{text.strip(chr(10))}" if text.strip() else "" for text in (before, now))
    if old and old in body:
        return new.join(body.rsplit(old, 1))
    if new and not before.strip() and not body.strip():
        return f"\n{new}"
    return body


def settled(draft: Draft, known: Sequence[Sender]) -> Draft:
    """A letter as it is begun: an answer from the account whose address was written to, and every letter with its
    sender's Reply-To and signature. The signature of the account's own address is expected in it."""
    begun = of(replace(draft, sender=""), known)
    written = parse_one(draft.sender) if draft.sender else None
    if written is not None and all(one.address.key != written.key or one.account != draft.account for one in known):
        other = next((one for one in known if one.address.key == written.key), None)
        if other is not None:
            draft = replace(written_from(draft, other), came_to=other.account)
    sender = of(draft, known)
    if sender is None or begun is None:
        return draft
    body = resigned(draft.body, begun.signature, sender.signature)
    return replace(draft, reply_to=sender.reply_to, body=body)
