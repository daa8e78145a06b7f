"""Who gets an answer, and from which of the own addresses it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui_mail.model.address import Address, without
from tui_mail.model.message import Message

from . import header

Own = tuple[Address, ...]
_TAG = re.compile(r"\+[^@]*@")
_DELIVERED = ("Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To")
"""Fields in which servers note the address that was really written to."""


def recipients(
    message: Message, own: Own, *, everyone: bool, to_list: bool
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """To and Cc of the answer."""
    follow_up = header.addresses(message.header("Mail-Followup-To").encode())
    if to_list and message.list_post:
        return (Address("", message.list_post),), ()
    if to_list and (listed := without(follow_up, own)):
        return listed, ()
    author = without(header.addresses(message.header("Mail-Reply-To").encode()))
    author = author or without(message.reply_to) or without((message.sender,))
    is_own = is_mine(message.sender, own)
    if not everyone:
        if is_own and (others := _others(message.to, own)) and not _others(author, own):
            return others, ()  # going on with one's own letter
        return author, ()
    if follow_up and not is_own:
        return _others(follow_up, own) or author, ()
    to = _others((*author, *message.to), own) or _others(message.cc, own) or author
    return to, without(_others(message.cc, own), to)


def is_mine(address: Address, own: Own) -> bool:
    """Whether it is one of the own mailboxes, a `+tag` aside."""
    key = address.key
    plain = _TAG.sub("@", key)
    return any(mine.key in (key, plain) for mine in own)


def _others(addresses: Iterable[Address], own: Own) -> tuple[Address, ...]:
    return without(one for one in addresses if not is_mine(one, own))


def identity(message: Message, own: Own) -> Address | None:
    """The own address that the message came to, its `+tag` kept; None for the first of `own`, or where none is named.

    One's own letter is gone on with from the address that it was written from.
    """
    delivered = [one for name in _DELIVERED for one in header.addresses(message.header(name).encode())]
    named = (*message.to, *message.cc)
    if is_mine(message.sender, own):
        named = (message.sender,)
    for people in (named, delivered):
        found = [(mine, one) for mine in own for one in people if is_mine(one, (mine,))]
        if found:
            mine, one = min(found, key=lambda pair: (own.index(pair[0]), pair[0].key != pair[1].key))
            return None if one.key == own[0].key else Address(mine.name, one.email)
    return None
