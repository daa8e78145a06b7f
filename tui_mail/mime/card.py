"""Visiting cards (vCard 2.1 to 4.0, RFC 6350): the few properties that a person reads; nothing is fetched."""

from __future__ import annotations

import re

from tui_mail.model.insight import Card

from . import charset, vcard

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
_KIND = re.compile(r"\b(cell|mobile|home|work|fax|pager)\b", re.I)


def cards(octets: bytes, label: str = "") -> tuple[Card, ...]:
    """The cards of one part, at most twenty. Never raises; what cannot be read is left out."""
    found: list[Card] = []
    rows: list[tuple[str, dict[str, str], str]] = []
    for name, parameters, value in vcard.properties(charset.decode(octets[:_LARGEST], label)[0]):
        if name == "BEGIN":
            rows = []
        elif name == "END" and rows:
            found.append(_card(rows))
            rows = []
            if len(found) == _MOST_CARDS:
                break
        else:
            rows.append((name, parameters, value))
    return tuple(found)


def _card(rows: list[tuple[str, dict[str, str], str]]) -> Card:
    name = formal = ""
    lines: list[tuple[str, str]] = []
    for key, parameters, value in rows:
        if parameters.get("ENCODING", "").upper() in ("B", "BASE64") or value.startswith("data:"):
            continue  # a picture or a sound
        shown = _shown(value, listed=key in ("ADR", "ORG"))
        if key == "FN":
            name = name or shown
        elif key == "N":
            formal = " ".join(vcard.plain(piece) for piece in reversed(_SEPARATOR.split(value)[:2])).strip()
        elif key in _LABELS and shown and len(lines) < _MOST_LINES:
            kind = _KIND.search(parameters.get("TYPE", ""))
            lines.append((_LABELS[key] + (f" ({kind[1].lower()})" if kind else ""), shown[:500]))
    return Card(name or formal or "Somebody without a name", tuple(lines))


_SEPARATOR = re.compile(r"(?<!\\);")


def _shown(value: str, *, listed: bool = False) -> str:
    if listed:
        value = ", ".join(piece for piece in _SEPARATOR.split(value) if piece.strip())
    return vcard.plain(value).removeprefix("tel:").removeprefix("mailto:")
