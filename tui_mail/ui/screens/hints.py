"""A letter of the alphabet for everything that can be picked up in a mail; then what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.mime.clean import line
from tui_mail.mime.hints import VERBS, Hint, Kind, Verb, letters

from ..once import Modal
from ..widgets.attachment_strip import size_words, type_words

_NAMES: dict[Kind, str] = {"code": "code", "link": "link", "address": "address", "file": "file", "date": "day"}
_KEYS: dict[Verb, str] = {
    "open": "o",
    "copy": "c",
    "write": "w",
    "save": "s",
    "preview": "p",
    "pipe": "|",
    "search": "/",
}

Picked = tuple[Hint, Verb]


class HintsDialog(Modal[Picked | None]):
    """Answers what was picked and what is to be done with it, or None.

    A letter picks; a second one says what to do: its verb's own, or Enter or the same again for the usual.
    """

    DEFAULT_CSS = """
    HintsDialog { align: center middle; }
    HintsDialog > .dialog { width: 100; max-width: 95%; height: auto; max-height: 90%; padding: 1 2; }
    HintsDialog Static { height: auto; }
    HintsDialog .heading { text-style: bold; margin: 0 0 1 0; }
    HintsDialog OptionList { height: auto; max-height: 1fr; }
    HintsDialog .ways { margin: 1 0 0 0; }
    """
    BINDINGS = [
        Binding("escape", "back", "Back", id="dialog.back", tooltip="Pick nothing"),
        Binding("enter", "take", "Take it", id="dialog.take", tooltip="Do the usual with it", priority=True),
    ]

    def __init__(self, hints: Sequence[Hint]) -> None:
        super().__init__()
        self._hints = tuple(hints)
        self._letters = letters(len(hints))
        self._typed = ""
        self._picked: int | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("Pick up what?"), classes="heading")
            yield OptionList(*(Option(self._entry(at)) for at in range(len(self._hints))), markup=False, compact=True)
            yield Static(classes="ways")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self._show_ways()

    def _entry(self, at: int) -> Content:
        hint = self._hints[at]
        name = Content.assemble((self._letters[at], "bold $accent"), "  ", (_NAMES[hint.kind].ljust(9), "$muted"))
        match hint.kind:
            case "link" if hint.shown and hint.shown != hint.target:
                return Content.assemble(name, line(hint.shown)[:60], ("  → ", "$muted"), hint.target)
            case "file" if hint.attachment is not None:
                about = f"  {type_words(hint.attachment)} {size_words(hint.attachment.size)}"
                return Content.assemble(name, line(hint.shown), (about, "$muted"))
            case "date" if hint.shown != hint.target:
                return Content.assemble(name, line(hint.shown), (f"  {hint.target}", "$muted"))
            case "link":
                return Content.assemble(name, hint.target)
        return Content.assemble(name, line(hint.shown))

    # picking

    def on_key(self, event: events.Key) -> None:
        key = event.character or ""
        if self._picked is not None:
            verb = next((verb for verb in VERBS[self._hints[self._picked].kind] if _KEYS[verb] == key), None)
            if verb is not None:
                event.stop()
                self.dismiss((self._hints[self._picked], verb))
                return
            if key and key == self._letters[self._picked][-1]:
                event.stop()
                self.action_take()
                return
        if not key.isalpha():
            return
        event.stop()
        self._pick(self._typed + key if self._picked is None else key)

    def _pick(self, typed: str) -> None:
        self._picked = None
        begun = [at for at, letter in enumerate(self._letters) if letter.startswith(typed)]
        self._typed = typed if begun and len(typed) < len(self._letters[0]) else ""
        if not begun:
            self._show_ways()
            return
        names = self.query_one(OptionList)
        names.highlighted = begun[0]
        if self._letters[begun[0]] == typed:
            self._picked = begun[0]
            verbs = VERBS[self._hints[begun[0]].kind]
            if len(verbs) == 1:
                self.action_take()
                return
        self._show_ways()

    def _show_ways(self) -> None:
        ways = self.query_one(".ways", Static)
        if self._picked is None:
            ways.update(Content.assemble(("A letter", "bold"), " picks   ", ("Esc", "bold"), " back"))
            return
        verbs = VERBS[self._hints[self._picked].kind]
        shown = [Content.assemble((_KEYS[verb], "bold"), f" {verb}") for verb in verbs]
        ways.update(Content.assemble(Content("   ").join(shown), "   ", ("Enter", "bold"), f" {verbs[0]}"))

    @on(OptionList.OptionHighlighted)
    def follow(self, event: OptionList.OptionHighlighted) -> None:
        if self._picked is not None and event.option_index != self._picked:
            self._picked = event.option_index
            self._show_ways()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._picked = event.option_index
        self._show_ways()

    def action_take(self) -> None:
        at = self._picked if self._picked is not None else self.query_one(OptionList).highlighted
        if at is not None and self._hints:
            self.dismiss((self._hints[at], VERBS[self._hints[at].kind][0]))

    def action_back(self) -> None:
        if self._picked is not None or self._typed:
            self._picked, self._typed = None, ""
            self._show_ways()
        else:
            self.dismiss(None)
