"""Visiting cards (vCard 2.1 to 4.0, RFC 6350): the few properties that a person reads; nothing is fetched."""

from __future__ import annotations

import binascii
import re

from tui_mail.model.insight import Card

from . import charset
from .clean import line

_LARGEST = 500_000
_MOST_CARDS = 20
_MOST_LINES = 30
_LABELS = {
    "ORG": "Works at",
    "TITLE": "As",
    "ROLE": "Role",
    "EMAIL": "E-mail",
    "TEL": "Phone",
    "ADR": "Address",
    "URL": "Web",
    "BDAY": "Born",
    "IMPP": "Chat",
    "NICKNAME": "Called",
    "NOTE": "Note",
}
_CARD = re.compile(r"BEGIN:VCARD\s*\n(.*?)\nEND:VCARD", re.I | re.S)
_PROPERTY = re.compile(r"(?:[\w\-]+\.)?([A-Z\-]+)((?:;[^:\"]*(?:\"[^\"]*\")?)*):(.*)\Z", re.I | re.S)
_KIND = re.compile(r"(?:TYPE=)?\"?(cell|mobile|home|work|fax|pager)\b", re.I)


def cards(octets: bytes, label: str = "") -> tuple[Card, ...]:
    """The cards of one part, at most twenty. Never raises; what cannot be read is left out."""
    text, _ = charset.decode(octets[:_LARGEST], label)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return tuple(_card(match[1]) for match in list(_CARD.finditer(text))[:_MOST_CARDS])


def _card(text: str) -> Card:
    name = formal = ""
    lines: list[tuple[str, str]] = []
    for unfolded in _lines(text):
        match = _PROPERTY.match(unfolded)
        if match is None:
            continue
        key, parameters, value = match[1].upper(), match[2].upper(), match[3]
        if "BASE64" in parameters or "ENCODING=B" in parameters or value.startswith("data:"):
            continue  # a picture or a sound
        if "QUOTED-PRINTABLE" in parameters:
            value = charset.decode(binascii.a2b_qp(value.encode("utf-8", "replace")), "utf-8")[0]
        shown = _plain(value, listed=key in ("N", "ADR", "ORG"))
        if key == "FN":
            name = name or shown
        elif key == "N":
            formal = " ".join(_plain(piece) for piece in reversed(re.split(r"(?<!\\);", value)[:2])).strip()
        elif key in _LABELS and shown and len(lines) < _MOST_LINES:
            kind = _KIND.search(parameters)
            lines.append((_LABELS[key] + (f" ({kind[1].lower()})" if kind else ""), shown[:500]))
    return Card(line(name or formal) or "Somebody without a name", tuple(lines))


def _lines(text: str) -> list[str]:
    """Unfolded (RFC 6350 section 3.2), and joined where quoted-printable of vCard 2.1 goes on."""
    text = re.sub(r"\n[ \t]", "", text)
    return re.sub(r"=\n", "", text).split("\n")


def _plain(value: str, *, listed: bool = False) -> str:
    if listed:
        value = ", ".join(piece for piece in re.split(r"(?<!\\);", value) if piece.strip())
    value = re.sub(r"\\n", " ", value, flags=re.I)
    return line(re.sub(r"\\(.)", r"\1", value).removeprefix("tel:").removeprefix("mailto:"))
