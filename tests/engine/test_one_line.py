"""Lines are scarce and break: the session goes before the watch, and what waited for a line goes out with the next."""

from __future__ import annotations

from pathlib import Path

from tests.backend import desk as desks
from tests.backend.desk import letter
from tests.backend.worlds import DemoWorld
from tests.engine.world import Machine, draft, ids, on_server
from tests.servers import Demos, demo_account
from tui_mail.config.credentials import Secret
from tui_mail.model.errors import Offline
from tui_mail.model.event import Connection


def test_a_watch_holds_no_line_while_the_session_has_none(demo_server: Demos, tmp_path: Path) -> None:
    """Where a server allows one connection, the watch would keep the session out for ever."""
    server = demo_server()
    with desks.running(tmp_path / "data", demo_account(server, key="work"), Secret("demo"), DemoWorld(server)) as desk:
        server.log.wait_for("IDLE")
        server.refuse("AUTHENTICATE|LOGIN", "NO [LIMIT] Too many connections", times=None)
        server.cut("LIST")
        desk.mail.refresh()
        desk.ears.wait(Connection, lambda event: event.state == "offline")
        server.wait_for(lambda: server.connections == 0)
        server.faults.clear()
        desk.mail.refresh()
        server.wait_for(lambda: server.connections == 2)
        desk.other.add("INBOX", letter("new", "demo@example.org"))
        desk.until(lambda: ids(desk.mail), "new mail that is announced")


def test_a_copy_that_waited_for_the_line_is_filed_with_the_next(here: Machine) -> None:
    mail = here.start()
    here.box.refuse("append", Offline("The line was cut."), times=2)  # tried twice, then given up until the next
    mail.send(draft("Hello")).result(timeout=20)
    here.ears.wait(Connection, lambda event: event.state == "offline")
    mail.refresh()
    assert mail.settled()
    assert not mail.outbox() and on_server(here.box, "Sent") == ["Hello"]
