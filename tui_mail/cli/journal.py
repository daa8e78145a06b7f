"""The log file: rotated, for its owner alone, with no secrets and no characters that do something to a terminal."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tui_mail.config.places import private_folder

_SIZE = 500_000
"""Octets, then a new file; two old ones are kept."""
_LOGGERS = ("tui_mail", "py.warnings")


class Journal:
    """Where everything under the logger `tui_mail` goes while it is open. What is logged holds no mail text."""

    def __init__(self, path: Path) -> None:
        """Nothing is made before the first line is written."""
        self.path = path
        self._lines = _Plain()
        self._handler = _Private(path, maxBytes=_SIZE, backupCount=2, encoding="utf-8", delay=True)
        self._handler.setFormatter(self._lines)

    def open(self, mask: Callable[[str], str] | None = None, level: int = logging.INFO) -> None:
        """Begins, or goes on. `mask` strikes the secrets out of each line, until the end of the program."""
        self._lines.mask = mask or self._lines.mask
        logging.raiseExceptions = False  # a full disk must not write over the screen
        for name in _LOGGERS:
            logger = logging.getLogger(name)
            logger.addHandler(self._handler)
            logger.propagate = False
            logger.setLevel(level)

    def close(self) -> None:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(self._handler)
        self._handler.close()


class _Private(RotatingFileHandler):
    """Makes its folder 0700 and its file 0600, both when the first line comes."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        private_folder(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8", write_through=True)


class _Plain(logging.Formatter):
    """One entry a line; what follows (a traceback) is indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s")
        self.mask: Callable[[str], str] = str

    def format(self, record: logging.LogRecord) -> str:
        lines = self.mask(super().format(record)).split("\n")
        return "\n    ".join("".join(char if char.isprintable() else "�" for char in line) for line in lines)
