"""How a folder is shown, chosen behind `O` and remembered for each: its order, its density, the size of its preview."""

from __future__ import annotations

from dataclasses import replace

from textual import getters, on
from textual.binding import Binding

from tui_mail.model.arrangement import LARGEST, SMALLEST, Arrangement, By, Order
from tui_mail.model.query import Query

from ..widgets.message_list import MessageList
from .previewing import PREVIEWS, Previewing, Split

STEP = 5
"""Hundredths by which a key makes the list larger or smaller."""
USUAL = {"right": 40, "below": 40}
"""What the style sheet gives the list beside its preview, for the first step away from it."""
SAID = {
    "date": ("newest first", "oldest first"),
    "sender": ("by sender", "by sender, backwards"),
    "subject": ("by subject", "by subject, backwards"),
    "size": ("largest first", "smallest first"),
    "unread": ("unread first", "unread last"),
}


def _sort(key: str, by: By, verb: str, tooltip: str) -> Binding:
    return Binding(f"O {key}", f"sort('{by}')", verb, id=f"view.sort-{by}", tooltip=tooltip, show=False)


class Arranging(Previewing):
    """For a screen with a MessageList and a preview; it shows what is asked for by `show_again`."""

    BINDINGS = [
        _sort("d", "date", "Sort by date", "Newest first; once more turns it round"),
        _sort("f", "sender", "Sort by sender", "By whom it is from; once more turns it round"),
        _sort("s", "subject", "Sort by subject", "Re: and the like do not count"),
        _sort("z", "size", "Sort by size", "Largest first; once more turns it round"),
        _sort("u", "unread", "Unread first", "What is unread before what is read"),
        Binding(
            "O l", "lines", "Density", id="view.density", tooltip="One line a message, two, or by width", show=False
        ),
        Binding(
            "O plus",
            f"share({STEP})",
            "Larger list",
            id="view.larger",
            tooltip="More of the screen for the list",
            show=False,
        ),
        Binding(
            "O minus",
            f"share({-STEP})",
            "Smaller list",
            id="view.smaller",
            tooltip="More of the screen for the preview",
            show=False,
        ),
    ]

    messages = getters.query_one("#list", MessageList)
    query_shown: Query

    def __init__(self) -> None:
        super().__init__()
        self.arrangement = Arrangement()
        self._chosen: dict[str, str] | None = None
        """By the names of views, what was chosen for them; None until it is asked for."""
        self._last_preview = ""

    def looked_at(self) -> str:
        """What names the view that is shown over sessions; empty where nothing is remembered for it."""
        raise NotImplementedError

    def show_again(self) -> None:
        """The view that is shown, in another order."""
        raise NotImplementedError

    def arranged(self) -> Arrangement:
        """Takes over what was chosen for the view that is going to be shown."""
        self.arrangement = Arrangement.read(self._remembered().get(self.looked_at(), ""))
        self.messages.density = self.arrangement.lines
        if self.arrangement.preview != self.preview_mode:
            self.preview_mode = self.arrangement.preview or self._last_preview or super().usual_preview()
        self.place_preview()
        return self.arrangement

    def usual_preview(self) -> str:
        return self.arrangement.preview or super().usual_preview()

    def _remembered(self) -> dict[str, str]:
        if self._chosen is None:
            self._chosen = dict(self.app.state.get("looks", {"": ""}))
        return self._chosen

    def _choose(self, new: Arrangement) -> None:
        self.arrangement = new
        if name := self.looked_at():
            self._remembered()[name] = str(new)
            self.app.state_later("looks", dict(self._remembered()))

    # ---- order and density

    def action_sort(self, by: By) -> None:
        order = self.arrangement.order
        turned = by == order.by and not order.turned
        self._choose(replace(self.arrangement, order=Order(by, turned)))
        self.show_again()
        self.app.said(f"Sorted {SAID[by][turned]}.")

    def action_lines(self) -> None:
        ways = ("auto", "one", "two")
        lines = ways[(ways.index(self.arrangement.lines) + 1) % len(ways)]
        self._choose(replace(self.arrangement, lines=lines))  # type: ignore[arg-type]  # one of the three
        self.messages.density = lines
        self.app.said({"auto": "Lines a message: by width."}.get(lines, f"Lines a message: {lines}."))

    # ---- the preview

    def action_preview(self) -> None:
        self.preview_mode = self._last_preview = PREVIEWS[(PREVIEWS.index(self.preview_mode) + 1) % len(PREVIEWS)]
        self._choose(replace(self.arrangement, preview=self.preview_mode))
        self.app.state_later("preview", self.preview_mode)
        self.place_preview()
        self.app.said(f"Preview: {self.preview_mode}.")

    def action_share(self, step: int) -> None:
        split = self.query_one(Split)
        self.take_share(Split.Dragged((self.arrangement.share or USUAL.get(split.side, 40)) + step))

    @on(Split.Dragged)
    def take_share(self, event: Split.Dragged) -> None:
        """The list gets so much of the space."""
        share = max(SMALLEST, min(event.share, LARGEST))
        if share != self.arrangement.share:
            self._choose(replace(self.arrangement, share=share))
            self.place_preview()

    @on(Split.Sized)
    def place_preview(self) -> None:
        super().place_preview()
        self.query_one(Split).divide(self.arrangement.share)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "share" and self.is_mounted and not self.preview.display:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "there is no preview beside the list" if action == "share" else super().reason(action)
