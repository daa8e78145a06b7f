"""Accounts that are switched off, found in the file, and forgotten by the keyring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from tests.config.test_credentials import Broken, Kept, Locked, Plaintext
from tui_mail.config import safe
from tui_mail.config.file import line_of, parse
from tui_mail.config.settings import Account, Server
from tui_mail.model.errors import BadConfig, StorageFailed

ACCOUNT = Account("work", "ann@example.org", Server("imap.example.org", 993), Server("smtp.example.org", 465))
SERVERS = 'imap = { host = "i.example.org", port = 993 }\nsmtp = { host = "s.example.org", port = 465 }\n'
TEXT = f"""\
# two of them
[accounts.work]
address = "ann@example.org"
enabled = false
{SERVERS}
  [accounts."at home"]   # quoted
address = "ann@home.example"
{SERVERS}
[keys]
"message.archive" = "e"
"""


@pytest.fixture(autouse=True)
def kept() -> Iterator[Kept]:
    before = keyring.get_keyring()
    place = Kept()
    keyring.set_keyring(place)
    yield place
    keyring.set_keyring(before)


def test_an_account_that_the_file_or_the_person_switched_off_is_not_active() -> None:
    settings = parse(TEXT, "here")
    assert list(settings.accounts) == ["work", "at home"]
    assert list(settings.active().accounts) == ["at home"]
    assert not settings.active(["at home"]).accounts
    assert settings.active().keys == settings.keys


def test_enabled_is_true_or_false() -> None:
    with pytest.raises(BadConfig, match=r"accounts\.work\.enabled must be true or false"):
        parse(TEXT.replace("enabled = false", 'enabled = "no"'), "here")


def test_the_line_of_an_account_is_found_where_it_has_its_own_table(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(TEXT)
    lines = TEXT.splitlines()
    assert lines[line_of(path, "work") - 1].startswith("[accounts.work]")
    assert '"at home"' in lines[line_of(path, "at home") - 1]
    assert line_of(path, "other") == 1
    assert line_of(tmp_path / "missing.toml", "work") == 1


@pytest.mark.parametrize(
    ("place", "why"),
    [(Kept, ""), (Plaintext, "the keyring here would write it to a file in clear")],
)
def test_whether_a_password_can_be_kept_is_known_before_one_is_typed(place: type[Kept], why: str) -> None:
    keyring.set_keyring(place())
    assert safe.why_not() == why


def test_a_forgotten_password_is_gone_from_the_keyring(kept: Kept) -> None:
    safe.put(ACCOUNT, "s3cret")
    safe.drop(ACCOUNT)
    assert not kept.entries
    safe.drop(ACCOUNT)


@pytest.mark.parametrize("place", [Broken, Locked])
def test_a_password_that_will_not_go_is_told_with_the_way_to_do_it(place: type[Kept]) -> None:
    keyring.set_keyring(place())
    with pytest.raises(StorageFailed, match=r"keyring del tui-mail:imap\.example\.org ann@example\.org"):
        safe.drop(ACCOUNT)
