"""A server that nobody vouches for: its certificate is shown with its facts, and trusted on demand alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.backend.test_certificate import sha256
from tests.servers import demo_account
from tests.sink import server_tls
from tests.ui.newcomer import Newcomer, newcomer
from tests.ui.world import World
from tui_mail.config.exceptions import Exceptions
from tui_mail.config.file import append_account, load
from tui_mail.config.settings import Account
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import Server
from tui_mail.model.certificate import spelled
from tui_mail.ui.screens.certificate_dialog import CertificateDialog


@pytest.fixture
def bridge() -> Iterator[Account]:
    """An account at a bridge on this machine, which signed its own certificate."""
    server = Server(Mailbox(), tls=server_tls("bridge"), security="tls").start()
    yield replace(demo_account(server, "tls"), ca_file=None)
    server.stop()


async def asked(here: Newcomer | World) -> CertificateDialog:
    end = asyncio.get_running_loop().time() + 10
    while not isinstance(here.app.screen, CertificateDialog):
        assert asyncio.get_running_loop().time() < end, "nobody asked"
        await here.pilot.pause(0.01)
    return here.app.screen


async def test_a_bridge_is_set_up_once_its_certificates_were_looked_at(tmp_path: Path, bridge: Account) -> None:
    async with newcomer(tmp_path, size=(100, 30)) as here:
        await here.form("Ann", bridge.address, "demo")
        await here.servers(bridge)
        await here.press("ctrl+s")
        await asked(here)
        await here.shows("Mail Bridge")
        await here.shows("itself alone")
        assert spelled(sha256("bridge"))[:20] in here.text
        await here.press("escape")
        await here.shows("is signed by itself alone")
        assert not here.config.exists()
        await here.press("ctrl+s")
        for _ in ("reading", "sending"):
            dialog = await asked(here)
            await here.press("tab", "enter")
            await here.until(lambda dialog=dialog: here.app.screen is not dialog)  # type: ignore[misc]  # bound
        await here.until(lambda: here.config.exists())
        account = next(iter(load(here.config).accounts.values()))
        trusted = Exceptions(tmp_path / "data" / "certificates.toml")
        assert trusted.of(account.imap) == trusted.of(account.smtp) == sha256("bridge")


async def test_a_certificate_that_changed_is_asked_about_again_and_both_are_shown(
    tmp_path: Path, bridge: Account
) -> None:
    append_account(tmp_path / "config.toml", replace(bridge, password_command=("echo", "demo")))
    exceptions = Exceptions(tmp_path / "data" / "certificates.toml")
    exceptions.trust(bridge.imap, sha256("selfsigned"))
    async with newcomer(tmp_path, config=(tmp_path / "config.toml").read_text(), size=(100, 30)) as here:
        await asked(here)
        await here.shows("Another certificate")
        for name in ("bridge", "selfsigned"):
            assert spelled(sha256(name))[:20] in here.text
        assert here.app.mail.connection(bridge.key).state == "offline"
        await here.press("tab", "enter")
        await here.until(lambda: here.app.mail.connection(bridge.key).state == "online")
        assert exceptions.of(bridge.imap) == sha256("bridge")
