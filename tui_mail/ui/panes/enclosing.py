"""The files of a letter: chosen, pasted as names, taken from other messages, taken away."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from textual import getters, on
from textual.binding import Binding

from tui_mail.mime.clean import clean
from tui_mail.model.draft import Enclosure

from ..bridge import asking
from ..screens.path_dialog import PathDialog, refusal, short
from ..widgets.enclosure_list import EnclosureList, enclosure_name
from ..widgets.letter_body import LetterBody
from .letter_pane import LetterPane


class Enclosing(LetterPane):
    """What goes along. Contents are taken when the letter is sent; a file that changed by then stops it."""

    BINDINGS = [Binding("ctrl+t", "attach", "Attach", id="compose.attach", tooltip="Send a file along")]
    enclosures = getters.query_one(EnclosureList)

    @asking("begin compose", exclusive=True)
    async def action_attach(self) -> None:
        start = self.app.state.get("attach_folder", "~/")
        path = await self.app.push_screen_wait(PathDialog("Send which file along?", start))
        if path is not None:
            self.app.state.put("attach_folder", short(path.parent))
            self.enclose(path)

    def enclose(self, path: Path) -> None:
        """Adds a file that was found readable."""
        name = path.name.encode("utf-8", "replace").decode()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.add([Enclosure(path=str(path), name=name, type=kind, size=path.stat().st_size)])

    def add(self, enclosures: Sequence[Enclosure]) -> None:
        """These go along too."""
        self.take(replace(self.draft, enclosures=(*self.draft.enclosures, *enclosures)))
        self.enclosures.show(self.draft.enclosures)

    @on(LetterBody.PathsPasted)
    def take_paths(self, event: LetterBody.PathsPasted) -> None:
        """Names of files go along; pasted once more, or where one cannot be read, they are words."""
        event.stop()
        known = {one.path for one in self.draft.enclosures}
        paths = [path.absolute() for path in event.paths]
        if all(str(path) in known for path in paths) or any(refusal(path) for path in paths):
            self.body.take(event.text)
            return
        for path in paths:
            if str(path) not in known:
                self.enclose(path)
        names = ", ".join(clean(path.name) for path in paths[:3])
        self.app.said(f"{names} goes along. Paste again for the name as text.")

    @on(EnclosureList.Detached)
    def detach(self, event: EnclosureList.Detached) -> None:
        gone = self.draft.enclosures[event.index]
        left = self.draft.enclosures[: event.index] + self.draft.enclosures[event.index + 1 :]
        self.take(replace(self.draft, enclosures=left))
        self.enclosures.show(left)
        if not left:
            self.body.focus()
        self.app.said(f"“{enclosure_name(gone)}” does not go along.")
