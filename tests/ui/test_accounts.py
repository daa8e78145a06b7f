"""Several accounts: added, edited, paused, removed, and none disturbs another."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest

from tests.config.test_credentials import Kept
from tests.servers import Demos
from tests.ui.newcomer import editor, newcomer
from tests.ui.program import letter, program
from tui_mail.config import safe
from tui_mail.config.file import load
from tui_mail.demo.server import Server as DemoServer
from tui_mail.model.folder import Role
from tui_mail.ui.account_file import at_line
from tui_mail.ui.screens.accounts import AccountsScreen
from tui_mail.ui.screens.inbox import InboxScreen
from tui_mail.ui.screens.setup import SetupScreen
from tui_mail.ui.screens.welcome import WelcomeScreen


def config(**servers: DemoServer) -> str:
    """A configuration with an account on each of these servers."""
    text = "# by hand\n"
    for key, server in servers.items():
        text += f'\n[accounts.{key}]\naddress = "demo@{key}.example"\nuser = "demo@example.org"\n'
        text += 'password_command = ["echo", "demo"]\n'
        for name, port in (("imap", server.imap_port), ("smtp", server.smtp_port)):
            text += f'{name} = {{ host = "localhost", port = {port}, security = "none" }}\n'
    return text


async def test_an_account_is_paused_and_goes_on_with_one_key_and_the_file_stays(
    tmp_path: Path, demo_server: Demos
) -> None:
    text = config(work=demo_server(), home=demo_server())
    async with newcomer(tmp_path, config=text) as here:
        await here.shows("demo@home.example")
        await here.press("g", "A")
        await here.shows("Accounts")
        assert "online" in here.text or "connecting" in here.text
        await here.press("j", "x")
        await here.shows("paused")
        await here.press("escape")
        await here.until(lambda: here.app.then == "again")
    async with newcomer(tmp_path, config="") as here:
        assert [one.key for one in here.app.mail.accounts()] == ["work"]
        await here.press("g", "A")
        await here.shows("paused")
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, InboxScreen))
        assert here.app.then == ""  # looked, changed nothing
        await here.press("g", "A")
        await here.until(lambda: isinstance(here.app.screen, AccountsScreen))
        await here.press("j", "space", "escape")
        await here.until(lambda: here.app.then == "again")
    async with newcomer(tmp_path) as here:
        assert [one.key for one in here.app.mail.accounts()] == ["work", "home"]
    assert here.config.read_text() == text


async def test_with_every_account_paused_the_first_screen_leads_to_them(tmp_path: Path, demo_server: Demos) -> None:
    text = config(work=demo_server()).replace("address", "enabled = false\naddress")
    async with newcomer(tmp_path, config=text) as here:
        assert isinstance(here.app.screen, WelcomeScreen)
        await here.press("4")
        await here.shows("switched off in the file")
        await here.press("x")
        await here.shows("enabled = false stands in the file; e opens it there.")


async def test_an_account_is_edited_at_its_lines_and_a_mistake_is_shown_and_edited_again(
    tmp_path: Path, demo_server: Demos, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = config(work=demo_server(), home=demo_server())
    back, wrong = "s/^adress/address/", "s/^address/adress/"
    script = f'if grep -q ^adress "$file"; then sed -i {back} "$file"; else sed -i {wrong} "$file"; fi'
    monkeypatch.setenv("EDITOR", editor(tmp_path, script))
    async with newcomer(tmp_path, config=text) as here:
        await here.press("g", "A")
        await here.until(lambda: isinstance(here.app.screen, AccountsScreen))
        await here.press("e")
        await here.shows("The file has a mistake")
        assert "there is no accounts.work.adress; the nearest right key is accounts.work.address" in " ".join(
            here.text.replace("│", " ").split()
        )
        await here.press("e")
        await here.until(lambda: isinstance(here.app.screen, AccountsScreen))
        assert here.config.read_text() == text


async def test_a_mistake_that_is_left_does_not_disturb_the_mail(
    tmp_path: Path, demo_server: Demos, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", editor(tmp_path, 'echo "broken" >> "$file"'))
    async with newcomer(tmp_path, config=config(work=demo_server())) as here:
        await here.press("g", "A")
        await here.until(lambda: isinstance(here.app.screen, AccountsScreen))
        await here.press("e")
        await here.shows("The file has a mistake")
        await here.press("l", "escape")
        await here.until(lambda: isinstance(here.app.screen, InboxScreen))
        assert here.app.then == ""


async def test_removing_says_what_stays_and_forgets_the_password_where_it_is_wanted(
    tmp_path: Path, demo_server: Demos, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(kept := Kept())
    monkeypatch.setenv("EDITOR", editor(tmp_path, "sed -i '/accounts.home/,$d' \"$file\""))
    server = demo_server()
    try:
        async with newcomer(tmp_path, config=config(work=demo_server(), home=server)) as here:
            safe.put(load(here.config).accounts["home"], "demo")
            assert kept.entries
            await here.press("g", "A")
            await here.until(lambda: isinstance(here.app.screen, AccountsScreen))
            await here.press("j", "d")
            await here.shows("Remove demo@home.example?")
            words = " ".join(here.text.replace("│", " ").split())
            assert "Mail on the server stays." in words
            assert "stay on this machine in" in words
            await here.press("f")
            await here.shows("is removed, and its password forgotten")
            assert not kept.entries
            await here.press("escape")
            await here.until(lambda: here.app.then == "again")
    finally:
        keyring.set_keyring(before)
    assert list(load(here.config).accounts) == ["work"]


async def test_another_account_is_added_from_inside(tmp_path: Path, demo_server: Demos) -> None:
    server = demo_server()
    text = config(work=server)
    async with newcomer(tmp_path, config=text) as here:
        await here.press("g", "+")
        await here.until(lambda: isinstance(here.app.screen, SetupScreen))
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, InboxScreen))
        await here.press("g", "A")
        await here.until(lambda: isinstance(here.app.screen, AccountsScreen))
        await here.press("a")
        await here.until(lambda: isinstance(here.app.screen, SetupScreen))
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, AccountsScreen))


async def test_the_demo_keeps_no_accounts_and_says_so(tmp_path: Path) -> None:
    async with program(tmp_path, letter()) as here:
        await here.press("g", "A")
        assert isinstance(here.app.screen, InboxScreen)
        assert here.app.reason("accounts") == "nothing is set up here, the mailbox is made up"


async def test_an_answer_goes_out_from_the_account_that_the_mail_came_to(tmp_path: Path, demo_server: Demos) -> None:
    home, work = demo_server(), demo_server()
    home.mailbox.put(letter(1, "For home", to="demo@home.example"))
    async with newcomer(tmp_path, config=config(work=work, home=home), size=(120, 40)) as here:
        mail = here.app.mail
        await here.until(lambda: mail.role("home", Role.INBOX) is not None)
        await here.shows("demo@home.example")
        box = mail.role("home", Role.INBOX)
        assert box is not None and isinstance(here.app.screen, InboxScreen)
        here.app.screen.open_place(box.id)
        await here.shows("For home")
        await here.press("r")
        await here.shows("Reply")
        assert "demo@home.example" in here.line("From  ")


async def test_one_server_that_hangs_leaves_the_other_account_at_work(tmp_path: Path, demo_server: Demos) -> None:
    home, work = demo_server(), demo_server()
    work.mailbox.put(letter(1, "For work", to="demo@work.example"))
    home.hold()
    async with newcomer(tmp_path, config=config(home=home, work=work), size=(120, 40)) as here:
        await here.shows("For work")
        await here.press("e")
        await here.shows("Archived 1 message")
        await here.until(lambda: work.log.matching("MOVE"))
        await here.shows("home connecting")
        home.release()
        await here.shows("● online")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["vim"], ["vim", "+7", "/x/config.toml"]),
        (["/usr/bin/nano", "-w"], ["/usr/bin/nano", "-w", "+7", "/x/config.toml"]),
        (["hx"], ["hx", "/x/config.toml:7"]),
        (["code"], ["code", "--wait", "--goto", "/x/config.toml:7"]),
        (["my-editor"], ["my-editor", "/x/config.toml"]),
    ],
)
def test_the_editor_opens_at_the_accounts_line(command: list[str], words: list[str]) -> None:
    assert at_line(command, Path("/x/config.toml"), 7) == words
