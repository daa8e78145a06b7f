"""Scores the parser over collected letters: `python -m tests.mime.corpus [FOLDER]` prints right and wrong per field.

FOLDER holds `expected/*.json` and `messages/`, as the shared corpus does. What other projects say of one letter
is compared field by field; malformed letters of which there is only one program's opinion are counted apart.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any  # what stands in an oracle's JSON differs from oracle to oracle

from tui_mail.cli.render import as_object
from tui_mail.mime.header import addresses, decode

CORPUS = Path(__file__).parent.parent.parent.parent / "shared" / "corpus"

_ALTERED = "the letter was made anonymous after its test was written: the octets say something else"
DIFFERENT = {
    ("mime4j/core/src/test/resources/mimetools-testmsgs/multi-nested.msg", "attachments"): (
        "/evil/filename is called filename: a sender's path is never shown as a name"
    ),
    ("webklex-php-imap/attachment_long_filename.eml", "attachments"): _ALTERED,
}
"""Rows in which we differ on purpose, each with its reason; they are not counted."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One field of one letter."""

    path: str
    field: str
    is_strict: bool
    is_right: bool
    wanted: str
    found: str


def verdicts(corpus: Path) -> Iterator[Verdict]:
    """Every field that an oracle names and that a reader can see, in the order of the files."""
    for oracle in sorted((corpus / "expected").glob("*.json")):
        for path, wanted in json.loads(oracle.read_text("utf-8")).items():
            file = corpus / "messages" / path
            if not file.is_file():
                continue
            for field, want, found in _compared(as_object(file, file.read_bytes(), now=0), wanted):
                if (path, field) not in DIFFERENT:
                    strict = bool(wanted.get("strict", True))
                    yield Verdict(path, field, strict, _agrees(field, want, found), repr(want), repr(found))


def _compared(found: dict[str, Any], wanted: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Field, what the oracle says, and what `tui-mail render --json` does."""
    if wanted.get("subject") is not None:
        yield "subject", _words(wanted["subject"]), found["subject"]
    if wanted.get("subject_raw") is not None:
        yield "subject", _words(decode(wanted["subject_raw"].encode())), found["subject"]
    for field in ("from", "to", "cc"):
        if wanted.get(field) is not None:
            yield field, _people(wanted[field]), _people(found[field])
        if wanted.get(field + "_raw") is not None:
            people = addresses(wanted[field + "_raw"].encode())
            yield field, [(one.name, one.email) for one in people], _people(found[field])
    if wanted.get("date"):
        yield "date", _moment(wanted["date"]), _moment(found["date"])
    if wanted.get("text_prefix") is not None:
        yield "text", _words(wanted["text_prefix"]), _words(found["text"])
    names = [one["name"] for one in found["attachments"]]
    if "attachments" in wanted:
        yield "attachments", [_words(name) for name in wanted["attachments"] if name], names
    if "n_attachments" in wanted:
        yield "attachment count", wanted["n_attachments"], len(names)


def _agrees(field: str, wanted: Any, found: Any) -> bool:
    match field:
        case "subject":
            return _words(found) == str(wanted)
        case "text":
            return str(found).startswith(str(wanted))
        case "attachments":
            return not (Counter(wanted) - Counter(found))
        case "from" | "to" | "cc":
            if [mail for _, mail in wanted] != [mail for _, mail in found]:
                return False
            pairs = zip(wanted, found, strict=True)
            return not any(name not in ("", mine) for (name, _), (mine, _) in pairs)
        case _:
            return bool(wanted == found)


def _words(text: str) -> str:
    return " ".join(text.split())


def _people(people: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(_words(one.get("name") or ""), one.get("email") or "") for one in people]


def _moment(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).timestamp()


def main(corpus: Path) -> int:
    """The table; 1 where a strict row is wrong."""
    right: Counter[tuple[str, bool]] = Counter()
    total: Counter[tuple[str, bool]] = Counter()
    wrong = []
    for one in verdicts(corpus):
        total[one.field, one.is_strict] += 1
        right[one.field, one.is_strict] += one.is_right
        if not one.is_right:
            wrong.append(one)
    for one in wrong:
        mark = "strict" if one.is_strict else "opinion"
        print(f"{mark:8}{one.path}: {one.field}\n    wanted {one.wanted[:300]}\n    found  {one.found[:300]}")
    print(f"{'field':18}{'strict right':>14}{'wrong':>7}{'opinions right':>17}{'wrong':>7}")
    for field in dict.fromkeys(field for field, _ in total):
        counts = [(right[field, strict], total[field, strict] - right[field, strict]) for strict in (True, False)]
        print(f"{field:18}{counts[0][0]:14}{counts[0][1]:7}{counts[1][0]:17}{counts[1][1]:7}")
    for (path, field), why in DIFFERENT.items():
        print(f"not counted: {path}: {field}: {why}")
    return int(any(one.is_strict for one in wrong))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS))
