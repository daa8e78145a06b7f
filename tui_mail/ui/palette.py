"""Every action by name, with its key, and why it is dim; straight from the bindings in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from textual.binding import ActiveBinding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from .bridge import MailApp
from .keys import GROUPS, is_unbound, shown
from .themes import THEMES

KEY, NAME = 8, 26
"""Cells of the first two columns."""
DIM = 0.5
"""What the score of an action is worth that cannot be done now: it is listed, behind what can."""
WIDEST, AROUND = 84, 6
"""Cells of the whole, as the style sheet has it, and of its border, padding and scrollbar."""


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette."""

    name: str
    key: str
    active: ActiveBinding
    why: str

    @property
    def about(self) -> str:
        """What it does, or why it cannot be done now."""
        text = self.active.tooltip or self.active.binding.tooltip
        return text if self.active.enabled else f"not now{': ' + self.why if self.why else ''}"


class Palette(CommandPalette):
    """The toolkit's, whose list does not know its lines before it was laid out: a page key that is as quick as the
    one that opened it would end the program."""

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError, IndexError):  # there is no page to go to yet
            super()._action_command_list(action)


class Actions(Provider):
    """The actions of the screen that the palette was opened over, and of the app."""

    def commands(self) -> Iterator[Command]:
        """Each action once, those of the foot first; late comes moving about, which nobody looks for by name; last,
        what cannot be done now."""
        seen: dict[str, Command] = {}
        for key, active in self.screen.active_bindings.items():
            binding = active.binding
            if not binding.id or binding.id in seen or not binding.description:
                continue
            reason = getattr(active.node, "reason", None)
            action = binding.action.partition("(")[0]
            why = str(reason(action)) if callable(reason) and not active.enabled else ""
            group = GROUPS.get(binding.id.partition(".")[0], "")
            name = f"{group}: {binding.description}" if group else binding.description
            seen[binding.id] = Command(name, "" if is_unbound(key) else shown(key), active, why)
        moving = f"{GROUPS['list']}:"
        yield from sorted(
            seen.values(),
            key=lambda command: (
                not command.active.enabled,
                command.name.startswith(moving),
                not (command.key and command.active.binding.show),
            ),
        )

    async def discover(self) -> Hits:
        for command in self.commands():
            yield DiscoveryHit(
                self._line(command, Content(command.name)), partial(self.run, command), text=command.name
            )
        for name, choose in self._themes():
            yield DiscoveryHit(_theme_line(Content(name)), choose, text=name)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, choose in self._themes():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, _theme_line(matcher.highlight(name)), choose, text=name)
        for command in self.commands():
            if (score := max(matcher.match(command.name), matcher.match(command.about) / 2)) > 0:
                line = self._line(command, matcher.highlight(command.name))
                score *= 1 if command.active.enabled else DIM
                yield Hit(score, line, partial(self.run, command), text=command.name)

    def _line(self, command: Command, name: Content) -> Content:
        """Its key, its name, what it does or why it cannot: three columns, dim where it cannot."""
        enabled = command.active.enabled
        name = name if enabled else Content.styled(command.name, "$muted")
        key = (command.key.ljust(KEY), "bold $accent" if enabled else "$muted")
        about = command.about if command.about != command.name.partition(": ")[2] else ""
        line = Content.assemble(key, name.pad_right(max(1, NAME - name.cell_length)), "  ", (about, "$muted"))
        return line.truncate(min(WIDEST, self.app.size.width * 96 // 100) - AROUND, ellipsis=True)

    async def run(self, command: Command) -> None:
        """Does it where it belongs; says why where it cannot be done."""
        if command.active.enabled:
            await self.app.run_action(command.active.binding.action, command.active.node)
        elif isinstance(self.app, MailApp):
            self.app.said(f"{command.name.partition(': ')[2]}: {command.about}.")

    # ---- looks

    def _themes(self) -> Iterator[tuple[str, Callable[[], None]]]:
        for theme in THEMES:
            yield f"Theme: {theme.name}", partial(self.choose_theme, theme.name)

    def choose_theme(self, name: str) -> None:
        """Shows everything in that theme, now and the next time."""
        self.app.theme = name
        if isinstance(self.app, MailApp):
            self.app.state_later("theme", name)


def _theme_line(name: Content) -> Content:
    return Content.assemble(
        " " * KEY, name.pad_right(max(1, NAME - name.cell_length)), "  ", ("how it looks", "$muted")
    )
