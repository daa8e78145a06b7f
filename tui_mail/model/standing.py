"""Where a letter of the outbox stands, in words."""

from __future__ import annotations

import math

from .draft import Waiting
from .when import spoken


def standing(letter: Waiting, now: float, *, online: bool = True) -> str:
    """What became of a letter, in a line."""
    match letter.state:
        case "waiting":
            return _of_waiting(letter, now, online)
        case "sending":
            return "on its way"
        case "sent":
            words = f"taken: {letter.reply}" if letter.reply else "sent"
            return f"{words}; its copy is still to be filed" + (f": {letter.why}" if letter.why else "")
        case "unknown":
            return f"may have gone out: {letter.why} Only you send it again (r)."
        case "bounced":
            return f"came back: {letter.why}"
        case "done":
            left_out = ", ".join(address for address, _ in letter.refused if address not in letter.recipients)
            pieces = [f"filed in Sent, {spoken(letter.sent_at, now)}", letter.reply, letter.why]
            return "  ·  ".join(filter(None, [*pieces, f"not to {left_out}" if left_out else ""]))
    return f"{letter.state}: {letter.why}" if letter.why else letter.state


def _of_waiting(letter: Waiting, now: float, online: bool) -> str:
    if letter.due <= now + 0.5:
        return "about to go"
    seconds = math.ceil(letter.due - now)
    when = f"in {seconds} s" if seconds < 100 else spoken(letter.due, now)
    if not letter.tries:
        return f"goes out {when}"
    words = f"tried again {when}" if online else f"waits for a connection, tried again {when}"
    return f"{words}: {letter.why}" if letter.why else words
