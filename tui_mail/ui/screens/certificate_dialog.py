"""A certificate that nobody vouches for, with its facts: the person decides whether it is the one they mean."""

from __future__ import annotations

import time

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from tui_mail.config.settings import Server
from tui_mail.mime.clean import clean
from tui_mail.model.certificate import Certificate, spelled

from .dialogs import Dialog

_LABEL = 11
_PAIRS = 16
"""Pairs of digits on one line of a fingerprint."""


class CertificateDialog(Dialog[bool]):
    """True: trust just this one, at this host and port. `known` is the SHA-256 that was trusted there until now."""

    DEFAULT_CSS = """
    CertificateDialog > .dialog { width: 72; }
    CertificateDialog #facts { height: auto; max-height: 14; margin: 0 0 1 0; }
    CertificateDialog #facts > Static { height: auto; }
    """
    BINDINGS = [Binding("escape", "leave", "Do not trust", id="dialog.back", tooltip="Leave it; nothing is sent")]

    def __init__(self, server: Server, why: str, certificate: Certificate, known: str = "") -> None:
        super().__init__()
        self._server, self._why, self._certificate, self._known = server, why, certificate, known

    def compose(self) -> ComposeResult:
        where = f"{self._server.host}:{self._server.port}"
        heading = f"Another certificate at {where}" if self._known else f"Is this {where}?"
        with Vertical(classes="dialog"):
            yield Static(Content(heading), classes="heading")
            yield Static(Content(clean(self._why)), classes="why")
            with VerticalScroll(id="facts", can_focus=False):
                yield Static(self._facts())
            yield Static(Content(self._advice()))
            with Horizontal(classes="ways"):
                yield Button("Do not trust it", id="no", variant="primary", compact=True)
                yield Button("Trust this one", id="yes", compact=True)

    def on_mount(self) -> None:
        self.query_one("#no", Button).focus()

    def _facts(self) -> Content:
        one = self._certificate
        by = f"itself alone, {one.subject}" if one.is_own else one.issuer or "unknown"
        lines = [
            ("Made out to", ", ".join(one.names) or one.subject or "nobody"),
            ("Signed by", by),
            ("Valid", f"{_day(one.since)} to {_day(one.until)}"),
            ("SHA-256", _wrapped(one.sha256)),
        ]
        if self._known:
            lines.append(("Until now", _wrapped(self._known)))
        pieces = [
            Content.assemble((label.ljust(_LABEL + 1), "$muted"), clean(text, lines=True)) for label, text in lines
        ]
        return Content("\n").join(pieces)

    def _advice(self) -> str:
        if self._server.is_loopback:
            return "It is on this machine: a mail bridge makes a certificate of its own, and shows its fingerprint."
        return (
            "Trust it only if you know whose server this is and compared the fingerprint there. A mail provider never "
            "needs this; a network that wants you to log in first does look like this."
        )

    @on(Button.Pressed, "#no")
    def action_leave(self) -> None:
        self.dismiss(False)

    @on(Button.Pressed, "#yes")
    def trust(self) -> None:
        self.dismiss(True)


def _day(seconds: int | None) -> str:
    return "?" if seconds is None else time.strftime("%-d %b %Y", time.gmtime(seconds))


def _wrapped(sha256: str) -> str:
    """A fingerprint in lines that fit beside their label."""
    pairs = spelled(sha256).split(":")
    lines = [":".join(pairs[at : at + _PAIRS]) for at in range(0, len(pairs), _PAIRS)]
    return ("\n" + " " * (_LABEL + 1)).join(lines)
