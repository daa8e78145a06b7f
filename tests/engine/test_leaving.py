"""A list is left by one request, which the person can call back until it goes, and which a restart does not forget."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backend.web_server import CERTS, answer, web_server
from tests.engine.world import SETTINGS, machine
from tui_mail.backend.web import Web
from tui_mail.config.settings import Compose, Settings
from tui_mail.model.event import Failed, Left

OPEN = Web(allows=lambda address: True, ca_file=CERTS / "ca.pem", timeout=5)
LATER = Settings(SETTINGS.accounts, compose=Compose(undo_send=60), sync=SETTINGS.sync)
TAKEN = {"/u": answer(b"", "text/plain")}


def test_one_post_leaves_the_list_and_is_told(tmp_path: Path) -> None:
    with web_server(TAKEN) as server, machine(tmp_path) as here:
        here.web = OPEN
        here.start().leave(server.url("/u"), "The choir").result(20)
        assert here.ears.wait(Left).name == "The choir"
        assert [asked.split(b" ")[0] for asked in server.asked] == [b"POST"]
        assert server.asked[0].endswith(b"\r\n\r\nList-Unsubscribe=One-Click")


def test_called_off_in_time_nothing_is_asked(tmp_path: Path) -> None:
    with web_server(TAKEN) as server, machine(tmp_path, settings=LATER) as here:
        here.web = OPEN
        mail = here.start()
        number = mail.leave(server.url("/u"), "The choir").result(20)
        assert mail.stay(number) and not mail.stay(number)
        mail.settled()
        here.close()
        here.now += 100
        here.start()
        assert server.asked == []


def test_what_was_not_asked_before_the_program_ended_is_asked_after_the_next_start(tmp_path: Path) -> None:
    with web_server(TAKEN) as server, machine(tmp_path, settings=LATER) as here:
        here.web = OPEN
        here.start().leave(server.url("/u"), "The choir").result(20)
        here.close()
        assert server.asked == []
        here.now += 100
        here.start()
        here.ears.wait(Left)
        here.close()
        here.start()
        here.close()
        assert len(server.asked) == 1


@pytest.mark.parametrize("web", [OPEN, Web(ca_file=CERTS / "ca.pem")])
def test_a_refusal_is_told_once(tmp_path: Path, web: Web) -> None:
    with web_server({}) as server, machine(tmp_path) as here:
        here.web = web
        here.start().leave(server.url("/gone"), "The choir").result(20)
        assert "The choir was not left" in str(here.ears.wait(Failed).error)
