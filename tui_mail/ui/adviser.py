"""Words that are like another one, sought by Hunspell in a process of its own: it holds the interpreter meanwhile."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from tui_mail.engine.companion import Companion, NoCompanion
from tui_mail.engine.serving import Tell, serve

from . import dictionaries

LIMIT = 3.0
"""Seconds that are spent on one word."""
_CODE = "import sys; sys.path[:] = {path!r}; from tui_mail.ui.adviser import main; main()"


class Adviser:
    """Begun with the first word. Any thread may ask; one is answered at a time."""

    def __init__(self, *, limit: float = LIMIT, code: str = _CODE) -> None:
        self._limit = limit
        self._companion = Companion(code)
        self._lock = threading.Lock()

    def meant(self, dictionary: Path, word: str) -> list[str]:
        """What that `.dic` proposes. Raises TimeoutError where it takes too long, OSError where it was called off."""
        question = json.dumps([str(dictionary), word]).encode()
        with self._lock:
            try:
                found: list[str] = json.loads(next(self._companion.ask(question, self._limit)))
                return found
            except NoCompanion:
                return list(dictionaries.read(dictionary).meant(word))
            except (OSError, ValueError):
                self._companion.end()
                raise

    def call_off(self) -> None:
        """Nobody waits for what is sought just now; also called when the letter is done with."""
        self._companion.interrupt()
        if self._lock.acquire(blocking=False):
            self._companion.end()  # else who asks does it, when it hears that the process is gone
            self._lock.release()


def main() -> None:
    """What the process does; a dictionary is read once."""
    read: dict[str, dictionaries.Dictionary] = {}

    def answer(asked: bytes, tell: Tell) -> None:
        path, word = json.loads(asked)
        if path not in read:
            read[path] = dictionaries.read(Path(path))
        tell(json.dumps(read[path].meant(word)).encode())

    serve(answer)
