"""What is done to new mail by itself: rules of the configuration and those that were made here, on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList

from tui_mail.mime.clean import line
from tui_mail.model.operation import count
from tui_mail.model.rule import VERBS, Rule

from ..bridge import answer, asking
from .lines import Lines
from .name_dialog import NameDialog


class RulesScreen(Lines):
    """One line a rule. Those of the configuration are changed there."""

    BINDINGS = [
        Binding("n,c", "add", "New", id="rules.add", tooltip="Make a rule"),
        Binding("e", "edit", "Change", id="rules.edit", tooltip="Another query, other actions"),
        Binding("space,x", "switch", "On/off", id="rules.switch", tooltip="Let mail pass, or act again"),
        Binding("t", "try_out", "Try", id="rules.try", tooltip="Say what it would act on; nothing is changed"),
        Binding("r", "run", "Run now", id="rules.run", tooltip="Act on what is here; z takes it back"),
        Binding("d,delete", "drop", "Remove", id="rules.drop", tooltip="Mail that it filed stays where it is"),
        Binding("escape,q", "leave", "Back", id="rules.back", tooltip="Back to the messages"),
    ]
    SPACED = False
    HEADING = "Rules for new mail"
    NOTHING = (
        "There are no rules.\n\nn makes one. Or file a message, and take “Same for sender” from the palette:\n"
        "“always” makes it a rule."
    )

    def __init__(self) -> None:
        super().__init__()
        self._rules: dict[str, Rule] = {}

    def lines(self) -> Sequence[tuple[str, Content]]:
        self._rules = {rule.name: rule for rule in self.app.mail.rules()}
        return [(name, self._line(rule)) for name, rule in self._rules.items()]

    def _line(self, rule: Rule) -> Content:
        signs = self.app.marks
        sign = signs.chosen if rule.is_on else " "
        where = "  in config.toml" if rule.is_written else ""
        name = line(rule.name)
        query = "" if rule.name == rule.query else f"  {line(rule.query)}"
        what = f"  {signs.forwarded} {line(', '.join(rule.actions))}"
        return Content.assemble((f"{sign} ", "$accent"), name, (query, "$muted"), what, (where, "$muted"))

    @property
    def _rule(self) -> Rule | None:
        return self._rules.get(self.current)

    # ---- made and changed

    @asking("rule")
    async def action_add(self) -> None:
        await self._ask(Rule("", "", ("archive",)))

    @asking("rule")
    async def action_edit(self) -> None:
        rule = self._rule
        if rule is not None:
            await self._ask(rule)

    @on(OptionList.OptionSelected)
    def change(self) -> None:
        if self._rule is not None and not self._rule.is_written:
            self.action_edit()

    async def _ask(self, rule: Rule) -> None:
        """Query, then actions, then a name; Esc at any of them leaves everything as it was."""
        query = await self._line_of("Which mail?", "In the words of a search: from:shop@example.org", rule.query)
        if not query:
            return
        hint = f"{', '.join(VERBS)} FOLDER; several with commas, in their order"
        actions = await self._line_of("What is done to it?", hint, ", ".join(rule.actions))
        if not actions:
            return
        name = rule.name or await self._line_of("What shall the rule be called?", "Any words.", query)
        if not name:
            return
        done = tuple(" ".join(action.split()) for action in actions.split(",") if action.strip())
        await answer(self.app.mail.keep_rule(replace(rule, name=name, query=query, actions=done)))
        self.app.said("It acts on mail that comes from now on.")
        self.draw()

    async def _line_of(self, title: str, text: str, value: str) -> str:
        return await self.app.push_screen_wait(NameDialog(title, text, value, "Go on"))

    @asking("rule")
    async def action_switch(self) -> None:
        rule = self._rule
        if rule is not None:
            await answer(self.app.mail.keep_rule(replace(rule, is_on=not rule.is_on)))
            self.draw()

    @asking("rule")
    async def action_drop(self) -> None:
        rule = self._rule
        if rule is not None:
            await answer(self.app.mail.drop_rule(rule.name))
            self.app.said("The rule is gone.")
            self.draw()

    # ---- tried and run

    @asking("rule", exclusive=True)
    async def action_try_out(self) -> None:
        rule = self._rule
        if rule is not None:
            found = await answer(self.app.mail.matching(rule))
            self.app.said(f"It would act on {count(len(found))} of what is here. Nothing was changed.")

    @asking("rule", exclusive=True)
    async def action_run(self) -> None:
        rule = self._rule
        if rule is not None:
            operation = self.app.mail.apply(rule, await answer(self.app.mail.matching(rule)))
            self.app.said(f"{operation.words}." if operation else "There was nothing to do.", undo=bool(operation))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("edit", "switch", "drop", "try_out", "run") and self.is_mounted:
            rule = self._rule
            if rule is None or (rule.is_written and action in ("edit", "switch", "drop")):
                return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "no rule is chosen" if self._rule is None else "it stands in config.toml: change it there"
