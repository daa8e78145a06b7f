"""What is not decided now or not alone: put off, muted, done again, done to all that is alike."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding

from tui_mail.model.address import Address
from tui_mail.model.condition import quoted
from tui_mail.model.folder import Role
from tui_mail.model.message import REPLY_LATER, MessageId, Summary
from tui_mail.model.query import Query
from tui_mail.model.rule import Rule
from tui_mail.model.subject import pattern
from tui_mail.model.when import spoken

from ..bridge import Again, answer, asking
from ..keys import unbound
from .history import HistoryScreen
from .rest import RestScreen
from .rules import RulesScreen
from .triage import Triage
from .when_dialog import WhenDialog

USUAL = ("this evening", "tomorrow 8", "saturday 9", "monday 8", "next month")
"""Times that are offered."""
ACTS = ("snooze", "mute", "repeat", "reply_later")
ALIKE = ("sender", "list", "subject")


class PuttingOff(Triage):
    """More that can be done to `chosen()`."""

    BINDINGS = [
        Binding("b", "snooze", "Snooze", id="message.snooze", tooltip="Out of the way until a time", show=False),
        Binding("&", "mute", "Mute", id="message.mute", tooltip="Archive this thread, now and later", show=False),
        Binding("t", "reply_later", "Reply later", id="message.reply-later", tooltip="An answer is owed", show=False),
        Binding(".", "repeat", "Repeat", id="message.repeat", tooltip="The last action on this one too", show=False),
        *(
            Binding(
                unbound(f"message.rest-{by}"),
                f"rest('{by}')",
                f"Same for {by}",
                id=f"message.rest-{by}",
                tooltip=f"The last action on all others of its {by}, or always",
            )
            for by in ALIKE
        ),
        Binding(
            "g h", "history", "History", id="go.history", tooltip="What was done, and take any of it back", show=False
        ),
        Binding(unbound("go.rules"), "rules", "Rules", id="go.rules", tooltip="What is done to new mail by itself"),
    ]

    # ---- put off, muted

    def action_snooze(self) -> None:
        ids = self.chosen()
        account = self.without(Role.SNOOZED, ids)
        if account:
            self.make_role(account, Role.SNOOZED, lambda: self._ask_until(ids))
        else:
            self._ask_until(ids)

    def _ask_until(self, ids: Sequence[MessageId]) -> None:
        self.app.push_screen(WhenDialog("Until when?", self.app.clock, USUAL), lambda until: self._snooze(ids, until))

    def _snooze(self, ids: Sequence[MessageId], until: float | None) -> None:
        if until is None:
            return
        words = spoken(until, self.app.clock())
        waiting = self.app.mail.put_off()
        self.act(lambda ids: self.app.mail.snooze(ids, until, words), ids)
        if any(id in waiting for id in ids):
            self.app.said(f"It comes back {words}.")

    def action_mute(self) -> None:
        operation = self.app.mail.mute(self.chosen())
        self.app.said(f"{operation.words}.", undo=bool(operation))
        if operation:
            self.filed(operation)

    def action_reply_later(self) -> None:
        self._mark(self.app.mail.reply_later, "", REPLY_LATER)

    # ---- done again

    def action_repeat(self) -> None:
        again = self.app.again
        if again is not None:
            self.act(again.act, self.chosen(), again.rule)

    @asking("begin rest", exclusive=True)
    async def action_rest(self, by: str) -> None:
        """Shows what else of the place is alike, before anything is done to it."""
        again = self.app.again
        row = self._about(again)
        if again is None or row is None:
            self.app.said("Do something to one message first.")
            return
        list_id = (await answer(self.app.mail.read(row.id))).list_id if by == "list" else ""
        words = _alike(by, row, list_id)
        if not words:
            self.app.said("It came from no mailing list." if by == "list" else "There is nothing to go by.")
            return
        query = Query.parse(words)
        found = await answer(self.app.mail.listing_soon(query))
        others = self.here(found.everything - {row.id})
        if not others:
            self.app.said("There are no others.")
            return
        self.app.push_screen(RestScreen(others, words, again, self._rest))

    def _about(self, again: Again | None) -> Summary | None:
        return None if again is None else next(iter(self._rows([again.about])), None)

    def here(self, ids: frozenset[MessageId]) -> Sequence[MessageId]:
        """Those of these that stand in what is shown, in its order: what is alike is looked for where one is."""
        return tuple(ids)

    def _rest(self, ids: Sequence[MessageId], words: str, *, always: bool) -> None:
        again = self.app.again
        if again is None:
            return
        self.act(again.act, ids, again.rule)
        if always:
            self._make_rule(words, again.rule)

    @asking("rule")
    async def _make_rule(self, words: str, action: str) -> None:
        taken = {rule.name for rule in self.app.mail.rules()}
        name = next(name for n in range(1, 1000) if (name := f"{words}{f' ({n})' if n > 1 else ''}") not in taken)
        await answer(self.app.mail.keep_rule(Rule(name, words, (action,))))
        self.app.said(f"From now on: {action} for {words}.")

    # ---- looked back at

    def action_history(self) -> None:
        self.app.push_screen(HistoryScreen())

    def action_rules(self) -> None:
        self.app.push_screen(RulesScreen())

    # ---- what can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ACTS and not self.has_chosen():
            return None
        if action in ("repeat", "rest") and self.app.again is None:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        if action in ("repeat", "rest") and self.app.again is None:
            return "nothing was done yet"
        return "no message is chosen" if action in ACTS else super().reason(action)


def _alike(by: str, row: Summary, list_id: str) -> str:
    """The query for what is like that message, empty where nothing can be said."""
    sender: Address = row.sender
    match by:
        case "sender":
            return f"from:{quoted(sender.email)}" if sender.email else ""
        case "list":
            return f"list:{quoted(list_id)}" if list_id else ""
    words = pattern(row.subject)
    return f"from:{quoted(sender.email)} subject:{quoted(words)}" if words and sender.email else ""
