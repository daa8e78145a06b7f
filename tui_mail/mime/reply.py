"""Letters that begin from something: a new one, an answer, a forward, one that was sent before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.model.message import Message

from .answering import identity, recipients
from .clean import safe_file_name
from .quote import attribution, header_block, quoted, words
from .subjects import forward_subject, reply_subject

_MOST_REFERENCES = 50


def new(id: DraftId, account: str, signature: str) -> Draft:
    """An empty letter with the signature under it."""
    return Draft(id, account, body=signed("", signature))


def reply(
    message: Message,
    *,
    id: DraftId,
    account: str,
    own: Iterable[Address],
    everyone: bool,
    signature: str,
    source: int,
    to_list: bool = False,
    only: str = "",
    language: str = "",
) -> Draft:
    """An answer. `own` are the own addresses, this account's main one first; `source` is the message's id.

    `only`: the part that was selected, quoted alone. `language`: of the line above the quote.
    """
    mine = tuple(own)
    to, cc = recipients(message, mine, everyone=everyone, to_list=to_list)
    sender = identity(message, mine)
    text = only.strip("\n") or words(message)
    return Draft(
        id,
        account,
        sender="" if sender is None else str(sender),
        to=", ".join(map(str, to)),
        cc=", ".join(map(str, cc)),
        subject=reply_subject(message.subject),
        body=signed(f"\n\n{attribution(message, language)}\n{quoted(text)}", signature),
        in_reply_to=message.message_id,
        references=_references(message),
        answers=source,
        came_to=account,
        list_post=message.list_post if everyone and not to_list else "",
        encrypt=_as_secret(message),
    )


def forward(
    message: Message,
    *,
    id: DraftId,
    account: str,
    signature: str,
    source: int,
    attached: bool = False,
    size: int = 0,
) -> Draft:
    """The message passed on: its text below a header block with its attachments, or `attached` whole as it came, in
    `size` octets."""
    subject = forward_subject(message.subject)
    if attached:
        name = safe_file_name(f"{message.subject[:80]}.eml", "message.eml")
        body = ""
        enclosures: tuple[Enclosure, ...] = (Enclosure(source=source, name=name, type="message/rfc822", size=size),)
    else:
        body = "\n\n" + "\n".join(header_block(message)) + "\n\n" + words(message)
        enclosures = _files(message, source)
    return Draft(
        id,
        account,
        subject=subject,
        body=signed(body, signature),
        enclosures=enclosures,
        answers=source,
        forwards=True,
        encrypt=_as_secret(message),
    )


def _as_secret(message: Message) -> bool | None:
    """What came encrypted is quoted in encrypted letters only, until the person says otherwise."""
    return True if message.seal is not None and message.seal.is_encrypted else None


def again(message: Message, *, id: DraftId, account: str, own: Iterable[Address], source: int) -> Draft:
    """A letter that was sent (or received) as a new one: same people, subject, text and files; it answers nothing."""
    return replace(
        resumed(message, id=id, account=account, own=own, source=source), in_reply_to="", references=(), reply_to=""
    )


def resumed(message: Message, *, id: DraftId, account: str, own: Iterable[Address], source: int) -> Draft:
    """A draft that another program began, to be written on here."""
    mine = tuple(own)
    sender = next((one for one in mine[1:] if one.key == message.sender.key), None)
    return Draft(
        id,
        account,
        sender="" if sender is None else str(sender),
        to=", ".join(map(str, message.to)),
        cc=", ".join(map(str, message.cc)),
        bcc=", ".join(map(str, message.bcc)),
        subject=message.subject,
        body=(message.text or message.document.text).rstrip("\n"),
        enclosures=_files(message, source),
        in_reply_to=message.in_reply_to[0] if message.in_reply_to else "",
        references=message.references,
        reply_to=", ".join(map(str, message.reply_to)),
        encrypt=_as_secret(message),
    )


def _files(message: Message, source: int) -> tuple[Enclosure, ...]:
    return tuple(
        Enclosure(source=source, part=one.part, name=one.name, type=one.type, size=one.size)
        for one in message.attachments
    )


def signed(body: str, signature: str) -> str:
    """The text with the signature under it, where there is one."""
    return f"{body}\n\n-- \n{signature.strip(chr(10))}" if signature.strip() else body


def _references(message: Message) -> tuple[str, ...]:
    """The ancestors and the message itself; a chain too long keeps its first and its newest (RFC 5322 3.6.4)."""
    chain = message.references or (message.in_reply_to if len(message.in_reply_to) == 1 else ())
    chain = tuple(one for one in chain if one != message.message_id)
    if message.message_id:
        chain = (*chain, message.message_id)
    return chain if len(chain) <= _MOST_REFERENCES else (chain[0], *chain[1 - _MOST_REFERENCES :])
