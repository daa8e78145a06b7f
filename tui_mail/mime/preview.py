"""What an attachment holds, as a document to look at: text, tables, JSON, the list of an archive; all stays packed."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from tui_mail.model.document import Block, Cell, Document, Run
from tui_mail.model.message import Attachment

from . import charset
from .clean import clean, line

LARGEST = 2_000_000
"""Octets that are looked at; of archives only the list of what is in them, up to ten times that."""
_MOST_ROWS = 1000
_MOST_COLUMNS = 30
_MOST_CELL = 200
_MOST_LINES = 20_000
_MOST_ENTRIES = 1000
_TEXTS = frozenset(
    {
        *("application/json", "application/xml", "application/javascript", "application/x-sh", "application/sql"),
        *("application/x-yaml", "application/toml", "application/pgp-keys", "application/pgp-signature"),
        *("message/delivery-status", "message/disposition-notification", "message/rfc822-headers"),
    }
)
_TEXT_ENDINGS = frozenset(
    f".{ending}"
    for ending in (
        *("txt", "md", "rst", "log", "tex", "org", "eml", "asc", "ics", "vcf", "diff", "patch", "sql", "xml", "ini"),
        *("py", "c", "h", "rs", "go", "js", "ts", "sh", "toml", "yaml", "yml", "cfg", "conf"),
    )
)
_ARCHIVES = frozenset({"application/zip", "application/x-zip-compressed", "application/java-archive"})
_OFFICE = "application/vnd.openxmlformats"


def is_image(attachment: Attachment) -> bool:
    return attachment.type in ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp") or _ending(
        attachment
    ) in (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")


def preview(attachment: Attachment, octets: bytes) -> Document:
    """Something to look at, always: of what cannot be shown, what it is and its first octets. Never raises."""
    maker = _maker(attachment, octets)
    document = maker(octets)
    notes = tuple(note for note in (attachment.damage, *document.notes) if note)
    head = [Block("note", (Run(note),), first="! ", rest="  ") for note in notes]
    return Document((*head, *([Block("gap")] if head else ()), *document.blocks), document.links)


def said(octets: bytes, *, is_cut: bool = False) -> Document:
    """What a program said, as text."""
    more = (Block("note", (Run("It said more than is shown."),)),) if is_cut else ()
    return Document((*_text(octets).blocks, *more))


def _maker(attachment: Attachment, octets: bytes) -> Callable[[bytes], Document]:
    kind, ending = attachment.type, _ending(attachment)
    if kind in _ARCHIVES or ending in (".zip", ".jar", ".docx", ".xlsx", ".pptx", ".odt", ".ods"):
        return _archive
    if kind in ("text/csv", "text/tab-separated-values") or ending in (".csv", ".tsv"):
        return _table
    if kind == "application/json" or ending == ".json":
        return _json
    if kind == "text/html" or ending in (".html", ".htm"):
        return _page
    if kind.startswith("text/") or kind in _TEXTS or ending in _TEXT_ENDINGS or _reads_as_text(octets):
        return _text
    return _octets


def _ending(attachment: Attachment) -> str:
    return PurePath(attachment.name).suffix.lower()


def _reads_as_text(octets: bytes) -> bool:
    start = octets[:2000]
    return bool(start) and start.isascii() and not set(start) & (set(range(9)) | {11, 12} | set(range(14, 32)))


def _words(octets: bytes) -> tuple[str, tuple[str, ...]]:
    text = clean(charset.decode(octets[:LARGEST], "")[0], lines=True)
    return text, ("Only its beginning is shown.",) if len(octets) > LARGEST else ()


def _lines(text: str, notes: tuple[str, ...] = ()) -> Document:
    lines = text.split("\n", _MOST_LINES)
    if len(lines) > _MOST_LINES:
        lines, notes = lines[:-1], (*notes, f"The first {_MOST_LINES:,} lines are shown.")
    return Document(tuple(Block("pre", (Run(one),)) if one else Block("gap") for one in lines), (), notes)


def _text(octets: bytes) -> Document:
    return _lines(*_words(octets))


def _page(octets: bytes) -> Document:
    from . import html  # imported where there is HTML

    text, _ = charset.decode(octets[:LARGEST], "", markup=True)
    return html.document(text)


def _json(octets: bytes) -> Document:
    text, notes = _words(octets)
    try:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        notes = (*notes, "This is no proper JSON; it is shown as it came.")
    return _lines(clean(text, lines=True), notes)


def _table(octets: bytes) -> Document:
    """Up to a thousand rows of thirty columns; which sign parts them is found out from the first line."""
    text, _ = charset.decode(octets[:LARGEST], "")
    notes: tuple[str, ...] = ("Only its beginning is shown.",) if len(octets) > LARGEST else ()
    first = text.split("\n", 1)[0]
    part = max(",;\t|", key=first.count) if any(sign in first for sign in ",;\t|") else ","
    rows: list[tuple[Cell, ...]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=part)):
            if number == _MOST_ROWS:
                notes = (*notes, f"The first {_MOST_ROWS} rows are shown.")
                break
            cells = [
                Cell((Run(line(one)[:_MOST_CELL]),), heading=number == 0, right=_is_number(one))
                for one in row[:_MOST_COLUMNS]
            ]
            rows.append(tuple(cells))
    except csv.Error:
        return _lines(clean(text, lines=True), (*notes, "This is no proper table; it is shown as it came."))
    rows = [row for row in rows if row]
    return Document((Block("table", rows=tuple(rows)),) if rows else (), (), notes)


def _is_number(text: str) -> bool:
    bare = text.strip().lstrip("-+").replace(".", "").replace(",", "").replace(" ", "")
    return bare.isdigit()


def _archive(octets: bytes) -> Document:
    """What the archive says is in it; nothing of it is unpacked."""
    if len(octets) > LARGEST * 10:
        return Document((), (), ("This archive is too large to be looked into here.",))
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, IndexError, UnicodeError, OverflowError):
        return Document((), (), ("This archive is damaged or none at all.",))
    notes = (f"The first {_MOST_ENTRIES} of {len(entries):,} are shown.",) if len(entries) > _MOST_ENTRIES else ()
    if any(entry.flag_bits & 1 for entry in entries):
        notes = (*notes, "It is locked with a password.")
    head = tuple(Cell((Run(name),), heading=True, right=name == "size") for name in ("name", "size", "changed"))
    rows = [head]
    for entry in entries[:_MOST_ENTRIES]:
        when = "{:04}-{:02}-{:02}".format(*entry.date_time[:3])
        cells = ((line(entry.filename)[:_MOST_CELL], False), (f"{entry.file_size:,}", True), (when, False))
        rows.append(tuple(Cell((Run(words),), right=right) for words, right in cells))
    return Document((Block("table", rows=tuple(rows)),), (), notes)


_SHOWN_OCTETS = 512


def _octets(octets: bytes) -> Document:
    """Sixteen to a line, as they stand and as signs."""
    lines = []
    for at in range(0, min(len(octets), _SHOWN_OCTETS), 16):
        row = octets[at : at + 16]
        signs = "".join(chr(octet) if 32 <= octet < 127 else "·" for octet in row)
        lines.append(f"{at:04x}  {row.hex(' '):47}  {signs}")
    return _lines("\n".join(lines), ("There is no preview of this kind of file; these are its first octets.",))
