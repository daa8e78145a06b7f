"""What subjects of one kind have in common: `Your order 4711 has shipped` is like `Your order 815 has shipped`."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"(?:\s*(?:re|aw|sv|fwd?|wg|tr|rv|vs|antw|回复|转发|答复)\s*(?:\[\d+\])?\s*[:：])+", re.IGNORECASE)
_CHANGING = re.compile(r"[^\W\d_]*\d[\w.,:/#-]*|[^\w\s]+")
_FEWEST = 2
"""Words that a pattern needs; one alone says too little."""


def pattern(subject: str) -> str:
    """The longest run of words without numbers or signs, without `Re:`; empty where that says too little."""
    runs = [run.split() for run in _CHANGING.split(_PREFIX.sub(" ", subject, count=1))]
    best = max(runs, key=len, default=[])
    return " ".join(best) if len(best) >= _FEWEST else ""
