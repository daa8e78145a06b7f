"""How letters are opened: what a Workshop does in processes of its own, and `Here` in this one."""

from __future__ import annotations

from typing import Protocol

from tui_mail.mime import parse, telling
from tui_mail.mime.parse import Begun
from tui_mail.mime.telling import Form
from tui_mail.model.document import Document
from tui_mail.model.message import Message


class Opener(Protocol):
    """Takes letters apart. Any thread may ask."""

    def parse(self, raw: bytes, begun: Begun | None = None) -> Message:
        """The opened letter, as `mime.parse.parse` says. Never raises."""

    def form(self, words: str, form: Form, subject: str = "") -> Document:
        """One telling by itself, as `mime.telling.formed` says. Raises BadInput where it takes too long."""


class Here:
    """Where there are no screens to keep alive."""

    def parse(self, raw: bytes, begun: Begun | None = None) -> Message:
        return parse.parse(raw, begun)

    def form(self, words: str, form: Form, subject: str = "") -> Document:
        return telling.formed(words, form, subject)
