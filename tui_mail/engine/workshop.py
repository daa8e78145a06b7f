"""Where letters are taken apart: in processes of their own, within a time, and by hand where there are none."""

from __future__ import annotations

import contextlib
import json
import queue
from collections.abc import Callable
from typing import Any  # a value of whatever type the question wants

from tui_mail.mime.parse import Begun, unreadable
from tui_mail.mime.telling import Form
from tui_mail.model.document import Document
from tui_mail.model.errors import BadInput
from tui_mail.model.message import Message

from . import bench
from .companion import Companion, NoCompanion
from .opener import Here
from .packing import unpacker

DEADLINE = 2.0
"""Seconds that one letter may take."""
_CODE = "import sys; sys.path[:] = {path!r}; from tui_mail.engine.bench import main; main()"
_TOO_LONG = "This message takes too long to take apart: it is shown as it came."
_DIED = "This message could not be taken apart: it is shown as it came."
_NO_FORM = "This form of the letter cannot be drawn: it takes too much."


class Workshop:
    """The Opener of the screens: two benches, the first a process that is started before it is needed."""

    def __init__(self, *, deadline: float = DEADLINE, code: str = _CODE) -> None:
        self._deadline = deadline
        self._free: queue.LifoQueue[Companion] = queue.LifoQueue()
        self._benches = [Companion(code), Companion(code)]
        self._closed = False

    def start(self) -> None:
        """Begins the first process and waits for nothing; the second begins when both are wanted at once."""
        for one in reversed(self._benches):
            self._free.put(one)
        with contextlib.suppress(NoCompanion):  # it is tried again with the first letter
            self._benches[0].begin()

    def close(self) -> None:
        """Ends the processes; who waits for one gets the letter as it came."""
        self._closed = True
        for one in self._benches:
            one.end()

    def parse(self, raw: bytes, begun: Begun | None = None) -> Message:
        """The opened letter, as `mime.parse.parse` says; one that takes too long is shown as it came. Never raises."""
        try:
            message: Message = self._ask(bench.LETTER + raw, unpacker(Message), begun)
            return message
        except NoCompanion:
            return Here().parse(raw, begun)
        except TimeoutError:
            return unreadable(raw, _TOO_LONG)
        except (OSError, ValueError):  # the process died of this letter, or wrote what is no answer
            return unreadable(raw, _DIED)

    def form(self, words: str, form: Form, subject: str = "") -> Document:
        """One telling by itself, as `mime.telling.formed` says. Raises BadInput where it takes too long."""
        try:
            asked = json.dumps([words, form, subject]).encode()
            document: Document = self._ask(bench.FORM + asked, unpacker(Document), None)
            return document
        except NoCompanion:
            return Here().form(words, form, subject)
        except (OSError, ValueError) as error:
            raise BadInput(_NO_FORM) from error

    def _ask(self, question: bytes, made: Callable[[Any], Any], begun: Callable[[Any], None] | None) -> Any:
        """Raises NoCompanion, and TimeoutError, OSError or ValueError after which the process is no more."""
        if self._closed:
            raise NoCompanion
        one = self._free.get()
        try:
            for answer in one.ask(question, self._deadline):
                value = made(json.loads(answer[1:]))
                if answer[:1] == bench.WHOLE:
                    return value
                if begun is not None:
                    begun(value)
        except (OSError, ValueError):
            one.end()
            raise
        finally:
            self._free.put(one)
