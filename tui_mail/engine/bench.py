"""The process beside the program that takes letters apart: octets in, values out, and it may be killed at any time."""

from __future__ import annotations

import json

from tui_mail.mime import html  # noqa: F401  # imported before a letter needs it
from tui_mail.mime.parse import parse
from tui_mail.mime.telling import formed

from .packing import pack
from .serving import Tell, serve

LETTER, FORM = b"L", b"F"
"""What a question begins with: a letter's octets follow, or the JSON of [words, form, subject]."""
BEGINNING, WHOLE = b"B", b"W"
"""What an answer begins with; after a beginning another one comes."""


def main() -> None:
    """Answers letter after letter, until the pipe is closed."""
    serve(_answer)


def _answer(asked: bytes, tell: Tell) -> None:
    if asked[:1] == LETTER:
        tell(WHOLE + packed(parse(asked[1:], lambda message: tell(BEGINNING + packed(message)))))
    else:
        tell(WHOLE + packed(formed(*json.loads(asked[1:]))))


def packed(value: object) -> bytes:
    return json.dumps(pack(value), ensure_ascii=False, separators=(",", ":")).encode()
