"""The process beside the program that takes letters apart: octets in, values out, and it may be killed at any time."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import struct
from typing import BinaryIO

from tui_mail.mime import html  # noqa: F401  # imported before a letter needs it
from tui_mail.mime.parse import parse
from tui_mail.mime.telling import formed
from tui_mail.model.message import Message

from .packing import pack

READY = b"R"
LENGTH = struct.Struct(">Q")
LETTER, FORM = b"L", b"F"
"""What a question begins with: a letter's octets follow, or the JSON of [words, form, subject]."""
BEGINNING, WHOLE = b"B", b"W"
"""What an answer begins with; after a beginning another one comes."""
_MEMORY = 2 << 30
"""Octets of memory it may take."""


def main() -> None:
    """Answers letter after letter, until the pipe is closed."""
    with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    letters, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)  # nothing that goes wrong here may write on the screen
    answers.write(READY)
    answers.flush()

    def begun(message: Message) -> None:
        send(answers, BEGINNING + packed(message))

    while (asked := receive(letters)) is not None:
        if asked[:1] == LETTER:
            send(answers, WHOLE + packed(parse(asked[1:], begun)))
        else:
            send(answers, WHOLE + packed(formed(*json.loads(asked[1:]))))


def packed(value: object) -> bytes:
    return json.dumps(pack(value), ensure_ascii=False, separators=(",", ":")).encode()


def send(pipe: BinaryIO, octets: bytes) -> None:
    pipe.write(LENGTH.pack(len(octets)))
    pipe.write(octets)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes | None:
    """The next octets, or None where the other side is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    octets = pipe.read(length)
    return octets if len(octets) == length else None
