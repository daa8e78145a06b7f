"""What the commands print: text that any terminal takes, JSON in UTF-8, and a reader that went away."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable

from tui_mail.mime.clean import line
from tui_mail.model.errors import StorageFailed


def say(text: str) -> None:
    """A line on standard output; characters that the terminal does not have become question marks."""
    encoding = sys.stdout.encoding or "utf-8"
    _write((text + "\n").encode(encoding, "replace"))


def give(octets: bytes) -> None:
    """Octets on standard output as they are."""
    _write(octets)


def objects(rows: Iterable[object]) -> None:
    """A JSON list, an object a line, as they come."""
    before = "[\n"
    for row in rows:
        give((before + as_json(row)).encode())
        before = ",\n"
    give(b"[]\n" if before == "[\n" else b"\n]\n")


def as_json(value: object, indent: int | None = None) -> str:
    """Decoded characters, not escapes; a lone surrogate, which UTF-8 cannot hold, is the one exception."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text.encode("utf-8", "backslashreplace").decode()


def note(text: str) -> None:
    """A sentence on standard error, beside what is printed."""
    print(f"tui-mail: {line(text)}", file=sys.stderr)


def done() -> None:
    """Everything is out. Raises BrokenPipeError where nobody reads on, StorageFailed where it cannot be written."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _fail(error)


def _write(octets: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(octets)
    except OSError as error:
        _fail(error)


def _fail(error: OSError) -> None:
    if isinstance(error, BrokenPipeError):
        raise error
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains while it exits
    raise StorageFailed(f"The output could not be written: {error.strerror}.") from error
