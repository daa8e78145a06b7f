"""The newest sign-in code, in the clipboard with one key from wherever one is."""

from __future__ import annotations

from textual.binding import Binding

from .bridge import MailApp, answer, asking


class CodeCopying(MailApp):
    """For the app: `w` anywhere but in a field."""

    BINDINGS = [
        Binding("w", "copy_code", "Copy code", id="app.copy-code", tooltip="Copy the newest sign-in code", show=False),
    ]

    @asking("code", exclusive=True)
    async def action_copy_code(self) -> None:
        code = await answer(self.mail.examiner.newest_code())
        self.copy_to_clipboard(code.code)
        minutes = max(0, round((self.clock() - code.date) / 60))
        ago = "just now" if minutes < 1 else f"{minutes} min ago" if minutes < 60 else f"{minutes // 60} h ago"
        self.said(f"In the clipboard: {code.code}, from {code.sender}, {ago}.")
