"""Mail from files comes into an account from the shell, once, and back out of it the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backend.worlds import MaildirWorld
from tests.cli.shell import NOON, Shell, configure, letter
from tests.servers import Demos, demo_account
from tui_mail.config.settings import Account
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import Server

Shown = pytest.CaptureFixture[str]
MBOX = b"".join(
    b"From x Mon Nov 23 10:11:12 2026\nStatus: RO\n" + letter(f"mail {number}").replace(b"\r\n", b"\n") + b"\n"
    for number in range(3)
)


@pytest.fixture
def server(demo_server: Demos) -> Server:
    return demo_server(Mailbox())


@pytest.fixture
def shell(tmp_path: Path, server: Server, capsys: Shown) -> Shell:
    return Shell(configure(tmp_path / "own", demo_account(server)), capsys)


def test_an_mbox_comes_into_a_folder_of_its_name_once(tmp_path: Path, shell: Shell, server: Server) -> None:
    path = tmp_path / "old.mbox"
    path.write_bytes(MBOX)
    assert shell("import", str(path)) == "3 messages into demo: old.\n"
    assert shell("import", str(path)) == "0 messages into demo: old; 3 were there already.\n"
    uids = server.mailbox.uids("old")
    assert len(uids) == 3
    assert all("\\Seen" in server.mailbox.flags_of("old", uid) for uid in uids)


def test_a_folder_is_named_by_its_role(tmp_path: Path, shell: Shell, server: Server) -> None:
    path = tmp_path / "old.mbox"
    path.write_bytes(MBOX)
    assert shell("import", str(path), "--folder", "archive") == "3 messages into demo: Archive.\n"
    assert len(server.mailbox.uids("Archive")) == 3


def test_a_maildir_comes_with_its_folders(tmp_path: Path, shell: Shell, server: Server) -> None:
    world = MaildirWorld(tmp_path / "Old")
    (world.root / "cur/1.a.host:2,FS").write_bytes(letter("one"))
    (world.root / ".Sent/cur/2.a.host:2,S").write_bytes(letter("two").replace(b"\r\n", b"\n"))
    out = shell("import", str(world.root))
    assert sorted(out.splitlines()) == ["1 message into demo: Old.", "1 message into demo: Old/Sent."]
    [uid] = server.mailbox.uids("Old/Sent")
    assert server.mailbox.raw("Old/Sent", uid) == letter("two")


def test_what_was_exported_comes_back_the_same(tmp_path: Path, shell: Shell, server: Server) -> None:
    raws = [letter(f"mail {number}", text="From here on\n>From there on", day=1 + number) for number in range(3)]
    for raw in raws:
        server.mailbox.put(raw, "INBOX", ["\\Seen"], NOON)
    for form in ("mbox", "maildir", "eml"):
        shell.run("export", "--format", form, "-o", str(tmp_path / form))
        assert shell(*("import", str(tmp_path / form))) == f"3 messages into demo: {form}.\n"
        assert sorted(server.mailbox.raw(form, uid) for uid in server.mailbox.uids(form)) == sorted(raws)
        if form != "eml":
            assert all("\\Seen" in server.mailbox.flags_of(form, uid) for uid in server.mailbox.uids(form))


def test_mail_comes_into_a_maildir_account_too(tmp_path: Path, capsys: Shown) -> None:
    world = MaildirWorld(tmp_path / "Mail")
    shell = Shell(configure(tmp_path / "own", Account("here", "a@example.org", maildir=world.root)), capsys)
    path = tmp_path / "old.2019.mbox"
    path.write_bytes(MBOX)
    assert shell("import", str(path)) == "3 messages into here: old_2019.\n"
    assert len(list((world.root / ".old_2019/cur").iterdir())) == 3
    assert shell("import", str(path)).startswith("0 messages into here")


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "cannot be read: No such file"), (b"\x7fELF\x00\x01", "neither an mbox nor a letter"), (b"", "is empty")],
)
def test_what_is_no_mail_is_said(tmp_path: Path, shell: Shell, content: bytes | None, says: str) -> None:
    path = tmp_path / "thing"
    if content is not None:
        path.write_bytes(content)
    shell.run("import", str(path))
    assert shell.code == 2
    assert says in shell.said


def test_an_mbox_with_a_damaged_beginning_is_brought_and_what_is_left_out_is_said(
    tmp_path: Path, shell: Shell, server: Server
) -> None:
    path = tmp_path / "old.mbox"
    path.write_bytes(b"the end of a letter\n" + MBOX)
    shell.run("import", str(path))
    assert (shell.code, shell.out) == (0, "3 messages into demo: old.\n")
    assert "first 20 octets" in shell.said and "left out" in shell.said
    path.write_bytes(b"\n\n" + MBOX)
    assert shell("import", str(path)) == "0 messages into demo: old; 3 were there already.\n"


def test_files_that_hold_nothing_are_no_letters_and_no_failure(tmp_path: Path, shell: Shell) -> None:
    world = MaildirWorld(tmp_path / "Old")
    (world.root / "cur/1.a.host:2,").write_bytes(letter("one"))
    (world.root / "cur/2.a.host:2,").touch()
    out = shell("import", str(world.root))
    assert out == "1 message into demo: Old; 1 empty left out.\n"
