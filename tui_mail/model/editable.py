"""A letter with its header lines as one text for an editor, and back."""

from __future__ import annotations

from dataclasses import replace

from .draft import Draft
from .errors import BadInput

_FIELDS = {"to": "to", "cc": "cc", "bcc": "bcc", "subject": "subject", "reply-to": "reply_to"}
_SHOWN = ("To", "Cc", "Bcc", "Subject")


def written(draft: Draft) -> str:
    """To, Cc, Bcc and Subject, an empty line, the text."""
    lines = [f"{name}: {getattr(draft, _FIELDS[name.lower()])}".rstrip() for name in _SHOWN]
    if draft.reply_to:
        lines.insert(3, f"Reply-To: {draft.reply_to}")
    return "\n".join([*lines, "", draft.body])


def read(text: str, draft: Draft) -> Draft:
    """The draft as the editor left it. Lines that begin with a blank go on with the field above.

    Raises BadInput that names the line where a line above the first empty one is no field that a letter has here.
    """
    head, gap, body = text.partition("\n\n")
    if text.startswith("\n"):
        head, gap, body = "", "\n", text[1:]
    fields: dict[str, str] = {}
    last = ""
    for number, line in enumerate(head.split("\n") if head else (), 1):
        if line[:1] in (" ", "\t") and last:
            fields[last] = f"{fields[last]} {line.strip()}".strip()
            continue
        name, colon, value = line.partition(":")
        last = name.strip().lower()
        if not colon or last not in _FIELDS:
            known = ", ".join([*_SHOWN, "Reply-To"])
            raise BadInput(
                f"Line {number} (“{line[:60]}”) is none of the lines {known}, and no empty line came before."
            )
        if last in fields:
            raise BadInput(f"{name.strip()} stands twice, the second time in line {number}.")
        fields[last] = value.strip()
    changed = {_FIELDS[name]: value for name, value in fields.items()}
    return replace(draft, **changed, body=body if gap else "")  # type: ignore[arg-type]  # every one is a text field
