"""Letters that begin from something: a new one, an answer, a forward."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from tui_mail.model.address import Address, without
from tui_mail.model.document import Block, Document
from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.model.message import Message

from . import header
from .clean import safe_file_name

_MOST_REFERENCES = 50
_MOST_QUOTED = 1_000_000


def new(id: DraftId, account: str, signature: str) -> Draft:
    """An empty letter with the signature under it."""
    return Draft(id, account, body=_signed("", signature))


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
) -> Draft:
    """An answer. `own` are the addresses of this account, its main one first; `source` is the message's id."""
    mine = tuple(own)
    to, cc = _recipients(message, mine, everyone=everyone, to_list=to_list)
    quoted = "\n".join(_quote(text) for text in _words(message).split("\n"))
    return Draft(
        id,
        account,
        sender=_identity(message, mine),
        to=", ".join(map(str, to)),
        cc=", ".join(map(str, cc)),
        subject=reply_subject(message.subject),
        body=_signed(f"\n\n{_attribution(message)}\n{quoted}", signature),
        in_reply_to=message.message_id,
        references=_references(message),
        answers=source,
    )


def forward(
    message: Message, *, id: DraftId, account: str, signature: str, source: int, attached: bool = False
) -> Draft:
    """The message passed on: its text below a header block with its attachments, or `attached` whole as it came."""
    subject = forward_subject(message.subject)
    if attached:
        name = safe_file_name(f"{message.subject[:80]}.eml", "message.eml")
        body = ""
        enclosures: tuple[Enclosure, ...] = (Enclosure(source=source, name=name, type="message/rfc822"),)
    else:
        body = "\n\n" + "\n".join(_header_block(message)) + "\n\n" + _words(message)
        enclosures = tuple(
            Enclosure(source=source, part=one.part, name=one.name, type=one.type, size=one.size)
            for one in message.attachments
        )
    return Draft(
        id,
        account,
        subject=subject,
        body=_signed(body, signature),
        enclosures=enclosures,
        answers=source,
        forwards=True,
    )


def _signed(body: str, signature: str) -> str:
    return f"{body}\n\n-- \n{signature.strip(chr(10))}" if signature.strip() else body


# --- people


def _recipients(
    message: Message, own: tuple[Address, ...], *, everyone: bool, to_list: bool
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """To and Cc of the answer."""
    follow_up = header.addresses(message.header("Mail-Followup-To").encode())
    if to_list and message.list_post:
        return (Address("", message.list_post),), ()
    if to_list and (listed := without(follow_up, own)):
        return listed, ()
    author = without(message.reply_to) or without((message.sender,))
    is_own = _is_mine(message.sender, own)
    if not everyone:
        if is_own and (others := _others(message.to, own)) and not _others(author, own):
            return others, ()  # going on with one's own letter
        return author, ()
    if follow_up and not is_own:
        return _others(follow_up, own) or author, ()
    to = _others((*author, *message.to), own) or _others(message.cc, own) or author
    return to, without(_others(message.cc, own), to)


def _is_mine(address: Address, own: tuple[Address, ...]) -> bool:
    """Whether it is one of the own mailboxes, a `+tag` aside."""
    key = address.key
    plain = re.sub(r"\+[^@]*@", "@", key)
    return any(mine.key in (key, plain) for mine in own)


def _others(addresses: Iterable[Address], own: tuple[Address, ...]) -> tuple[Address, ...]:
    return without(one for one in addresses if not _is_mine(one, own))


def _identity(message: Message, own: tuple[Address, ...]) -> str:
    """From as it should be typed: the own address that the message came to; empty for the account's main one."""
    received = {one.key for one in (*message.to, *message.cc)}
    if not own or own[0].key in received:
        return ""
    return next((str(mine) for mine in own[1:] if mine.key in received), "")


def _references(message: Message) -> tuple[str, ...]:
    """The ancestors and the message itself; a chain too long keeps its first and its newest (RFC 5322 3.6.4)."""
    chain = message.references or (message.in_reply_to if len(message.in_reply_to) == 1 else ())
    chain = tuple(one for one in chain if one != message.message_id)
    if message.message_id:
        chain = (*chain, message.message_id)
    return chain if len(chain) <= _MOST_REFERENCES else (chain[0], *chain[1 - _MOST_REFERENCES :])


# --- subjects

_COUNT = r"(?:\s?\[\d{1,3}\]|\s?\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3})?"
_ANSWER = (
    "re|aw|antw|antwort|sv|vs|ref|rif|r|réf|res|odp|ynt|yan|vá|válasz|atb|ats|bls|απ|σχετ|ответ|ha"
    "|回复|回覆|答复|答覆|返信|답장|회신|תשובה|השב|رد"
)
_PASSED = (
    "fwd?|wg|tr|rv|enc|i|vl|vb|vbs|doorst|pd|ilt|továbbítás|továbbítva|πρθ|прд|пересл|fs"
    "|转发|轉寄|轉發|転送|전달|הועבר|إعادة توجيه"
)
_ANSWERED = re.compile(rf"(?:(?:{_ANSWER}){_COUNT}\s?[::]\s*)+", re.I)
_FORWARDED = re.compile(rf"(?:(?:{_PASSED}){_COUNT}\s?[::]\s*)+", re.I)
_LIST_TAG = re.compile(r"(\[[^\[\]]{1,60}\]\s*)")


def reply_subject(subject: str) -> str:
    """`Re: ` once, whatever languages stood before it; a list's tag keeps its place behind it."""
    return "Re: " + _bare(subject, _ANSWERED)


def forward_subject(subject: str) -> str:
    return "Fwd: " + _bare(subject, _FORWARDED)


def _bare(subject: str, prefixes: re.Pattern[str]) -> str:
    if (match := prefixes.match(subject)) is not None:
        subject = subject[match.end() :]
    if (tag := _LIST_TAG.match(subject)) is not None and (match := prefixes.match(subject, tag.end())) is not None:
        return tag[1].rstrip() + " " + subject[match.end() :]
    return subject


# --- words


def _attribution(message: Message) -> str:
    who = message.sender.short or "somebody"
    return f"On {_when(message.date)}, {who} wrote:" if message.date is not None else f"{who} wrote:"


def _when(date: int) -> str:
    return time.strftime("%a, %d %b %Y at %H:%M", time.localtime(date))


def _header_block(message: Message) -> list[str]:
    """What stands above a forwarded text; every value is one line."""
    lines = ["---------- Forwarded message ----------", f"From: {message.sender}"]
    if message.date is not None:
        lines.append(f"Date: {_when(message.date)}")
    lines.append(f"Subject: {message.subject}")
    for name, people in (("To", message.to), ("Cc", message.cc)):
        if people:
            lines.append(f"{name}: {', '.join(map(str, people))}")
    return lines


def _words(message: Message) -> str:
    """The text to quote: the plain one, else what the HTML says; without the signature."""
    text = message.text
    drawn = _readable(message.document)
    if message.html and len(text.split()) * 2 < len(drawn.split()):
        text = drawn
    text = text.split("\n-- \n", 1)[0] if "\n-- \n" in text else text
    return text.strip("\n")[:_MOST_QUOTED]


_LABEL = re.compile(r"\[\d+\](?: → \S+)?\Z")


def _readable(document: Document) -> str:
    """A document as text without the numbers of its links, which mean nothing in a letter."""
    lines = []
    for block in document.blocks:
        runs = tuple(run for run in block.runs if not (run.link and _LABEL.match(run.text)))
        bare = Block(block.kind, runs, block.quote, block.first, block.rest, block.level, block.rows)
        lines.append(Document((bare,)).text)
    return "\n".join(lines)


def _quote(text: str) -> str:
    return (">" if text.startswith(">") or not text else "> ") + text
