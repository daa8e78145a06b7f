"""The line under a letter that names what came along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from tui_mail.model.message import Attachment

_PART = "mail_part"


def size_words(octets: int) -> str:
    """`812 B`, `34 KB`, `1.2 MB`: powers of 1000, as shops and file managers count."""
    if octets < 1000:
        return f"{octets} B"
    size = float(octets)
    for unit in ("KB", "MB", "GB"):
        size /= 1000
        if size < 999.5:
            return f"{size:.1f} {unit}" if size < 9.95 and unit != "KB" else f"{size:.0f} {unit}"
    return f"{size / 1000:.1f} TB"


def type_words(attachment: Attachment) -> str:
    """What it is in a word: `PDF`, `JPEG image`; the type itself where the name hides what it is."""
    main, _, kind = attachment.type.partition("/")
    kind = kind.removeprefix("x-").removeprefix("vnd.").split("+")[0].split(";")[0]
    if main == "message":
        return "message"
    if main in ("image", "audio", "video") and kind:
        return f"{kind.upper() if len(kind) <= 4 else kind} {main}"
    if kind in ("octet-stream", "") or len(kind) > 10:
        return PurePath(attachment.name).suffix.lstrip(".").upper() or "file"
    return "text" if kind == "plain" else kind.upper() if len(kind) <= 4 else kind


class AttachmentStrip(Widget):
    """Names, kinds and sizes; a click chooses one. Hidden where nothing came along."""

    DEFAULT_CSS = """
    AttachmentStrip {
        height: auto; padding: 0 1; display: none;
    }
    """

    class Chosen(Message):
        """An attachment was clicked."""

        def __init__(self, attachment: Attachment) -> None:
            super().__init__()
            self.attachment = attachment

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._attachments: Sequence[Attachment] = ()
        self._most = 3

    def limit(self, lines: int) -> None:
        """It takes no more of the screen than this."""
        if lines != self._most:
            self._most = lines
            self.refresh(layout=True)

    def show(self, attachments: Sequence[Attachment]) -> None:
        self._attachments = sorted(attachments, key=lambda attachment: attachment.inline)
        self.display = bool(attachments)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

    def on_click(self, event: events.Click) -> None:
        part = event.style.meta.get(_PART)
        for attachment in self._attachments:
            if attachment.part == part:
                event.stop()
                self.post_message(self.Chosen(attachment))

    def _lines(self, width: int) -> list[Content]:
        """As many entries as the lines hold; the rest is counted."""
        width = max(20, width)
        count = len(self._attachments)
        lead = f"{count} attachments" if count > 1 else "1 attachment"
        entries = [self._entry(attachment, width) for attachment in self._attachments]
        lines = [Content.styled(lead, "bold")]
        for number, entry in enumerate(entries):
            if cell_len(lines[-1].plain) + 3 + cell_len(entry.plain) <= width:
                lines[-1] = Content.assemble(lines[-1], "   ", entry)
            elif len(lines) < self._most:
                lines.append(Content.assemble("  ", entry))
            else:
                more = f" +{count - number} more"
                lines[-1] = Content.assemble(lines[-1].truncate(max(1, width - len(more)), ellipsis=True), more)
                break
        return lines

    def _entry(self, attachment: Attachment, width: int) -> Content:
        about = f" {type_words(attachment)} {size_words(attachment.size)}"
        if attachment.damage:
            about += f", {attachment.damage}"
        name = Content(attachment.name or "without a name").truncate(max(8, width - cell_len(about) - 2), ellipsis=True)
        return Content.assemble(
            name.stylize("bold" if not attachment.inline else ""),
            (about, "$star" if attachment.damage else "$muted"),
        ).stylize(Style.from_meta({_PART: attachment.part}))
