"""The line of a form that names a server: its host, and, folded away at first, its port and its encryption."""

from __future__ import annotations

from collections.abc import Mapping

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from .line_input import LineInput
from .turn import Turn

WORDS = {"tls": "TLS", "starttls": "STARTTLS", "none": "no encryption"}


class ServerLine(Horizontal):
    """Three fields on one line. Where the encryption is changed, a usual port follows it, and the other way round."""

    DEFAULT_CSS = """
    ServerLine { width: 1fr; height: 1; }
    ServerLine > .host { width: 1fr; }
    ServerLine > .port { width: 8; display: none; }
    ServerLine > .security { width: 16; display: none; padding: 0 0 0 1; }
    ServerLine > .folded { width: auto; color: $muted; padding: 0 0 0 1; }
    ServerLine.-open > .port, ServerLine.-open > .security { display: block; }
    ServerLine.-open > .folded { display: none; }
    """

    host = getters.query_one(".host", LineInput)
    port = getters.query_one(".port", LineInput)
    security = getters.query_one(".security", Turn)

    class Changed(Message):
        """The person wrote something else."""

        def __init__(self, line: ServerLine) -> None:
            super().__init__()
            self.line = line

    def __init__(self, ports: Mapping[str, str], *, id: str) -> None:
        """`ports` are the usual ones, by the word for the encryption."""
        super().__init__(id=id)
        self._ports = ports
        self.note = ""
        """What to say about a proposal, in a word or two; drawn with `show`."""
        self._shown = ("", "", "")

    def compose(self) -> ComposeResult:
        host, port = (LineInput(placeholder=text, proposed=True) for text in ("name of the server", "port"))
        host.add_class("host")
        port.add_class("port")
        yield host
        yield Static(classes="folded")
        yield port
        yield Turn(WORDS, "tls", classes="security")

    def show(self, host: str, port: str, security: str) -> None:
        """Puts a proposal in; this is not what the person wrote, so `Changed` does not follow."""
        self._shown = host, port, security
        for field, value in ((self.host, host), (self.port, port)):
            if field.value != value:
                field.value = value
        self.security.chosen = security
        self._fold()

    @property
    def value(self) -> tuple[str, str, str]:
        return self.host.value, self.port.value, self.security.chosen

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        event.stop()
        if (
            event.input is self.port
            and self.value != self._shown
            and self._ports.get(self.security.chosen) != event.value
        ):
            usual = next((word for word, port in self._ports.items() if port == event.value), "")
            if usual:
                self.security.chosen = usual
        self._tell()

    @on(Turn.Changed)
    def turned(self, event: Turn.Changed) -> None:
        event.stop()
        if self.port.value in ("", self._ports[event.before]):
            self.port.value = self._ports[self.security.chosen]
        self._tell()

    def _tell(self) -> None:
        if self.value != self._shown:
            self._shown = self.value
            self._fold()
            self.post_message(self.Changed(self))

    def _fold(self) -> None:
        """What is hidden, in short."""
        host, port, security = self.value
        words = f"{self.note + ', ' if self.note else ''}{port} {WORDS[security]}"
        self.query_one(".folded", Static).update(Content(words if host else ""))
