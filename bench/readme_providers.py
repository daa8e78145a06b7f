"""Writes the providers' table of the README from the facts; with `--check` it only says whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from tui_mail.config.providers import table

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- providers: begin (made from tui_mail/config/providers.py) -->\n", "<!-- providers: end -->\n"


def main() -> int:
    text = README.read_text()
    head, rest = text.split(BEGIN)
    tail = rest.split(END, 1)[1]
    made = head + BEGIN + table() + END + tail
    if "--check" in sys.argv:
        return int(made != text)
    README.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
