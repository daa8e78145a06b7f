"""The house's own looks, one dark and one light. The only place in Python that names colours.

Greys are nearly without colour, so that a terminal of 256 colours finds them in its ramp of greys and keeps them apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="house-dark",
    dark=True,
    primary="#82aaff",
    secondary="#82aaff",
    accent="#82aaff",
    warning="#e3b56b",
    error="#f2828d",
    success="#8fcb9b",
    foreground="#d5d9e2",
    background="#16181c",
    surface="#16181c",
    panel="#1f2227",
    variables={
        "muted": "#8c95a5",
        "line": "#2e323a",
        "star": "#e3b56b",
        "cursor": "#262e4d",
        "cursor-blurred": "#25282e",
        "cursor-muted": "#a6b0c3",
        "border": "#82aaff",
        "border-blurred": "#2e323a",
        "input-cursor-background": "#d5d9e2",
        "input-cursor-foreground": "#16181c",
        "input-selection-background": "#3a4d73",
        "block-cursor-background": "#262e4d",
        "block-cursor-foreground": "#eef1f7",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#25282e",
        "block-cursor-blurred-foreground": "#d5d9e2",
        "block-hover-background": "#1f2227",
        "scrollbar": "#373c46",
        "scrollbar-hover": "#4d5563",
        "scrollbar-active": "#82aaff",
        "scrollbar-background": "#16181c",
        "scrollbar-background-hover": "#16181c",
        "scrollbar-background-active": "#16181c",
        "scrollbar-corner-color": "#16181c",
        "link-color": "#82aaff",
        "screen-selection-background": "#3a4d73",
    },
)

LIGHT = Theme(
    name="house-light",
    dark=False,
    primary="#1c5bb8",
    secondary="#1c5bb8",
    accent="#1c5bb8",
    warning="#8a5a00",
    error="#b3261e",
    success="#256b34",
    foreground="#22262e",
    background="#fbfaf8",
    surface="#fbfaf8",
    panel="#eeedea",
    variables={
        "muted": "#5f6673",
        "line": "#dcdad6",
        "star": "#8a5a00",
        "cursor": "#d9e5f7",
        "cursor-blurred": "#e9e8e5",
        "cursor-muted": "#4c5462",
        "border": "#1c5bb8",
        "border-blurred": "#dcdad6",
        "input-cursor-background": "#22262e",
        "input-cursor-foreground": "#fbfaf8",
        "input-selection-background": "#bcd3f2",
        "block-cursor-background": "#d9e5f7",
        "block-cursor-foreground": "#15181d",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e9e8e5",
        "block-cursor-blurred-foreground": "#22262e",
        "block-hover-background": "#eeedea",
        "scrollbar": "#cbc7bf",
        "scrollbar-hover": "#a9a59c",
        "scrollbar-active": "#1c5bb8",
        "scrollbar-background": "#fbfaf8",
        "scrollbar-background-hover": "#fbfaf8",
        "scrollbar-background-active": "#fbfaf8",
        "scrollbar-corner-color": "#fbfaf8",
        "link-color": "#1c5bb8",
        "screen-selection-background": "#bcd3f2",
    },
)

HOUSE = (DARK, LIGHT)


def own_variables(theme: Theme) -> Mapping[str, str]:
    """Our own variables for themes that do not set them: the terminal's own (ansi) and the toolkit's."""
    if theme.ansi:  # whose palette nobody knows: bright black can be the background itself, reversed is always legible
        return {
            "muted": "ansi_white" if theme.dark else "ansi_bright_black",
            "line": "ansi_bright_black",
            "star": theme.warning or "ansi_yellow",
            "cursor": "ansi_default",
            "cursor-style": "reverse",
            "cursor-blurred": "ansi_default",
            "cursor-blurred-style": "underline",
            "cursor-muted": "ansi_default",
        }
    colors = theme.to_color_system().generate()
    return {
        "muted": colors["foreground-muted"],
        "line": colors["border-blurred"],
        "star": colors["text-warning"],
        "cursor": colors["primary-muted"],
        "cursor-blurred": colors["panel"],
        "cursor-style": "none",
        "cursor-blurred-style": "none",
        "cursor-muted": colors["foreground"],
    }
