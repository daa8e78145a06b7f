"""Writes the settings' tables of the README from their docstrings; `--check` only says whether they are current."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from tui_mail.config import settings
from tui_mail.config.settings import Account, Identity, Server, Settings, View, WrittenRule

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- settings: begin (made from tui_mail/config/settings.py) -->\n", "<!-- settings: end -->\n"
NAMES = MappingProxyType({"key": "", "folders": "{}", "identities": "{}"})
"""Fields whose default cannot be told from their class; empty: no setting, the reader of the file fills it in."""


def table() -> str:
    """Every table of the file in the order of the dataclasses, each key with its default and its docstring."""
    parts = [section("[accounts.NAME]", Account), section("imap = { … } and smtp = { … }", Server)]
    parts.append(section("[accounts.X.identities.NAME]", Identity))
    for field in dataclasses.fields(Settings):
        shape = get_type_hints(Settings)[field.name]
        if field.name == "views":
            parts.append(section("[views.NAME]", View))
        elif dataclasses.is_dataclass(shape):
            parts.append(section(f"[{field.name}]", shape))
        elif get_args(shape)[1] is WrittenRule:
            parts.append(section("[rules.NAME]", WrittenRule))
        elif get_args(shape)[1] is str:
            row = f'| `"ACTION" = "KEYS"` | none | {docstrings(Settings)[field.name]} |'
            parts.append(f"\n**`[{field.name}]`**\n\n| key | default | what it does |\n|---|---|---|\n{row}\n")
    return "".join(parts).lstrip("\n")


def section(heading: str, shape: Any) -> str:
    lines = [f"\n**`{heading}`** {(shape.__doc__ or '').split('`key`')[0].strip()}", ""]
    lines += ["| key | default | what it does |", "|---|---|---|"]
    return "\n".join([*lines, *rows(shape), ""])


def rows(shape: Any) -> Iterator[str]:
    """A row a setting; a server is a table of its own."""
    said = docstrings(shape)
    hints = get_type_hints(shape)
    for field in dataclasses.fields(shape):
        if field.name in NAMES and not NAMES[field.name]:
            continue
        words = said.get(field.name, "")
        if hints[field.name] is Server:
            words = "Where mail is read" if field.name == "imap" else "Where mail is sent"
            words += "; not with `maildir`." if field.name == "imap" else "; optional with `maildir`."
        yield f"| `{field.name}` | {default(field, hints[field.name])} | {words.replace('|', chr(92) + '|')} |"


def default(field: dataclasses.Field[Any], hint: Any) -> str:
    """The default as TOML writes it."""
    if field.name in NAMES:
        return f"`{NAMES[field.name]}`"
    if field.default is dataclasses.MISSING or hint is Server:
        return "needed"
    match field.default:
        case None:
            return "none"
        case bool():
            return "`true`" if field.default else "`false`"
        case str():
            return f'`"{field.default}"`'
        case tuple():
            return "`[]`" if get_origin(hint) is tuple else "none"
    return f"`{field.default}`"


def docstrings(shape: Any) -> dict[str, str]:
    """The text under each field, on one line."""
    tree = ast.parse(inspect.getsource(settings))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == shape.__name__)
    found = {}
    for field, text in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            found[ast.unparse(field.target)] = " ".join(str(text.value.value).split())
    return found


def main() -> int:
    text = README.read_text("utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END, 1)[1]
    made = head + BEGIN + table() + END + tail
    if "--check" in sys.argv:
        return int(made != text)
    README.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
