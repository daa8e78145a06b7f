"""A field of people: each a chip, found by a few letters, mended where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.style import Style
from rich.text import Text
from textual import events, on
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui_mail.model.address import Address, parse_list, parse_one, spans
from tui_mail.model.contact import Suggestion
from tui_mail.model.pasting import pasted

from .line_input import LineInput, address_trouble

Lookup = Callable[[str, Sequence[str]], Sequence[Suggestion]]
"""Takes what was typed and the addresses that stand there already; answers at once."""
_FEW = 3
"""So many suggestions from memory, and nobody else is asked."""


def nobody(typed: str, without: Sequence[str]) -> Sequence[Suggestion]:
    """The lookup of a field that knows nobody."""
    return ()


class Suggestions(OptionList, can_focus=False):
    """What the typed letters may become, below the field."""

    DEFAULT_CSS = """
    Suggestions { overlay: screen; constrain: inside inflect; position: absolute; display: none; width: auto;
        min-width: 24; max-width: 64; height: auto; max-height: 8; border: none; padding: 0; scrollbar-size: 0 0; }
    """


class AddressInput(LineInput):
    """A list of addresses as text; drawn as chips. `trouble` says what is wrong with what stands in it."""

    COMPONENT_CLASSES = {"address--chip", "address--wrong", "address--more"}
    BINDINGS = [
        Binding("down", "pick(1)", "Next", id="compose.next-person", show=False, tooltip="The next suggestion"),
        Binding("up", "pick(-1)", "Last", id="compose.last-person", show=False, tooltip="The suggestion above"),
        Binding("enter,tab", "take", "Take", id="compose.take-person", show=False, tooltip="Take the suggestion"),
        Binding("escape", "shut", "Close", id="compose.no-person", show=False, tooltip="Close the suggestions"),
    ]

    class Sought(Message):
        """Memory knows too few for what was typed; somebody else may know more: `offer` takes it."""

        def __init__(self, field: AddressInput, typed: str) -> None:
            super().__init__()
            self.field = field
            self.typed = typed

    def __init__(self, value: str = "", *, lookup: Lookup = nobody, id: str | None = None) -> None:
        super().__init__(value, id=id)
        self._lookup = lookup
        self._found: list[Suggestion] = []
        self.suggestions = Suggestions(markup=False, compact=True)
        self.suggestions.display = False

    def on_unmount(self) -> None:
        if self.suggestions.is_attached:
            self.suggestions.remove()

    def trouble(self) -> str:
        return address_trouble(self.value)

    def as_pasted(self, text: str) -> str:
        """Any list of people; put behind what stands there, and ready for the next."""
        people = pasted(text)
        if not people:
            return ""
        before = self.value[: self.cursor_position].rstrip()
        joint = ", " if before and before[-1] not in ",;" and self._typed()[1] == "" else ""
        return f"{joint}{people}"

    # ---- chips

    def render_line(self, y: int) -> Strip:
        if self.has_focus or not self.value.strip() or y:
            return super().render_line(y)
        room = self.scrollable_content_region.width
        text = self._chips(room)
        return Strip(list(text.render(self.app.console))).adjust_cell_length(room).apply_style(self.rich_style)

    @property
    def _value(self) -> Text:
        """While it is edited: the text as it is, with each whole address as a chip."""
        text = Text(self.value, no_wrap=True, overflow="ignore", end="")
        for start, end in spans(self.value) if self.is_mounted else ():
            if (address := parse_one(self.value[start:end])).email:
                is_last = end == len(self.value.rstrip())
                if not is_last or _looks_whole(address):
                    text.stylize(self._look(address), start, end)
        return text

    def _look(self, address: Address) -> Style:
        return self.get_component_rich_style("address--chip" if _looks_whole(address) else "address--wrong")

    def _chips(self, room: int) -> Text:
        """Whole addresses where they fit, else names; and how many more there are."""
        people = parse_list(self.value)
        whole = [str(one) if one.email else one.name for one in people]
        if sum(map(len, whole)) + 2 * len(whole) > room:
            whole = [
                one.name if one.name and "@" not in one.name else text for one, text in zip(people, whole, strict=True)
            ]
        text = Text(no_wrap=True, overflow="ignore", end="")
        for number, (one, words) in enumerate(zip(people, whole, strict=True)):
            left = len(people) - number
            more = f" +{left}"
            if number and text.cell_len + len(words) + 2 + (len(more) if left > 1 else 0) > room:
                text.append(more, self.get_component_rich_style("address--more"))
                break
            if number:
                text.append(", ", self.get_component_rich_style("address--more"))
            text.append(words, self._look(one))
        return text

    # ---- what the letters may become

    def _typed(self) -> tuple[int, str]:
        """Where the piece at the cursor begins, and its letters up to the cursor."""
        head = self.value[: self.cursor_position]
        start = next((start for start, end in reversed(spans(head)) if end == len(head)), len(head))
        return start, head[start:]

    @on(Input.Changed)
    def suggest(self, event: Input.Changed) -> None:
        if event.input is not self or not self.has_focus:
            return
        _, typed = self._typed()
        found = list(self._lookup(typed, self._others())) if typed.strip() else []
        self._show(found)
        if len(typed.strip()) > 1 and len(found) < _FEW:
            self.post_message(self.Sought(self, typed))

    def offer(self, typed: str, found: Sequence[Suggestion]) -> None:
        """More suggestions for these letters, from wherever; too late, they are passed over."""
        if found and self.has_focus and typed == self._typed()[1]:
            known = {parse_one(one.text).key for one in self._found}
            self._show([*self._found, *(one for one in found if parse_one(one.text).key not in known)])

    def _others(self) -> list[str]:
        start, typed = self._typed()
        rest = self.value[:start] + self.value[start + len(typed) :]
        return [one.key for one in parse_list(rest) if one.email]

    def _show(self, found: list[Suggestion]) -> None:
        typed = self._typed()[1]
        if len(found) == 1 and parse_one(found[0].text).key == typed.strip().lower():
            found = []  # it stands there already
        self._found = found
        box = self.suggestions
        box.display = bool(found)
        if found:
            if not box.is_attached:  # made when it is first needed: a composer opens with every key held back
                self.screen.mount(box)
            box.set_options(Option(Content.assemble(one.shown, (f"  {one.about}", "$muted"))) for one in found)
            box.highlighted = None if "@" in typed else 0  # a whole address is never changed unasked
            box.absolute_offset = Offset(self.cursor_screen_offset.x - len(typed) - 1, self.content_region.bottom)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("pick", "shut"):
            return self.suggestions.display
        if action == "take":
            return self.suggestions.display and self.suggestions.highlighted is not None
        return super().check_action(action, parameters)

    def action_pick(self, way: int) -> None:
        box = self.suggestions
        at = box.highlighted
        box.highlighted = (0 if way > 0 else -1) % len(self._found) if at is None else (at + way) % len(self._found)

    def action_shut(self) -> None:
        self._show([])

    def action_take(self) -> None:
        """The suggestion in the place of what was typed, and room for the next."""
        at = self.suggestions.highlighted
        if at is not None and at < len(self._found):
            start, typed = self._typed()
            rest = self.value[start + len(typed) :].lstrip(" ,;")
            text = f"{self._found[at].text}, "
            self._show([])
            self.value = self.value[:start] + text + rest
            self.cursor_position = start + len(text)
            self._show([])

    @on(events.Blur)
    def close(self) -> None:
        self._show([])
        if self.value.rstrip(" ,;") != self.value:
            self.value = self.value.rstrip(" ,;")

    def action_delete_left(self) -> None:
        """Behind a whole address with its comma: the address goes at once."""
        head = self.value[: self.cursor_position]
        if self.selection.is_empty and head.rstrip(" ").endswith((",", ";")) and (pieces := spans(head)):
            start, end = pieces[-1]
            if parse_one(head[start:end]).email and not head[end:].strip(" ,;"):
                self.delete(start, self.cursor_position)
                return
        super().action_delete_left()


def _looks_whole(address: Address) -> bool:
    """Whether it may be an address; the thorough look is taken when the field is left."""
    local, at, domain = address.email.rpartition("@")
    return bool(local and at and domain) and "@" not in local.strip('"') and not domain.startswith(".")
