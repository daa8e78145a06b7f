"""A newcomer's first minutes: three ways to begin, an account set up, and nothing typed lost on the way."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest

from tests.config.test_credentials import Forgetful, Kept
from tests.engine.test_probe import closed_port, listener
from tests.private_dovecot import PASSWORD, Dovecot
from tests.servers import Demos, Sinks, demo_account
from tests.sink import CA
from tests.ui.newcomer import Newcomer, editor, newcomer
from tui_mail.config.file import load
from tui_mail.config.settings import Account, Server
from tui_mail.ui.screens.inbox import InboxScreen
from tui_mail.ui.screens.setup import SetupScreen
from tui_mail.ui.screens.welcome import WelcomeScreen


@pytest.fixture
def safe() -> Iterator[Kept]:
    """A keyring that keeps."""
    before = keyring.get_keyring()
    kept = Kept()
    keyring.set_keyring(kept)
    yield kept
    keyring.set_keyring(before)


async def test_a_newcomer_has_three_ways_and_nothing_is_made_before_one_is_taken(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as here:
        assert isinstance(here.app.screen, WelcomeScreen)
        for words in ("Email address", "Try the demo", "Edit the file", "config.toml"):
            assert words in here.text
        assert not here.config.exists()
        await here.press("q")
    assert here.app.return_code == 0 and here.app.then == ""


async def test_the_demo_is_one_key_away(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as here:
        await here.press("j", "enter")
    assert here.app.then == "demo"


async def test_an_account_is_tried_written_down_and_opened(tmp_path: Path, demo_server: Demos) -> None:
    server = demo_server(security="tls")
    one = demo_account(server, "tls")
    async with newcomer(tmp_path) as here:
        await here.form("Demo Person", one.address, "wrong")
        await here.servers(one)
        await here.press("enter")
        await here.shows("does not accept the login of demo@example.org")
        assert "does not accept the login" in here.below("Password")
        assert not here.config.exists()
        assert "Demo Person" in here.text and str(one.imap.port) in here.text
        await here.type("demo")  # the cursor stands where the fault is, and replaces what nobody can see to mend
        await here.press("enter")
        await here.until(lambda: here.app.then == "again")
        assert here.app.parting == "demo@example.org is set up. Its password is asked for in each run."
        assert here.credentials.password(load(here.config).accounts["example"]).reveal() == "demo"
    assert here.app.then == "again"
    expected = replace(one, key="example", name="Demo Person")
    assert load(here.config).accounts == {"example": expected}
    assert stat.S_IMODE(here.config.stat().st_mode) == 0o600
    assert "demo" not in here.config.read_text().replace("demo@example.org", "")
    assert not server.sent


async def test_a_real_server_is_set_up_and_its_mail_is_there(tmp_path: Path, dovecot: Dovecot) -> None:
    one = dovecot.account("tls")
    client = dovecot.other_client(one)
    client.append("INBOX", "", "", b"From: bob@example.net\r\nSubject: The first one\r\n\r\nHello\r\n")
    client.logout()
    async with newcomer(tmp_path) as here:
        await here.form("Ann Example", one.address, PASSWORD)
        await here.servers(one)
        await here.press("enter")
        await here.until(lambda: here.app.then == "again")
    keep = here.credentials.password(load(here.config).accounts["example"])
    async with newcomer(tmp_path) as here:
        assert isinstance(here.app.screen_stack[0], InboxScreen)
        here.app.mail.login("example", keep.reveal())
        await here.shows("The first one")


async def test_servers_and_hint_of_a_known_provider_are_there_before_the_password(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as here:
        await here.form("Ann", "ann@gmail.com", "")
        for words in ("imap.gmail.com", "smtp.gmail.com", "993 TLS", "465 TLS", "app password", "myaccount.google.com"):
            assert words in here.text
        await here.press("shift+tab")
        await here.put("ann@hotmail.com")
        assert "OAuth" in here.text and "outlook.office365.com" in here.text and "587 STARTTLS" in here.text
        await here.put("ann@web.de")
        await here.press("ctrl+o")
        assert here.line("User name").split() == ["User", "name", "ann"]


async def test_what_the_person_corrected_stays_when_the_address_changes(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as here:
        await here.form("Ann", "ann@gmail.com", "")
        await here.press("tab", "tab")
        await here.put("imap.corrected.example")
        await here.press("shift+tab", "shift+tab", "shift+tab")
        await here.put("ann@fastmail.com")
        assert "imap.corrected.example" in here.text
        assert "smtp.fastmail.com" in here.text


async def test_a_domain_of_its_own_gets_a_guess_that_says_so(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as here:
        await here.form("Ann", "ann@firm.example", "x")
        assert "imap.firm.example" in here.text and "a guess, 993 TLS" in here.text
        await here.press("tab", "tab")
        await here.put("imap.gmail.com")
        await here.shows("app password")  # a domain of one's own that is kept there
        assert "a guess" not in here.line("Reading")


async def test_a_mistyped_domain_is_asked_about(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as here:
        await here.form("Ann", "ann@gmial.com", "")
        assert "Did you mean gmail.com?" in here.text


async def test_what_is_missing_is_said_at_each_field_and_no_server_is_asked(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as here:
        await here.press("enter")
        await here.shows("Add an account")
        await here.press("ctrl+s")
        await here.shows("Which server?")
        assert here.below("Address") == "Which address is it?"
        assert "is missing" in here.below("Password")
        assert "Which server?" in here.below("Reading")
        await here.press("tab")
        await here.press("shift+tab")
        await here.put("no address")
        await here.press("ctrl+s")
        await here.shows("is not an address")
        assert "is not an address" in here.below("Address")


async def test_each_server_says_its_fault_in_its_own_place(tmp_path: Path, demo_server: Demos, sink: Sinks) -> None:
    one = demo_account(demo_server(security="tls"), "tls")
    closed = closed_port()
    async with newcomer(tmp_path) as here:
        await here.form("Demo", one.address, "demo")
        await here.servers(replace(one, imap=Server("localhost", closed)))
        await here.press("ctrl+s")
        await here.shows("the port is closed")
        assert f"Nothing listens at localhost:{closed}" in here.below("Reading")
        await here.press("tab")
        await here.put(str(one.imap.port))
        await here.press("tab", "tab", "tab")
        post = sink()
        await here.put(str(post.port))
        await here.press("ctrl+s")
        await here.shows("speaks without encryption")
        assert "speaks without encryption from the start" in here.below("Sending")
        assert not here.below("Reading")
        await here.press("tab")
        await here.put(str(one.smtp.port))
        await here.press("tab", "tab", "tab", "tab")
        await here.put("/nowhere/ca.pem")
        await here.press("enter")
        await here.shows("/nowhere/ca.pem is not there")
        assert "is not there or cannot be read" in here.below("CA file")
        await here.put(str(CA))
        await here.press("enter")
        await here.until(lambda: here.app.then == "again")


async def test_a_test_is_stopped_by_esc_and_what_was_typed_is_there_again(tmp_path: Path) -> None:
    with listener() as port:
        async with newcomer(tmp_path) as here:
            await here.form("Ann", "ann@example.org", "secret")
            await here.servers(Account("a", "a", Server("localhost", port), Server("localhost", port)))
            await here.press("ctrl+s")
            await here.shows("… Reading at localhost")
            await here.press("escape")
            await here.shows("· Reading at localhost")
            assert isinstance(here.app.screen, SetupScreen)
            await here.press("escape")
            await here.until(lambda: isinstance(here.app.screen, WelcomeScreen))
            await here.press("enter")
            await here.shows("Add an account")
            assert "ann@example.org" in here.text and "••••••" in here.text and "localhost" in here.line("Reading")


async def test_what_is_changed_meanwhile_ends_the_test_of_what_was(tmp_path: Path) -> None:
    with listener() as port:
        async with newcomer(tmp_path) as here:
            await here.form("Ann", "ann@example.org", "secret")
            await here.servers(Account("a", "a", Server("localhost", port), Server("localhost", port)))
            await here.press("ctrl+s")
            await here.shows("… Reading at localhost")
            await here.type("1")
            await here.shows("· Reading at localhost")
            assert not here.config.exists()


async def test_the_password_goes_to_the_keyring_and_is_read_back(
    tmp_path: Path, demo_server: Demos, safe: Kept
) -> None:
    one = demo_account(demo_server(security="tls"), "tls")
    async with newcomer(tmp_path) as here:
        await here.form("Demo", one.address, "demo")
        assert "from the system's keyring" in here.line("Next time")
        await here.servers(one)
        await here.press("enter")
        await here.until(lambda: here.app.then == "again")
        assert here.app.parting.endswith("Its password is in the keyring.")
    assert safe.entries == {("tui-mail:localhost", "demo@example.org"): "demo"}


async def test_a_keyring_that_does_not_keep_is_said_and_another_way_is_taken(
    tmp_path: Path, demo_server: Demos, safe: Kept
) -> None:
    keyring.set_keyring(Forgetful())
    one = demo_account(demo_server(security="tls"), "tls")
    async with newcomer(tmp_path) as here:
        await here.form("Demo", one.address, "demo")
        await here.servers(one)
        await here.press("enter")
        await here.shows("was not kept")
        assert "was not kept" in here.below("Next time")
        assert "asked for in each run" in here.line("Next time")
        assert not here.config.exists()
        await here.press("enter")
        await here.until(lambda: here.app.then == "again")
    assert list(load(here.config).accounts) == ["example"]


async def test_a_command_may_print_the_password(tmp_path: Path, demo_server: Demos) -> None:
    one = demo_account(demo_server(security="tls"), "tls")
    async with newcomer(tmp_path) as here:
        await here.form("Demo", one.address, "")
        await here.servers(one)
        await here.press(*["shift+tab"] * 9)
        await here.shows("no keyring here")
        await here.press("space")
        assert "printed by a command" in here.line("Next time")
        await here.press("shift+tab")
        await here.put("missing-program x")
        await here.press("enter")
        await here.shows("There is no program missing-program.")
        await here.put("echo wrong")
        await here.press("enter")
        await here.shows("does not accept the login")
        assert "does not accept the login" in here.below("Command")
        await here.put("echo demo")
        await here.press("enter")
        await here.until(lambda: here.app.then == "again")
    assert load(here.config).accounts["example"].password_command == ("echo", "demo")


async def test_without_a_network_it_can_be_saved_all_the_same(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as here:
        await here.form("Ann", "ann@example.org", "secret")
        assert "Save untested" not in here.text
        await here.servers(Account("a", "a", Server("localhost", closed_port()), Server("localhost", closed_port())))
        await here.press("ctrl+s")
        await here.shows("the port is closed")
        await here.pilot.click("#anyway")
        await here.until(lambda: here.app.then == "again")
    assert load(here.config).accounts["example"].address == "ann@example.org"


async def test_what_stands_in_the_file_stays(tmp_path: Path) -> None:
    text = '# mine, all mine\n[ui]\ntheme = "house-light"   # bright\n'
    async with newcomer(tmp_path, config=text) as here:
        await here.form("Ann", "ann@example.org", "secret")
        await here.servers(Account("a", "a", Server("localhost", closed_port()), Server("localhost", 1)))
        await here.press("ctrl+s")
        await here.shows("the port is closed")
        await here.pilot.click("#anyway")
        await here.until(lambda: here.app.then == "again")
    assert here.config.read_text().startswith(text)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40)])
async def test_everything_is_within_reach_by_mouse_and_by_tab_on_any_screen(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with newcomer(tmp_path, size=size) as here:
        await here.pilot.click("OptionList", offset=(5, 1))
        await here.shows("Add an account")
        await here.pilot.click("#address")
        await here.type("ann@gmail.com")
        await here.press("ctrl+o")
        seen = set()
        for _ in range(20):
            await here.press("tab")
            focused = here.app.focused
            assert focused is not None and here.app.screen.region.contains_region(focused.region)
            seen |= {focused.id, *focused.classes}
        assert {"name", "address", "password", "keep", "user", "ca", "test", "back", "host", "port"} <= seen
        await here.pilot.click("#back")
        await here.until(lambda: isinstance(here.app.screen, WelcomeScreen))


async def test_the_file_can_be_edited_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", editor(tmp_path, "sed -i '/^#[[a-z]/s/^#//' \"$file\""))
    async with newcomer(tmp_path) as here:
        await here.press("3")
        await here.until(lambda: here.app.then == "again")
    assert list(load(here.config).accounts) == ["work"]


async def test_a_file_that_nobody_wrote_in_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", editor(tmp_path, "true"))
    async with newcomer(tmp_path) as here:
        await here.press("3")
        await here.until(lambda: here.toasts)
        assert here.toasts == ["No account stands in the file yet."]
        assert not here.config.exists()


async def test_the_same_account_is_not_set_up_twice(tmp_path: Path) -> None:
    text = '[accounts.home]\nenabled = false\naddress = "ann@gmail.com"\n'
    text += 'imap = { host = "imap.gmail.com", port = 993 }\nsmtp = { host = "smtp.gmail.com", port = 465 }\n'
    async with newcomer(tmp_path, config=text) as here:
        await here.form("Ann", "ann@gmail.com", "x")
        await here.press("enter")
        await here.shows("is set up already, as “home”")


async def type_ahead(here: Newcomer) -> None:
    await here.pilot.press("enter", *"Ann", "enter", *"a@b.example", "enter", *"pw")


async def test_keys_that_come_early_stand_where_they_were_meant(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as here:
        await here.press("enter")
        await here.shows("Add an account")
        await here.put("")
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, WelcomeScreen))
        await type_ahead(here)
        await here.shows("••")
        assert here.line("Name").split() == ["Name", "Ann"]
        assert here.line("Address").split() == ["Address", "a@b.example"]
