"""The part of the door for what is put off, muted, ruled and looked back at."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from tui_mail.model.deed import Deed
from tui_mail.model.message import MessageId
from tui_mail.model.operation import Operation
from tui_mail.model.rule import Rule, check

from .actions import Actions
from .alarm import Alarm
from .deferral import Deferral
from .reader import Reader
from .windows import Windows
from .writer import Writer


class Deferring:
    """What the screens may ask and command about it."""

    _actions: Actions
    _alarm: Alarm
    _deferral: Deferral
    _lister: Reader
    _windows: Windows
    _writer: Writer

    # --- put off and muted

    def snooze(self, ids: Sequence[MessageId], until: float, words: str) -> Operation:
        """Out of the way until then (seconds since 1970 UTC), then back on top and unread. `words`: the time for
        people. NotFound where an account has no folder for it, BadInput where the time is past."""
        operation = self._deferral.snooze(ids, until, words)
        self._alarm.look()
        return operation

    def put_off(self) -> dict[MessageId, float]:
        """When what was put off comes back (seconds since 1970 UTC)."""
        return self._windows.put_off()

    def mute(self, ids: Sequence[MessageId]) -> Operation:
        """Future mail of these threads is archived; of muted ones no longer. Without messages it only has its words."""
        return self._deferral.mute(ids)

    def muted(self, ids: Sequence[MessageId]) -> frozenset[MessageId]:
        """Those of these whose thread is muted."""
        return self._windows.muted(ids)

    # --- looked back at

    def history(self, newest: int = 500) -> list[Deed]:
        """What was done, by the person and by the program, the newest first."""
        return self._windows.history(newest)

    def turn_one(self, id: int, *, undo: bool) -> str | None:
        """Takes one operation back, or does it again, whatever was done after it; its words, None where it is gone."""
        return self._actions.turn_one(id, undo=undo)

    # --- rules

    def rules(self) -> tuple[Rule, ...]:
        """Those of the configuration first, then those that were made here."""
        return self._deferral.rules()

    def keep_rule(self, rule: Rule) -> Future[None]:
        """Written down, it acts on what arrives from now on. Raises BadInput where it cannot be meant."""
        check(rule)
        now = self._deferral.now()
        return self._writer.do(lambda books: books.put_off.keep_rule(rule, now), urgent=True)

    def drop_rule(self, name: str) -> Future[None]:
        return self._writer.do(lambda books: books.put_off.drop_rule(name), urgent=True)

    def matching(self, rule: Rule) -> Future[Sequence[MessageId]]:
        """What the rule would act on among all that is here; changes nothing."""
        check(rule)
        return self._lister.do(lambda: self._deferral.matching(rule))

    def apply(self, rule: Rule, ids: Sequence[MessageId]) -> Operation:
        """Does to these what the rule says: one operation of the person's."""
        return self._deferral.apply(check(rule), ids, kind="person")
