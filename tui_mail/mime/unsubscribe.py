"""The ways out of a mailing list that a letter names (RFC 2369, 8058): read, never taken."""

from __future__ import annotations

import re

from tui_mail.model.insight import Unsubscribe
from tui_mail.model.message import Message

from .clean import safe_link

_BRACKETS = re.compile(r"<\s*([^<>]{1,2000}?)\s*>")
_ONE_CLICK = re.compile(r"\s*List-Unsubscribe\s*=\s*One-Click\s*\Z", re.I)
BODY = b"List-Unsubscribe=One-Click"
"""What is posted (RFC 8058 section 3.2)."""


def ways(message: Message) -> Unsubscribe:
    """One click only over https and only where the letter says that a POST is enough; http is a page at most."""
    field = message.header("List-Unsubscribe")
    targets = [safe_link("".join(one.split())) for one in _BRACKETS.findall(field)]
    if not targets and (alone := safe_link(field.strip())):
        targets = [alone]
    web = [one for one in targets if one.startswith(("https://", "http://"))]
    mail = next((one for one in targets if one.startswith("mailto:") and "@" in one), "")
    secure = next((one for one in web if one.startswith("https://")), "")
    takes_post = bool(_ONE_CLICK.match(message.header("List-Unsubscribe-Post")))
    return Unsubscribe(
        one_click=secure if takes_post else "",
        mail=mail,
        page="" if takes_post and secure else secure or "".join(web[:1]),
    )
