"""A mailto address as a letter (RFC 6068): what is harmless comes in, and all of it is shown before it goes."""

from __future__ import annotations

import urllib.parse
from dataclasses import replace

from tui_mail.model.draft import Draft

from . import header
from .clean import clean

_FIELDS = ("to", "cc", "subject", "body", "in-reply-to")
"""What an address may fill in; never bcc, never a file (CVE-2020-11879)."""
_LONGEST = 200_000


def from_mailto(url: str, draft: Draft) -> Draft:
    """The draft with what the address asks for; what stands in the draft already stays below."""
    scheme, colon, rest = url[:_LONGEST].partition(":")
    address, _, query = (rest if colon and scheme.lower() == "mailto" else url[:_LONGEST]).partition("?")
    found = {"to": clean(urllib.parse.unquote(address))}
    for name, value in urllib.parse.parse_qsl(query.replace("+", "%2B"), max_num_fields=None):
        key = name.lower()
        if key not in _FIELDS:
            continue
        text = clean(value, lines=key == "body").strip()
        if key in ("to", "cc"):
            found[key] = ", ".join(filter(None, (found.get(key, ""), text)))
        else:
            found.setdefault(key, text)
    answered = header.message_ids(found.get("in-reply-to", "").encode())
    return replace(
        draft,
        to=found["to"],
        cc=found.get("cc", ""),
        subject=found.get("subject", ""),
        body=found.get("body", "") + draft.body,
        in_reply_to=answered[0] if answered else "",
        references=answered[:1],
    )
