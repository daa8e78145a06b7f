"""The six looks: four of the house's own, two in the terminal's colours. The only place in Python that names colours.

Dark greys are nearly without colour, so that a terminal of 256 colours finds them in its ramp of greys and keeps them
apart. Every text has a contrast of 4.5 to whatever it may stand on (WCAG 2, AA); `tests/ui/test_contrast.py` measures.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class Shades:
    """What a theme is made of. One accent: it marks what is new, what is chosen and what can be pressed."""

    ground: str
    panel: str
    """Bars, dialogs and toasts, which stand out from the ground."""
    line: str
    """Between panes; never text."""
    text: str
    strong: str
    """Text under the cursor."""
    muted: str
    accent: str
    star: str
    error: str
    success: str
    cursor: str
    """The row under the cursor of the pane that has the keys."""
    blurred: str
    """The same row while another pane has them."""
    cursor_muted: str
    selection: str
    thumb: str
    """The handle of a scrollbar."""
    quotes: tuple[str, str, str, str]
    """Quoted text by its depth."""

    def theme(self, name: str, *, dark: bool) -> Theme:
        return Theme(
            name=name,
            dark=dark,
            primary=self.accent,
            secondary=self.accent,
            accent=self.accent,
            warning=self.star,
            error=self.error,
            success=self.success,
            foreground=self.text,
            background=self.ground,
            surface=self.ground,
            panel=self.panel,
            boost=self.blurred,
            variables=self._own() | self._of_the_toolkit(),
        )

    def _own(self) -> dict[str, str]:
        return {
            "muted": self.muted,
            "line": self.line,
            "star": self.star,
            "strong": self.strong,
            "cursor": self.cursor,
            "cursor-style": "none",
            "cursor-blurred": self.blurred,
            "cursor-blurred-style": "none",
            "cursor-muted": self.cursor_muted,
            "cursor-mark": self.accent,
            "cursor-star": self.star,
            "button-ground": self.accent,
            "button-text": self.ground,
            "button-style": "bold",
            **{f"quote-{depth}": color for depth, color in enumerate(self.quotes)},
        }

    def _of_the_toolkit(self) -> dict[str, str]:
        """Its own mixtures would be other colours, and some of them too faint to read."""
        return {
            **dict.fromkeys(("text", "button-foreground", "footer-foreground"), self.text),
            **dict.fromkeys(("text-muted", "text-disabled", "foreground-muted", "foreground-disabled"), self.muted),
            **dict.fromkeys(("text-primary", "text-secondary", "text-accent", "link-color"), self.accent),
            "text-warning": self.star,
            "text-error": self.error,
            "text-success": self.success,
            "border": self.accent,
            "border-blurred": self.line,
            "input-cursor-background": self.text,
            "input-cursor-foreground": self.ground,
            "input-selection-background": self.selection,
            "screen-selection-background": self.selection,
            "block-cursor-background": self.cursor,
            "block-cursor-foreground": self.strong,
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": self.blurred,
            "block-cursor-blurred-foreground": self.text,
            "block-hover-background": self.panel,
            "scrollbar": self.thumb,
            "scrollbar-hover": self.muted,
            "scrollbar-active": self.accent,
            "scrollbar-corner-color": self.ground,
            **dict.fromkeys(
                ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active"), self.ground
            ),
        }


HOUSE_DARK = Shades(
    ground="#16181c",
    panel="#1f2227",
    line="#2e323a",
    text="#d5d9e2",
    strong="#eef1f7",
    muted="#959eae",
    accent="#82aaff",
    star="#e3b56b",
    error="#f2828d",
    success="#8fcb9b",
    cursor="#262e4d",
    blurred="#25282e",
    cursor_muted="#a6b0c3",
    selection="#2c3a5c",
    thumb="#373c46",
    quotes=("#9fb2d4", "#9cc3ae", "#cdb78f", "#c6a5c9"),
)
HOUSE_LIGHT = Shades(
    ground="#fbfaf8",
    panel="#eeedea",
    line="#dcdad6",
    text="#22262e",
    strong="#15181d",
    muted="#5b6270",
    accent="#1c5bb8",
    star="#845600",
    error="#b3261e",
    success="#256b34",
    cursor="#d9e5f7",
    blurred="#e9e8e5",
    cursor_muted="#4c5462",
    selection="#c6daf5",
    thumb="#cbc7bf",
    quotes=("#3d5a8a", "#2f6650", "#7a5a1e", "#74487a"),
)
MOSS_DARK = Shades(
    ground="#141714",
    panel="#1d211d",
    line="#2d322d",
    text="#d6dcd2",
    strong="#eff4ec",
    muted="#97a293",
    accent="#9fd08b",
    star="#e0b566",
    error="#f08a80",
    success="#9fd08b",
    cursor="#1d3823",
    blurred="#262a26",
    cursor_muted="#aebbab",
    selection="#2a4a2e",
    thumb="#3a413a",
    quotes=("#a9c0a4", "#9dbfc4", "#cdb78f", "#c6a8bd"),
)
PAPER_LIGHT = Shades(
    ground="#f6f1e6",
    panel="#ebe4d5",
    line="#d8cfbc",
    text="#2f2a22",
    strong="#1d1913",
    muted="#635a4c",
    accent="#8f3f1d",
    star="#7a5200",
    error="#a8201a",
    success="#3f6212",
    cursor="#f0d9c4",
    blurred="#e4dccb",
    cursor_muted="#564d40",
    selection="#eccbad",
    thumb="#c9bfa9",
    quotes=("#5b5a86", "#3d6660", "#7a5a1e", "#7d4668"),
)


def _of_the_terminal(name: str, *, dark: bool) -> Theme:
    """Only the 16 colours that somebody chose for a terminal, each where it is legible on nearly every palette.

    What stands out there, reverses and underlines: which background a number means, nobody knows.
    """
    accent, error = ("ansi_bright_cyan", "ansi_bright_red") if dark else ("ansi_blue", "ansi_red")
    star, success = ("ansi_yellow", "ansi_green") if dark else ("ansi_magenta", "ansi_green")
    muted = "ansi_white" if dark else "ansi_bright_black"  # bright black can be the dark background itself
    plain = "ansi_default"
    return Theme(
        name=name,
        ansi=True,
        dark=dark,
        primary=accent,
        secondary=accent,
        accent=accent,
        warning=star,
        error=error,
        success=success,
        foreground=plain,
        background=plain,
        surface=plain,
        panel=plain,
        boost=plain,
        variables={
            **dict.fromkeys(
                (
                    "text",
                    "strong",
                    "cursor",
                    "cursor-blurred",
                    "cursor-muted",
                    "button-ground",
                    "ansi-background",
                    "ansi-foreground",
                    "cursor-mark",
                    "cursor-star",
                ),
                plain,
            ),
            **dict.fromkeys(("muted", "text-muted", "text-disabled", "foreground-muted", "foreground-disabled"), muted),
            **dict.fromkeys(("text-primary", "text-secondary", "text-accent", "link-color", "border"), accent),
            "text-warning": star,
            "text-error": error,
            "text-success": success,
            "star": star,
            "line": "ansi_bright_black",
            "border-blurred": "ansi_bright_black",
            "cursor-style": "reverse",
            "cursor-blurred-style": "underline",
            "button-text": accent,
            "button-style": "bold reverse",
            "quote-0": accent,
            "quote-1": success,
            "quote-2": star,
            "quote-3": muted,
            "block-cursor-background": plain,
            "block-cursor-foreground": plain,
            "block-cursor-text-style": "reverse",
            "block-cursor-blurred-background": plain,
            "block-cursor-blurred-foreground": plain,
            "block-cursor-blurred-text-style": "underline",
            "input-cursor-background": plain,
            "input-cursor-foreground": plain,
            "input-cursor-text-style": "reverse",
            "scrollbar": "ansi_bright_black",
            "scrollbar-hover": muted,
            "scrollbar-active": accent,
            **dict.fromkeys(
                (
                    "scrollbar-background",
                    "scrollbar-background-hover",
                    "scrollbar-background-active",
                    "scrollbar-corner-color",
                ),
                plain,
            ),
        },
    )


HOUSE = (
    HOUSE_DARK.theme("house-dark", dark=True),
    HOUSE_LIGHT.theme("house-light", dark=False),
    MOSS_DARK.theme("moss-dark", dark=True),
    PAPER_LIGHT.theme("paper-light", dark=False),
)
TERMINAL = (_of_the_terminal("ansi-dark", dark=True), _of_the_terminal("ansi-light", dark=False))
THEMES = (*HOUSE, *TERMINAL)
