"""A program that has nothing to do does nothing, and one whose server hangs still ends at once."""

from __future__ import annotations

import imaplib
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import Demos, demo_account
from tests.sweeps.other import Fate
from tests.sweeps.person import Person
from tests.sweeps.place import Place
from tui_mail.config.credentials import Secret
from tui_mail.demo.server import Server
from tui_mail.model.event import Connection

_WATCHED = 1.5
"""Seconds over which the processor's time is counted: it is what is measured, not waited for."""


@contextmanager
def person(server: Server, data: Path) -> Iterator[Person]:
    def other() -> imaplib.IMAP4:
        return imaplib.IMAP4("127.0.0.1", server.imap_port)

    place = Place("demo", demo_account(server, key="work"), Secret("demo"), other)
    one = Person(place, data, random.Random(1), Fate())
    try:
        yield one
    finally:
        one.close()


@pytest.mark.parametrize("quirks", [(), ("eof_in_idle",), ("refuse_idle",)], ids=["idle", "hangs-up", "refuses"])
def test_a_program_at_rest_takes_next_to_no_processor(demo_server: Demos, tmp_path: Path, quirks: list[str]) -> None:
    server = demo_server(quirks=quirks)
    with person(server, tmp_path / "data") as one:
        one.ears.wait(Connection, lambda event: event.state == "online")
        assert one.mail.settled(5)
        server.log.wait_for("IDLE")
        begun = time.process_time()
        threading.Event().wait(_WATCHED)
        assert time.process_time() - begun < 0.04 * _WATCHED


def test_it_ends_within_a_second_while_the_server_hangs(demo_server: Demos, tmp_path: Path) -> None:
    server = demo_server()
    with person(server, tmp_path / "data") as one:
        one.ears.wait(Connection, lambda event: event.state == "online")
        assert one.mail.settled(5)
        server.hold()
        server.log.clear()
        one.mail.refresh()
        server.log.wait_for("LIST|SELECT")
        begun = time.monotonic()
        one.mail.close()
        assert time.monotonic() - begun < 1.2
        server.release()
