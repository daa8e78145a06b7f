"""The example configuration says every key, and says it right."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import typing
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tui_mail.config.file import parse
from tui_mail.config.settings import Account, Compose, Identity, Server, Settings, Sync, Ui, View

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def uncommented() -> str:
    """The example with every setting switched on: a `#` and no blank before it."""
    return re.sub(r"(?m)^#(?=\S)", "", EXAMPLE.read_text())


def test_the_example_as_it_is_changes_nothing() -> None:
    assert parse(EXAMPLE.read_text(), "config.example.toml") == Settings()


def test_every_default_in_the_example_is_the_default() -> None:
    settings = parse(uncommented(), "config.example.toml", EXAMPLE.parent)
    compose = replace(settings.compose, templates=None)  # no folder: nothing that TOML could write
    assert (settings.ui, compose, settings.sync) == (Ui(), Compose(), Sync())
    assert settings.accounts == {
        "work": Account(
            "work",
            "ann@example.org",
            Server("imap.example.org", 993),
            Server("smtp.example.org", 465),
            name="Ann Example",
            user="ann@example.org",
            password_command=("pass", "show", "mail/work"),
            signature="Ann",
            reply_to="office@example.org",
            identities={"sales": Identity("sales", "sales@example.org", "Ann, Sales", "The shop")},
            folders={"archive": "Archive"},
            ca_file=EXAMPLE.parent / "private-ca.pem",
            authserv_id="mx.example.org",
        ),
        "here": Account("here", "ann@example.org", maildir=Path.home() / "Mail"),
    }


def test_the_view_of_the_example_is_one() -> None:
    assert parse(uncommented(), "config.example.toml", EXAMPLE.parent).views == {
        "Boss": View("Boss", "from:carol is:unread")
    }


def test_every_key_stands_in_the_example() -> None:
    table = tomllib.loads(uncommented())
    table["accounts"] = table["accounts"]["here"] | table["accounts"]["work"]
    written = set(keys(table))
    rooms: list[tuple[str, type[typing.Any]]] = [
        ("", Settings),
        ("accounts.", Account),
        ("accounts.imap.", Server),
        ("ui.", Ui),
        ("compose.", Compose),
        ("sync.", Sync),
        ("views.Boss.", View),
    ]
    for at, shape in rooms:
        assert {at + field.name for field in dataclasses.fields(shape) if field.name != "key"} <= written


def keys(table: dict[str, typing.Any], at: str = "") -> Iterator[str]:
    """Every key of the tables, dotted."""
    for name, value in table.items():
        yield at + name
        if isinstance(value, dict):
            yield from keys(value, f"{at}{name}.")
