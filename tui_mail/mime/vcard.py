"""vCards (RFC 6350; versions 3.0 and 2.1 are read too) as contacts, and contacts as vCards. Nothing is fetched."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator

from tui_mail.model.contact import Contact

from .charset import decode
from .clean import line

_LIMIT = 20_000_000
"""Octets of a file that are looked at."""
_MOST = 50_000
_UNESCAPE = re.compile(r"\\(.)", re.S)


def read(data: bytes) -> list[Contact]:
    """A contact for each address of each card; cards without one are passed over. Never raises."""
    cards: list[list[tuple[str, dict[str, str], str]]] = []
    for name, parameters, value in properties(decode(data[:_LIMIT])[0]):
        if name == "BEGIN" and value.upper() == "VCARD":
            cards.append([])
        elif cards:
            cards[-1].append((name, parameters, value))
        if len(cards) > _MOST:
            break
    return [contact for card in cards for contact in _contacts(card)]


def properties(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Name, parameters and value of each content line; folds and quoted-printable's soft ends are joined."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"\n[ \t]", "", text)
    text = re.sub(r"(?im)^([^\n:]*QUOTED-PRINTABLE[^\n]*(?:=\n[^\n]*)+)$", lambda m: m[1].replace("=\n", ""), text)
    for row in text.split("\n"):
        head, colon, value = _at_colon(row)
        if not colon:
            continue
        name, *rest = head.split(";")
        parameters = {}
        for parameter in rest:
            key, equals, given = parameter.partition("=")
            parameters[key.upper() if equals else "TYPE"] = given.strip('"') if equals else key
        if parameters.get("ENCODING", parameters.get("TYPE", "")).upper() == "QUOTED-PRINTABLE":
            value = decode(quopri.decodestring(value.encode("latin-1", "replace")), parameters.get("CHARSET", ""))[0]
        yield name.rpartition(".")[2].upper(), parameters, value


def _at_colon(row: str) -> tuple[str, str, str]:
    """A row at its first colon outside quotes."""
    quoted = False
    for place, char in enumerate(row):
        if char == '"':
            quoted = not quoted
        elif char == ":" and not quoted:
            return row[:place], ":", row[place + 1 :]
    return row, "", ""


def _contacts(card: list[tuple[str, dict[str, str], str]]) -> Iterator[Contact]:
    values: dict[str, str] = {}
    for name, _, value in card:
        values.setdefault(name, value)
    written = plain(values.get("FN", ""))
    if not written:
        family, given, *_ = [*_split(values.get("N", ""), ";"), "", ""]
        written = " ".join(filter(None, (given, family))) or plain(values.get("ORG", "").replace(";", " "))
    groups = tuple(dict.fromkeys(filter(None, _split(values.get("CATEGORIES", ""), ","))))
    for name, _, value in card:
        email = plain(value).removeprefix("mailto:")
        if name == "EMAIL" and re.fullmatch(r"[^\s<>,;@]+@[^\s<>,;@]+", email):
            yield Contact(
                email=email,
                name=written if written != email else "",
                nick=_split(values.get("NICKNAME", ""), ",")[0],
                groups=groups,
                note=plain(values.get("NOTE", ""))[:1000],
                edited=True,
            )


def _split(value: str, separator: str) -> list[str]:
    """At separators that are not escaped; a backslash that is escaped itself escapes nothing."""
    piece = re.compile(rf"((?:[^\\{separator}]++|\\.|\\\Z)*+)(?:{separator}|\Z)", re.S)
    return [plain(match[1]) for match in piece.finditer(value)]


def plain(value: str) -> str:
    """A value as one line, its escapes undone."""
    return line(_UNESCAPE.sub(lambda match: " " if match[1] in "nN" else match[1], value))


def write(contacts: Iterable[Contact]) -> bytes:
    """All of them as vCards 4.0, lines folded at 75 octets."""
    out = []
    for one in contacts:
        rows = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escape(one.name or one.email)}", f"EMAIL:{_escape(one.email)}"]
        rows += [f"NICKNAME:{_escape(one.nick)}"] if one.nick else []
        rows += [f"CATEGORIES:{','.join(map(_escape, one.groups))}"] if one.groups else []
        rows += [f"NOTE:{_escape(one.note)}"] if one.note else []
        out += [*map(_folded, rows), b"END:VCARD\r\n"]
    return b"".join(out)


def _escape(text: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\r", "").replace("\n", "\\n")


def _folded(row: str) -> bytes:
    pieces: list[bytes] = []
    piece = b""
    for char in row:
        octets = char.encode("utf-8", "replace")
        if len(piece) + len(octets) > 75 - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
