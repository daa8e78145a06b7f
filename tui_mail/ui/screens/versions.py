"""What a letter said before: older texts, looked at and taken back."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.mime.clean import clean
from tui_mail.model.draft import Draft
from tui_mail.model.operation import count

from ..once import Modal
from ..widgets.message_row import short_date

_SHOWN = 20_000
"""Characters of an older text that are shown."""


class VersionsScreen(Modal[Draft | None]):
    """Answers the version that is to be taken back, or None. Lines that the text of now has not are bright."""

    DEFAULT_CSS = """
    VersionsScreen { align: center middle; }
    VersionsScreen > .dialog { width: 110; max-width: 96%; height: 90%; padding: 1 2; }
    VersionsScreen Horizontal { height: 1fr; }
    VersionsScreen OptionList { width: 30; height: 1fr; }
    VersionsScreen VerticalScroll { width: 1fr; height: 1fr; padding: 0 0 0 1; }
    VersionsScreen Static { height: auto; }
    VersionsScreen .heading { margin: 0 0 1 0; }
    VersionsScreen .ways { margin: 1 0 0 0; }
    """
    BINDINGS = [
        Binding("escape,q", "leave", "Back", id="versions.back", tooltip="Leave the letter as it is"),
        Binding("space,pagedown", "scroll(1)", "On", show=False),
        Binding("pageup", "scroll(-1)", "Back", show=False),
    ]

    def __init__(self, now: Draft, versions: Sequence[Draft], clock: float) -> None:
        super().__init__()
        self._now, self._versions, self._clock = now, versions, clock
        self._lines = frozenset(now.body.split("\n"))

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("What this letter said before"), classes="heading")
            with Horizontal():
                yield OptionList(*map(self._line, self._versions), compact=True, markup=False)
                with VerticalScroll(can_focus=False):
                    yield Static(id="older")
            yield Static(
                Content.assemble(
                    ("Enter", "bold"), " takes it back   ", ("Esc", "bold"), " leaves the letter as it is"
                ),
                classes="ways",
            )

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def _line(self, version: Draft) -> Option:
        words = count(len(version.body.split()), "word")
        return Option(Content.assemble(short_date(int(version.changed), self._clock), (f"  {words}", "$muted")))

    @on(OptionList.OptionHighlighted)
    def show_version(self, event: OptionList.OptionHighlighted) -> None:
        version = self._versions[event.option_index]
        head = [
            (f"{name}  {clean(value)}\n", "$muted")
            for name, value in (("To", version.to), ("Subject", version.subject))
            if value
        ]
        pieces: list[str | tuple[str, str]] = [*head, "\n"]
        for line in version.body[:_SHOWN].split("\n"):
            pieces.append((clean(line) + "\n", "$muted" if line in self._lines else "bold"))
        self.query_one("#older", Static).update(Content.assemble(*pieces))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def take_back(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._versions[event.option_index])

    def action_scroll(self, way: int) -> None:
        pages = self.query_one(VerticalScroll)
        pages.scroll_relative(y=way * max(1, pages.size.height - 2), animate=False)

    def action_leave(self) -> None:
        self.dismiss(None)
