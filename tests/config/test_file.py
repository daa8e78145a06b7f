"""The user's configuration file: what is read, what each mistake is told as, what an appended account looks like."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.config.file import append_account, load, parse
from tui_mail.config.settings import Account, Server, Settings
from tui_mail.model.errors import BadConfig

WORK = """
[accounts.work]
address = "ann@example.org"
imap = { host = "imap.example.org", port = 993 }
smtp = { host = "smtp.example.org", port = 465, security = "tls" }
"""


def test_the_account_of_the_manual_is_read() -> None:
    settings = parse(
        """
        [accounts.work]
        name = "Ann Example"
        address = "ann@example.org"
        password_command = ["pass", "show", "mail/work"]
        imap = { host = "imap.example.org", port = 993, security = "tls" }
        smtp = { host = "smtp.example.org", port = 587, security = "starttls" }
        signature = "Ann\\n-- not a rule"
        folders = { archive = "Archive" }
        [ui]
        preview = "right"
        mark_read_after = 1.5
        [keys]
        "message.archive" = "e"
        [compose]
        undo_send = 0
        [sync]
        keep = "headers"
        """,
        "config.toml",
    )
    account = settings.accounts["work"]
    assert account.key == "work"
    assert account.login == "ann@example.org"
    assert account.password_command == ("pass", "show", "mail/work")
    assert account.smtp == Server("smtp.example.org", 587, "starttls")
    assert account.folders == {"archive": "Archive"}
    assert settings.ui.preview == "right"
    assert settings.ui.mark_read_after == 1.5
    assert settings.keys == {"message.archive": "e"}
    assert settings.compose.undo_send == 0
    assert settings.sync.keep == "headers"


def test_no_file_is_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == Settings()


MISTAKES = [
    ('[ui]\nthme = "x"', "config.toml: there is no ui.thme; the nearest right key is ui.theme."),
    ("[uii]", "config.toml: there is no uii; the nearest right key is ui."),
    ("[account.work]", "config.toml: there is no account; the nearest right key is accounts."),
    (
        '[sync]\nxyzzy = "x"',
        "config.toml: there is no sync.xyzzy; known there: keep.",
    ),
    (
        '[ui]\npreview = "rihgt"',
        'config.toml: ui.preview must be "auto", "right", "below" or "off", not "rihgt"; did you mean "right"?',
    ),
    ("[ui]\npreview = 3", 'config.toml: ui.preview must be "auto", "right", "below" or "off", not 3.'),
    ('[ui]\nnotify = "yes"', 'config.toml: ui.notify must be true or false, not "yes".'),
    ("[ui]\ntheme = 1979-05-27", 'config.toml: ui.theme must be text in quotes ("…"), not a date.'),
    ("[ui]\nmark_read_after = true", "config.toml: ui.mark_read_after must be a number, not true."),
    ("[ui]\nmark_read_after = nan", "config.toml: ui.mark_read_after must be a number, not nan."),
    ("[compose]\nundo_send = -1", "config.toml: compose.undo_send must be 0 or more, not -1."),
    ("ui = 3", "config.toml: ui must be a table ([ui] or { … }), not 3."),
    ('[keys]\n"message.archive" = ["e"]', None),
    ('[ui]\ntheme = "a\\u001b[2J"', "config.toml: ui.theme holds a control or invisible character."),
    ('[ui]\ntheme = "a\\u202eb"', "config.toml: ui.theme holds a control or invisible character."),
    ("[accounts.work]", "config.toml: accounts.work.address is missing."),
    (
        '[accounts.work]\naddress = "a@b.c"',
        ("config.toml: accounts.work.imap is missing (or maildir, where the mail lies on this machine)."),
    ),
    (
        '[accounts.work]\naddress = "a@b.c"\nimap = { host = "imap.example.org", port = 993 }',
        "config.toml: accounts.work.smtp is missing.",
    ),
    (
        WORK + 'maildir = "~/Mail"',
        "config.toml: accounts.work has both imap and maildir; an account has one of them.",
    ),
    ('[accounts.work]\naddress = "a@b.c"\nmaildri = "~/Mail"', None),
    (WORK.replace(", port = 993", ""), "config.toml: accounts.work.imap.port is missing."),
    (WORK.replace("993", '"993"'), 'config.toml: accounts.work.imap.port must be a whole number, not "993".'),
    (WORK.replace("993", "0"), "config.toml: accounts.work.imap.port must be from 1 to 65535, not 0."),
    (WORK.replace("993", "99300"), "config.toml: accounts.work.imap.port must be from 1 to 65535, not 99300."),
    (WORK.replace("port = 993", "prot = 993"), None),
    (
        WORK.replace('"tls"', '"none"'),
        'config.toml: accounts.work.smtp.security = "none" would send the password in the clear to smtp.example.org; '
        'it is for this machine only, so use "tls" or "starttls".',
    ),
    (
        WORK.replace('"tls"', '"ssl"'),
        'config.toml: accounts.work.smtp.security must be "tls", "starttls" or "none", not "ssl".',
    ),
    (
        WORK.replace("imap.example.org", "imaps://imap.example.org"),
        'config.toml: accounts.work.imap.host must be a host name alone, not "imaps://imap.example.org".',
    ),
    (
        WORK.replace("ann@example.org", "Ann"),
        'config.toml: accounts.work.address must be an address as in "ann@example.org", not "Ann".',
    ),
    (
        WORK + 'password_command = "pass show mail"',
        'config.toml: accounts.work.password_command must be a list of texts (["pass", "show", "mail"]), '
        'not "pass show mail".',
    ),
    (WORK + 'password_command = [""]', "config.toml: accounts.work.password_command begins with an empty text."),
    (
        WORK + 'folders = { archiv = "A" }',
        "config.toml: there is no accounts.work.folders.archiv; "
        "the nearest right key is accounts.work.folders.archive.",
    ),
    (
        WORK.replace("[accounts.work]", '[accounts."my work"]').replace("address", "adress"),
        'config.toml: there is no accounts."my work".adress; the nearest right key is accounts."my work".address.',
    ),
    (
        WORK + 'password = "hunter2"',
        "config.toml: accounts.work.password must not stand in a file. "
        "Remove it and use password_command or the keyring, or be asked in each run.",
    ),
    (WORK + 'key = "x"', None),
    (WORK + WORK, "config.toml, line 7, column 15: [accounts.work] stands twice."),
    ("[ui]\nnotify = true\nnotify = false\n", "config.toml, line 3, column 15: this key stands twice."),
    ("[ui]\ntheme = house\n", "config.toml, line 2, column 9: this is not a TOML value (text needs quotes)."),
    ("[ui\n", "config.toml, line 1, column 4: expected ']' at the end of a table declaration."),
    ('[ui]\ntheme = "x', "config.toml, line 2, column 11: unterminated string."),
    ("ui = {}\n[ui]\n", "config.toml, line 2, column 4: [ui] stands twice."),
    ("x = " + "[" * 5000, "config.toml holds a value that is too large to be meant."),
    ("x = 1" + "0" * 5000, "config.toml holds a value that is too large to be meant."),
]


@pytest.mark.parametrize(("text", "sentence"), MISTAKES)
def test_a_mistake_is_told_in_one_sentence_that_names_file_and_key(text: str, sentence: str | None) -> None:
    with pytest.raises(BadConfig) as caught:
        parse(text, "config.toml")
    assert "hunter2" not in str(caught.value)
    assert str(caught.value).startswith("config.toml")
    if sentence is not None:
        assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xef\xbb\xbf[ui]\n", "begins with a byte order mark (BOM)"),
        (b'[ui]\ntheme = "M\xfcller"\n', "line 2, column 11: not UTF-8"),
        ('[ui]\ntheme = "x"\n'.encode("utf-16"), "not UTF-8"),
        (b"#" * 2_000_000, "larger than 1 MB"),
        (b"\x00", "line 1, column 1"),
    ],
)
def test_a_file_that_is_not_text_is_named_and_left_alone(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(BadConfig, match=str(path)) as caught:
        load(path)
    assert words in str(caught.value)
    with pytest.raises(BadConfig):
        append_account(path, ACCOUNT)
    assert path.read_bytes() == content


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.1.2.3"])
def test_no_encryption_is_fine_on_this_machine(host: str) -> None:
    text = WORK.replace("smtp.example.org", host).replace('"tls"', '"none"')
    assert parse(text, "config.toml").accounts["work"].smtp.security == "none"


def test_a_relative_authority_file_lies_beside_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(WORK + 'ca_file = "ca.pem"\n')
    assert load(path).accounts["work"].ca_file == tmp_path / "ca.pem"


@given(st.text())
def test_any_text_is_settings_or_a_sentence(text: str) -> None:
    try:
        parse(text, "config.toml")
    except BadConfig as error:
        assert str(error).startswith("config.toml")


ACCOUNT = Account(
    "home",
    "ann@example.net",
    Server("imap.example.net", 143, "starttls"),
    Server("127.0.0.1", 25, "none"),
    name='Ann "the" Example',
    password_command=("pass", "show", "mail home"),
    signature="Ann\nHome",
    folders={"archive": "All Mail"},
    ca_file=Path("/etc/ca.pem"),
)


def test_an_appended_account_is_read_back_and_comments_survive(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine\n[ui]  # looks\nnotify = true" + WORK + "# the end")
    append_account(path, ACCOUNT)
    text = path.read_text()
    assert text.startswith("# mine\n[ui]  # looks\nnotify = true" + WORK + "# the end\n\n[accounts.home]\n")
    assert 'imap = { host = "imap.example.net", port = 143, security = "starttls" }\n' in text
    assert 'password_command = ["pass", "show", "mail home"]\n' in text
    settings = load(path)
    assert settings.accounts["home"] == ACCOUNT
    assert list(settings.accounts) == ["work", "home"]
    assert settings.ui.notify


def test_a_missing_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "config.toml"
    old = os.umask(0)
    try:
        append_account(path, ACCOUNT)
    finally:
        os.umask(old)
    assert path.read_text().startswith("# ")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load(path).accounts == {"home": ACCOUNT}


def test_a_linked_file_stays_a_link_and_keeps_its_mode(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "mail.toml"
    real.parent.mkdir()
    real.write_text("# mine\n")
    real.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    append_account(link, ACCOUNT)
    assert link.is_symlink()
    assert load(real).accounts == {"home": ACCOUNT}
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [entry.name for entry in real.parent.iterdir()] == ["mail.toml"]


@pytest.mark.parametrize("before", ["[ui\n", "accounts = {}\n", '[ui]\nthme = "x"\n', "[accounts.home]\n"])
def test_a_file_that_cannot_hold_the_account_is_left_as_it_is(tmp_path: Path, before: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(before)
    with pytest.raises(BadConfig):
        append_account(path, ACCOUNT)
    assert path.read_text() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]


def test_the_same_account_is_not_appended_twice(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    append_account(path, ACCOUNT)
    with pytest.raises(BadConfig, match=r"accounts\.home is there already"):
        append_account(path, ACCOUNT)


def test_a_crash_while_appending_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine\n")
    for step in ("fsync", "replace"):

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(os, step, die)
            with pytest.raises(KeyboardInterrupt):
                append_account(path, ACCOUNT)
        assert path.read_text() == "# mine\n"
        assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]
