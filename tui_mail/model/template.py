"""Letters to begin from: header lines, a text, and `{{fields}}` that are filled in by plain substitution."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .address import Address
from .draft import Draft

_FIELD = re.compile(r"\{\{\s*([a-z_]{1,30})\s*\}\}")
_HEADER = re.compile(r"(to|cc|bcc|subject|from|reply-to|format)[ \t]*:[ \t]*(.*)", re.I)
_FIELDS = frozenset({"first_name", "last_name", "name", "email", "date", "my_name", "my_email"})


@dataclass(frozen=True, slots=True)
class Template:
    """A letter's beginning. `headers` has lower-case names; nothing in it is filled in yet."""

    name: str
    headers: Mapping[str, str]
    body: str
    markdown: bool = False


def read(name: str, text: str) -> Template:
    """Header lines at the top, where there are any, then an empty line, then the text; `.md` files are Markdown."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    head, gap, rest = text.partition("\n\n")
    headers: dict[str, str] = {}
    for line in head.split("\n"):
        if (match := _HEADER.fullmatch(line.strip())) is None:
            headers = {}
            break
        headers[match[1].lower()] = match[2].strip()
    body = (rest if gap else "") if headers else text
    stem, _, suffix = name.rpartition(".")
    markdown = suffix.lower() in ("md", "markdown") or headers.pop("format", "").lower() == "markdown"
    return Template(stem or name, headers, body.rstrip("\n"), markdown)


def begin(template: Template, draft: Draft) -> Draft:
    """The draft with what the template brings; the signature stays below. Fields stand as they are until `fill`."""
    headers = template.headers
    return replace(
        draft,
        to=headers.get("to", draft.to),
        cc=headers.get("cc", draft.cc),
        bcc=headers.get("bcc", draft.bcc),
        subject=headers.get("subject", draft.subject),
        sender=headers.get("from", draft.sender),
        reply_to=headers.get("reply-to", draft.reply_to),
        markdown=template.markdown or draft.markdown,
        body=template.body + draft.body,
        is_template=True,
    )


def fields_in(draft: Draft) -> tuple[str, ...]:
    """The fields that wait to be filled in, once each; none in a letter that began from no template."""
    if not draft.is_template:
        return ()
    return tuple(dict.fromkeys(name for name in _FIELD.findall(f"{draft.subject}\n{draft.body}") if name in _FIELDS))


def fill(draft: Draft, sender: Address, today: str) -> Draft:
    """Puts in what is known of the first recipient and the sender. Unknown and empty fields stay as they are.

    One pass: what a name brings along is never looked at again.
    """
    first = next(iter(draft.recipients), Address("", ""))
    given, _, family = first.name.partition(" ") if "," not in first.name else _turned(first.name)
    values = {
        "first_name": given,
        "last_name": family.rpartition(" ")[2],
        "name": first.name or first.email.partition("@")[0],
        "email": first.email,
        "date": today,
        "my_name": sender.name,
        "my_email": sender.email,
    }

    def put(match: re.Match[str]) -> str:
        return values.get(match[1], "") or match[0]

    if not draft.is_template:
        return draft
    filled = replace(draft, subject=_FIELD.sub(put, draft.subject), body=_FIELD.sub(put, draft.body))
    return replace(filled, is_template=bool(fields_in(filled)))


def _turned(name: str) -> tuple[str, str, str]:
    """`Example, Ann` the other way round."""
    family, _, given = name.partition(",")
    return given.strip().partition(" ")[0], " ", family.strip()
