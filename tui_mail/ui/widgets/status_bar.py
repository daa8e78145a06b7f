"""One line that says how things stand: connected or why not, what is under way, what the server was not told yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui_mail.model.event import Connection, Owed, Progress
from tui_mail.model.operation import count


def state_words(connection: Connection, now: float) -> tuple[str, str]:
    """(how it is, the style for its dot) of one account."""
    match connection.state:
        case "online" if not connection.is_well(now):
            return f"online, but the server wants us to slow down: next look in {connection.wait(now)} s", "$warning"
        case "online":
            return "online", "$success"
        case "connecting":
            return "connecting …", "$warning"
        case "auth":
            return "waiting for the password", "$error"
        case "stopped":
            return "stopped", "$muted"
        case _:
            words = "offline"
            if seconds := connection.wait(now):
                words += f", next try in {seconds} s"
            if connection.doubt is not None:
                return f"{words}: its certificate is not trusted; “Certificate” in the palette shows it", "$warning"
            return words + (f": {connection.why}" if connection.why else ""), "$warning"


def status(
    connections: Mapping[str, Connection],
    progress: Mapping[str, Progress],
    owed: Owed,
    read_only: bool,
    now: float,
    chosen: int = 0,
    held_back: Sequence[tuple[str, int]] = (),
    unsaved: str = "",
    is_held: bool = False,
    ways: str = "",
) -> Content:
    """The whole line. With several accounts, those that are simply online are summed up.

    `held_back`: (folder, how many) of what a server lost and nobody has decided about.
    `ways`: which keys do what to all that is selected.
    `is_held`: the person paused what is fetched of old mail. `unsaved`: why nothing can be saved, while that is so.
    """
    pieces: list[Content] = []
    if unsaved:
        pieces.append(Content.styled(unsaved.rstrip("."), "bold $error"))
    if chosen:
        pieces.append(
            Content.assemble((f"{chosen:,} selected", "bold $accent"), (f": {ways}" if ways else "", "$muted"))
        )
    troubled = [connection for connection in connections.values() if not connection.is_well(now)]
    if read_only:  # the other one is connected
        pieces.append(Content.styled("read-only: another tui-mail keeps this mail", "$warning"))
        troubled = []
    elif not troubled and connections:
        pieces.append(Content.assemble(("●", "$success"), " online"))
    for connection in troubled:
        words, style = state_words(connection, now)
        name = f"{connection.account} " if len(connections) > 1 else ""
        pieces.append(Content.assemble(("●", style), f" {name}{words}"))
    for name, number in held_back:
        pieces.append(Content.styled(f"{name}: {count(number)} gone from the server, held back", "$warning"))
    if is_held:
        pieces.append(Content("old mail: paused"))
    for step in progress.values() if not is_held else ():
        pieces.append(Content(f"{step.what} {step.done:,} of {step.total:,}"))
    if owed.actions:
        pieces.append(Content(f"{count(owed.actions, 'action')} waiting"))
    if owed.letters:
        pieces.append(Content(f"{count(owed.letters, 'letter')} in the outbox"))
    return Content.assemble(("  ·  ", "$muted")).join(pieces)


class StatusBar(Static):
    """Draws what the screen hands it."""

    DEFAULT_CSS = """
    StatusBar { height: 1; width: 1fr; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    line: reactive[Content] = reactive(Content, layout=False)

    def watch_line(self, line: Content) -> None:
        self.update(line, layout=False)
