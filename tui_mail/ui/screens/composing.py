"""Hosting composers beside what is read: the part that every main screen shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events, on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from tui_mail.model.draft import Draft, Enclosure
from tui_mail.model.event import DraftChanged, Event
from tui_mail.model.operation import count

from ..panes.compose import ComposePane
from .beginning import Beginning


class Composing(Beginning):
    """Shows the composers in `desk()`; the letter that was begun last is seen.

    Wide, the composer stands at the right of the rest. Narrow, it lies over the rest; going to another pane
    lays it under, going back lays it on top.
    """

    BINDINGS = [
        Binding(
            "ctrl+n",
            "other_letter",
            "Next letter",
            id="compose.other",
            show=False,
            tooltip="To the next of the letters that are being written",
        ),
    ]
    BESIDE = 120
    """Columns from which the composer stands beside the rest."""

    def __init__(self) -> None:
        super().__init__()
        self._before: Widget | None = None
        self._panes: list[ComposePane] = []
        """Every composer that is open here; the last one is seen."""
        self._discarded: Draft | None = None

    def desk(self) -> Horizontal:
        """Where the composer is mounted, beside what else stands there."""
        return self.query_one("#panes", Horizontal)

    @property
    def composer(self) -> ComposePane | None:
        """The composer that is open here, or None. Asked for by every binding at every key: no search of the tree."""
        while self._panes and not self._panes[-1].is_attached:
            self._panes.pop()
        return self._panes[-1] if self._panes else None

    @property
    def composers(self) -> tuple[ComposePane, ...]:
        """All that are open here."""
        return tuple(pane for pane in self._panes if pane.is_attached)

    @property
    def is_writing(self) -> bool:
        """Whether keys go to the composer."""
        pane = self.composer
        return pane is not None and pane.has_focus_within

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, DraftChanged):
            for pane in self.composers:
                if pane.draft.id == event.draft:
                    pane.changed_elsewhere(event)

    def write_on(self, draft: object) -> None:
        """Opens a draft that was begun before."""
        if isinstance(draft, Draft):
            self.compose_letter(draft)

    def compose_letter(self, draft: Draft) -> None:
        """Opens a composer on a draft; other letters that are being written wait behind it."""
        if self.composer is None:
            self._before = self.focused
        known = next((pane for pane in self._panes if pane.draft.id == draft.id and pane.is_attached), None)
        if known is not None:
            self._bring_up(known)
            return
        pane = ComposePane(draft)
        pane.set_class(self.size.width >= self.BESIDE, "-beside")
        self._panes.append(pane)
        self._count_panes()
        self.desk().mount(pane)

    def add_enclosures(self, enclosures: Sequence[Enclosure]) -> None:
        pane = self.composer
        if pane is None:
            self.compose_letter(replace(self.blank(), enclosures=tuple(enclosures)))
        else:
            pane.add(enclosures)
            self.app.said(f"{count(len(enclosures), 'file')} more along with “{pane.draft.subject}”.")

    def _bring_up(self, pane: ComposePane) -> None:
        """Shows one of the open composers."""
        self._panes.remove(pane)
        self._panes.append(pane)
        self._count_panes()
        self._lay(pane, on_top=True)
        pane.focus_first()

    def _count_panes(self) -> None:
        """Only the last composer is seen; each says which of how many it is. The folders make room for it."""
        self.set_class(bool(self._panes), "-composing")
        order = sorted(self._panes, key=lambda pane: pane.opened)
        for pane in self._panes:
            pane.display = pane is self._panes[-1]
            pane.stands(order.index(pane) + 1, len(order))

    def action_other_letter(self) -> None:
        """The next of the letters that are being written; from elsewhere, the one that was written last."""
        pane = self.composer
        if pane is None:
            self.app.said("No letter is being written here.")
        elif not pane.has_focus_within:
            self._bring_up(pane)
        elif len(self._panes) > 1:
            self._bring_up(self._panes[0])
        else:
            self.app.said("This is the only letter that is being written here.")

    @on(ComposePane.Closed)
    def close_composer(self, event: ComposePane.Closed) -> None:
        event.stop()
        had_focus = event.pane.has_focus_within or event.pane.disabled
        event.pane.remove()
        if event.pane in self._panes:
            self._panes.remove(event.pane)
        self._count_panes()
        if self._panes and had_focus:
            self._panes[-1].focus_first()
        elif had_focus and self._before is not None and self._before.is_attached:
            self.set_focus(self._before)
        match event.why:
            case "kept" if self.app.mail.is_unsaved:
                self.app.said("Not saved yet, only in memory: make room on the disk before you leave.")
            case "kept":
                self.app.said("The letter is kept among your drafts.")
            case "discarded":
                self.app.said("The letter was discarded.", undo=True)
                self._discarded = event.draft
            case _:
                pass
        self.refresh_bindings()

    def say(self, words: str, *, undo: bool = False) -> None:
        self._discarded = None  # what is said last is what undo takes back
        super().say(words, undo=undo)

    def action_undo(self) -> None:
        draft, self._discarded = self._discarded, None
        if draft is None:
            super().action_undo()
            return
        self.app.mail.recover(draft.id)
        self.compose_letter(draft)

    def on_resize(self, event: events.Resize) -> None:
        for open_now in self._panes:
            open_now.set_class(event.size.width >= self.BESIDE, "-beside")
        if (pane := self.composer) is not None:
            self._lay(pane, on_top=pane.has_focus_within)

    @on(events.DescendantFocus)
    def lay_composer(self, event: events.DescendantFocus) -> None:
        if (pane := self.composer) is not None:
            self._lay(pane, on_top=pane in event.widget.ancestors_with_self)
        self.refresh_bindings()

    def _lay(self, pane: ComposePane, *, on_top: bool) -> None:
        """Over or under its neighbours: of widgets in one place the last child is seen. Beside them it is last."""
        desk = self.desk()
        last = on_top or pane.has_class("-beside")
        if len(desk.children) > 1 and desk.children[-1 if last else 0] is not pane:
            if last:
                desk.move_child(pane, after=-1)
            else:
                desk.move_child(pane, before=0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.is_writing and action not in ("pane", "app.quit", "other_letter"):
            return False  # keys that no field takes must not reach the list beside it
        return super().check_action(action, parameters)
