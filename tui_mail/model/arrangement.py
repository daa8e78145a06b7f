"""How one folder is shown: in which order, how dense, where its preview stands. Remembered as a short text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

By = Literal["date", "sender", "subject", "size", "unread"]
Lines = Literal["auto", "one", "two"]
SMALLEST, LARGEST = 20, 80
"""Hundredths of the space that the list may have beside its preview."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by; among equals the newest is first. `turned`: the other way round."""

    by: By = "date"
    turned: bool = False


NEWEST = Order()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a person chose for a folder; what was not chosen is empty, or 0."""

    order: Order = NEWEST
    lines: Lines = "auto"
    """Lines of a message in the list; `auto` goes by the width."""
    preview: str = ""
    """`right`, `below`, `off` or `auto`; empty is as everywhere."""
    share: int = 0
    """Hundredths for the list beside its preview; 0 is as the style sheet has it."""

    def __str__(self) -> str:
        by = f"{'-' * self.order.turned}{self.order.by}"
        return f"sort={by} lines={self.lines} preview={self.preview} share={self.share}"

    @classmethod
    def read(cls, text: str) -> Arrangement:
        """What `str` wrote; what is not understood is as if it had not been chosen. Never raises."""
        said = dict(piece.partition("=")[::2] for piece in text.split())
        by, lines = said.get("sort", ""), said.get("lines", "")
        return cls(
            Order(cast(By, by.lstrip("-")), by.startswith("-")) if by.lstrip("-") in get_args(By) else NEWEST,
            cast(Lines, lines) if lines in get_args(Lines) else "auto",
            _preview(said),
            _share(said),
        )


def _preview(said: Mapping[str, str]) -> str:
    return said.get("preview", "") if said.get("preview") in ("auto", "right", "below", "off") else ""


def _share(said: Mapping[str, str]) -> int:
    text = said.get("share", "")
    share = int(text) if text.isdecimal() and len(text) <= 3 else 0
    return share if SMALLEST <= share <= LARGEST else 0
