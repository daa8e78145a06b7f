"""Links whose words name another host than the one they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from tui_mail.model.document import Document, Run

from . import domains
from .clean import token

_HOST = re.compile(
    r"(?:https?://)?(?:[\w.\-]{1,64}@)?((?:[\w\-]{1,63}\.){1,8}[a-z\u0080-\uffff]{2,24})(?=[/:?#\s]|\Z)", re.I
)


def mismatched(document: Document) -> Mapping[int, str]:
    """Links whose words name a host of another house than their target: number to the host that is named."""
    found: dict[int, str] = {}
    for run in _runs(document):
        if not 0 < run.link <= len(document.links) or run.link in found:
            continue
        named = _HOST.match(run.text.strip())
        target = document.links[run.link - 1]
        if named is None or (target.startswith("mailto:") and "@" in run.text):
            continue
        host = _host_of(target)
        if host and domains.registered(domains.punycode(named[1])) != domains.registered(host):
            found[run.link] = token(named[1].lower())
    return found


def _host_of(target: str) -> str:
    if target.startswith("mailto:"):
        return target.partition("?")[0].rpartition("@")[2].lower()
    try:
        return (urlsplit(target).hostname or "").lower()
    except ValueError:
        return ""


def _runs(document: Document) -> Iterator[Run]:
    for block in document.blocks:
        yield from block.runs
        for row in block.rows:
            for cell in row:
                yield from cell.runs
