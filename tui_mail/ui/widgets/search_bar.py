"""The line where one types what to look for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui_mail.model.completion import Begun, begun, completed
from tui_mail.model.query_parser import Mistake


class _Marks(Highlighter):
    """Underlines what cannot be meant where it stands."""

    def __init__(self, look: Callable[[], Style]) -> None:
        self.mistakes: Sequence[Mistake] = ()
        self._look = look

    def highlight(self, text: Text) -> None:
        for mistake in self.mistakes:
            text.stylize(self._look(), mistake.start, mistake.end)


class SearchInput(Input):
    """An input whose Esc ends the search, whose Down goes to what was found, and whose Tab completes."""

    COMPONENT_CLASSES = {"search--mistake"}
    BINDINGS = [
        Binding("escape", "close", "Close", id="search.end", tooltip="Back to the folder"),
        Binding("down", "submit", "To the list", id="search.down", tooltip="To what was found", show=False),
        Binding("tab", "complete", "Complete", id="search.complete", tooltip="Finish the word", show=False),
    ]

    @dataclass
    class Ended(Message):
        """Esc."""

    def __init__(self) -> None:
        self._marks = _Marks(lambda: self.get_component_rich_style("search--mistake", partial=True))
        super().__init__(
            placeholder="words  from:ann  is:unread  has:attachment  older:2w  in:archive",
            compact=True,
            highlighter=self._marks,
        )
        self._is_completing = False
        self._word: Begun | None = None
        self._choices: Sequence[str] = ()
        self._turn = 0
        """How many times the same word was completed; further Tabs go through the choices."""

    @property
    def word(self) -> Begun | None:
        """What is being typed at the cursor."""
        return begun(self.value, self.cursor_position)

    def mistaken(self, mistakes: Sequence[Mistake]) -> None:
        """Shows where the mistakes stand."""
        self._marks.mistakes = mistakes
        self.refresh()

    def offer(self, word: Begun | None, choices: Sequence[str]) -> None:
        """What Tab makes of the word at the cursor."""
        if self._is_completing:
            self._is_completing = False  # what Tab wrote is no new word: the next Tab goes through the choices
            return
        self._word, self._choices, self._turn = word, choices, 0

    def action_close(self) -> None:
        self.post_message(self.Ended())

    async def action_complete(self) -> None:
        """The first choice, then the next; without any, on to what was found."""
        if self._word is None or not self._choices:
            await self.action_submit()
            return
        choice = self._choices[self._turn % len(self._choices)]
        start, self._turn = self._word.start, self._turn + 1
        self._is_completing = not choice.endswith(":")
        text, cursor = completed(self.value, self._word, choice)
        self._word = replace(self._word, end=cursor)
        self.value, self.cursor_position = text, max(start, cursor)


class SearchBar(Horizontal):
    """Hidden until it is opened. Says what was typed at every key."""

    DEFAULT_CSS = """
    SearchBar { height: 1; display: none; }
    SearchBar > #scope { width: auto; padding: 0 1; }
    SearchBar > #found { width: auto; max-width: 50%; padding: 0 1; }
    SearchBar > Input { width: 1fr; border: none; height: 1; padding: 0; }
    """

    @dataclass
    class Asked(Message):
        """What to look for, as typed; empty is nothing."""

        text: str

    @dataclass
    class Entered(Message):
        """The person wants to go to what was found."""

    @dataclass
    class Closed(Message):
        """The person is done with searching."""

    def __init__(self) -> None:
        super().__init__(id="search")

    def compose(self) -> ComposeResult:
        yield Static(id="scope", markup=False)
        yield SearchInput()
        yield Static(id="found", markup=False)

    def open(self, scope: str) -> None:
        """Shows the bar for a search in `scope`; earlier words stay, selected, so that a key replaces them."""
        self.query_one("#scope", Static).update(Content(scope))
        self.display = True
        box = self.query_one(SearchInput)
        box.focus()
        box.select_all()

    def close(self) -> None:
        box = self.query_one(SearchInput)
        with box.prevent(Input.Changed):
            box.value = ""
        self.mistaken(())
        self.offer(None, ())
        self.found("")
        self.display = False

    @property
    def words(self) -> str:
        """What is typed."""
        return self.query_one(SearchInput).value

    @property
    def word(self) -> Begun | None:
        """What is being typed at the cursor."""
        return self.query_one(SearchInput).word

    def found(self, words: str, *, wrong: bool = False) -> None:
        """What came of it, or that something of it cannot be meant."""
        place = self.query_one("#found", Static)
        place.update(Content(words))
        place.set_class(wrong, "-wrong")

    def mistaken(self, mistakes: Sequence[Mistake]) -> None:
        self.query_one(SearchInput).mistaken(mistakes)

    def offer(self, word: Begun | None, choices: Sequence[str]) -> None:
        self.query_one(SearchInput).offer(word, choices)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Asked(event.value))

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered())

    @on(SearchInput.Ended)
    def ended(self, event: SearchInput.Ended) -> None:
        event.stop()
        self.post_message(self.Closed())
