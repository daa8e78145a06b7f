"""Plain text as blocks: quotes by their depth, the signature, lines that keep their shape, links."""

from __future__ import annotations

import re

from tui_mail.model.document import Block, Document, Kind, Run

from .clean import clean, safe_link

LARGEST = 2_000_000
"""Characters that are laid out; the rest is in the source view."""
DEEPEST_QUOTE = 50

_QUOTE = re.compile(r"(?: ?>){1,400}")
_SHAPED = re.compile(r"\S {3,}\S|^ {4}|^[ ]*[|+][-+=| ]{3}")
_WEB = r"(?:https?://|mailto:|www\.)[^\s<>\"`{}|\\^]{1,2000}"
_URL = re.compile(_WEB, re.I)
_URL_OR_ADDRESS = re.compile(_WEB + r"|[\w.+\-]{1,64}@(?:[\w\-]{1,63}\.){1,8}[A-Za-z]{2,24}", re.I)
_HINT = re.compile(r"://|www\.|mailto:|@", re.I)
_CLOSERS = {")": "(", "]": "[", "}": "{"}


def document(text: str, *, links: tuple[str, ...] = ()) -> Document:
    """Lines as blocks; `links` are targets that count already, the text's own are numbered after them."""
    text = clean(text, lines=True)
    notes: tuple[str, ...] = ()
    if len(text) > LARGEST:
        text = text[:LARGEST]
        notes = ("This message is very long: only its beginning is shown here.",)
    targets = {url: number for number, url in enumerate(links, 1)}
    blocks: list[Block] = []
    in_signature = False
    for line in text.rstrip("\n").split("\n"):
        in_signature = in_signature or line == "-- "
        line = line.rstrip()
        depth = 0
        if line[:2].lstrip()[:1] == ">" and (match := _QUOTE.match(line)) is not None and not in_signature:
            depth = match[0].count(">")
            line = line[match.end() :].removeprefix(" ")
        depth = min(depth, DEEPEST_QUOTE)
        if not line.strip():
            if not (blocks and blocks[-1].kind == "gap" and len(blocks) > 1 and blocks[-2].kind == "gap"):
                blocks.append(Block("gap", quote=depth))  # two at most: some letters end in a page of nothing
            continue
        kind: Kind = "signature" if in_signature else "pre" if len(line) <= 100 and _SHAPED.search(line) else "text"
        blocks.append(Block(kind, _runs(line, targets), depth))
    while blocks and blocks[-1].kind == "gap":
        blocks.pop()
    return Document(tuple(blocks), tuple(targets), notes)


def plain(line: str) -> tuple[Run, ...]:
    """One run, without looking for links."""
    return (Run(line),) if line else ()


def _runs(line: str, targets: dict[str, int]) -> tuple[Run, ...]:
    """The line with its addresses as links."""
    if not _HINT.search(line):
        return (Run(line),)
    runs = []
    at = 0
    for match in (_URL_OR_ADDRESS if "@" in line else _URL).finditer(line):
        shown = _without_stop(match[0])
        target = safe_link(_target(shown))
        if not target:
            continue
        if match.start() > at:
            runs.append(Run(line[at : match.start()]))
        runs.append(Run(shown, link=targets.setdefault(target, len(targets) + 1)))
        at = match.start() + len(shown)
    if at < len(line):
        runs.append(Run(line[at:]))
    return tuple(runs)


def _target(shown: str) -> str:
    start = shown[:8].lower()
    if start.startswith("www."):
        return "http://" + shown
    return shown if start.startswith(("http:", "https:", "mailto:")) else "mailto:" + shown


def _without_stop(url: str) -> str:
    """The URL without the punctuation of the sentence around it; a bracket stays where it closes one of its own."""
    while url:
        last = url[-1]
        if last in ".,;:!?'\"*_~" or (last in _CLOSERS and url.count(last) > url.count(_CLOSERS[last])):
            url = url[:-1]
        else:
            break
    return url
