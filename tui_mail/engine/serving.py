"""What a process beside the program does: it answers question after question, until the pipe is closed."""

from __future__ import annotations

import contextlib
import os
import resource
import struct
from collections.abc import Callable
from typing import BinaryIO

READY = b"R"
LENGTH = struct.Struct(">Q")
"""Stands before each question and each answer."""
_MEMORY = 2 << 30
"""Octets of memory it may take."""

Tell = Callable[[bytes], None]
"""Gives one answer."""


def serve(answer: Callable[[bytes, Tell], None]) -> None:
    """Hands each question to `answer`, which tells what there is to say."""
    with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)  # nothing that goes wrong here may write on the screen
    answers.write(READY)
    answers.flush()

    def tell(octets: bytes) -> None:
        answers.write(LENGTH.pack(len(octets)))
        answers.write(octets)
        answers.flush()

    while (asked := _received(questions)) is not None:
        answer(asked, tell)


def _received(pipe: BinaryIO) -> bytes | None:
    """The next octets, or None where the other side is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    octets = pipe.read(length)
    return octets if len(octets) == length else None
