"""What the terminal can do, from its environment, told to the toolkit before the toolkit is imported."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

TRUE_COLOUR = (
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "iterm2",
    "kitty",
    "konsole",
    "mlterm",
    "rio",
    "st",
    "wezterm",
)
"""Names in TERM of terminals that know 16 million colours. COLORTERM, which says so too, does not survive ssh."""
_PROGRAMS = ("ghostty", "iterm.app", "rio", "vscode", "warpterminal", "wezterm")
"""The same in TERM_PROGRAM, which some ssh configurations pass on."""
_FEW = ("linux", "vt100", "vt220", "ansi", "cons25")
PAINTS = "120"
"""Paints a second at the most. The toolkit's 60 make a key wait up to 17 ms behind the paint before it."""


def prepare(environ: MutableMapping[str, str]) -> None:
    """Sets the toolkit's own variables where they are not set; call it before anything imports the toolkit."""
    environ.setdefault("TEXTUAL_FPS", PAINTS)
    if colours := colour_system(environ):
        environ.setdefault("TEXTUAL_COLOR_SYSTEM", colours)
    if loses_composed_text(environ):
        environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")


def colour_system(environ: Mapping[str, str]) -> str:
    """`truecolor`, `256`, `standard` (16), or empty where the toolkit's own guess is as good."""
    term = environ.get("TERM", "").lower()
    if environ.get("STY") and "TMUX" not in environ:
        # GNU screen: a COLORTERM from outside is no word of its own, and it reads 16 million colours as nonsense
        return "256" if "256color" in term else "standard"
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ""
    names = set(term.replace("-", " ").replace(".", " ").split())
    if names & set(TRUE_COLOUR) or names & {"direct", "truecolor", "24bit"}:
        return "truecolor"
    if term == "tmux":  # its description has eight colours, the program itself takes 256 and passes on what it can
        return "256"
    if environ.get("TMUX") or environ.get("TERM_PROGRAM", "").lower() not in _PROGRAMS:
        return "standard" if term in _FEW else ""
    return "truecolor"


def is_light(environ: Mapping[str, str]) -> bool:
    """Whether the terminal's background is light, where it says so (`COLORFGBG`, as `0;15`)."""
    return environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")


def loses_composed_text(environ: Mapping[str, str]) -> bool:
    """Whether the kitty protocol loses what an input method or a dead key composes: iTerm2 without tmux between."""
    if environ.get("TMUX") or environ.get("STY"):
        return False
    return environ.get("LC_TERMINAL", "").lower() == "iterm2" or environ.get("TERM_PROGRAM", "").lower() == "iterm.app"
