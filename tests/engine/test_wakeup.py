"""News wake the program, wherever they are announced; a line that is of no use any more is made anew in silence."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.backend import desk as desks
from tests.backend.desk import Desk, letter
from tests.backend.worlds import DemoWorld
from tests.engine.world import Machine, fill, folder, ids, subjects
from tests.servers import Demos, demo_account
from tui_mail.backend.contract import Heard, RemoteFolder, Status
from tui_mail.config.credentials import Secret
from tui_mail.demo import quirks as demo
from tui_mail.demo.server import Server
from tui_mail.engine.hearing import Hearing
from tui_mail.engine.patience import DELAYS, Patience
from tui_mail.engine.pulse import Pulse, whereabouts
from tui_mail.engine.rounds import Rounds
from tui_mail.model.errors import Offline, Refused
from tui_mail.model.event import Connection, Failed, Noticed
from tui_mail.model.folder import Role

ME = "demo@example.org"


@contextmanager
def running(
    servers: Demos, data: Path, offers: Iterable[str] = demo.MODERN, quirks: Iterable[str] = ()
) -> Iterator[tuple[Desk, Server]]:
    server = servers(capabilities=offers, quirks=quirks)
    world = DemoWorld(server)
    world.add("INBOX", letter("first", ME))
    with desks.running(data, demo_account(server, key="work"), Secret("demo"), world) as desk:
        desk.until(lambda: desk.mail.role("work", Role.INBOX) and ids(desk.mail), "the first sync")
        assert desk.mail.settled()
        server.log.wait_for("IDLE")
        yield desk, server


def test_mail_that_a_rule_files_elsewhere_shows_up_at_once_where_the_server_notifies(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data") as (desk, _):
        desk.other.add("Archive", letter("filed by a rule", ME))
        desk.until(lambda: subjects(desk.mail, Role.ARCHIVE) == ["filed by a rule"], "news of another folder")


def test_new_mail_shows_up_at_once_where_only_one_connection_is_allowed(demo_server: Demos, tmp_path: Path) -> None:
    with running(demo_server, tmp_path / "data", quirks=["connection_limit=1"]) as (desk, server):
        assert server.connections == 1
        desk.other.add("INBOX", letter("second", ME))
        desk.until(lambda: subjects(desk.mail)[0] == "second", "new mail on the only line")
        desk.mail.archive(ids(desk.mail)[:1])
        desk.until(lambda: desk.there("Archive") == [b"second"], "an action on the line that listens")
        assert not desk.ears.of(Failed)


def test_a_server_that_never_tells_what_it_promised_to_is_listened_to_as_one_that_promised_nothing(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", quirks=["deaf_notify"]) as (desk, server):
        watch = desk.mail._accounts._watches["work"]
        assert watch.hears_all
        server.log.clear()
        watch.distrust()
        server.log.wait_for("IDLE")
        assert not watch.hears_all and not [line for line in server.log if line.startswith("NOTIFY")]
        desk.other.add("INBOX", letter("second", ME))
        desk.until(lambda: subjects(desk.mail)[0] == "second", "new mail")


def test_a_server_that_allows_one_connection_and_never_tells_what_it_promised_to_is_found_out(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", quirks=["connection_limit=1", "deaf_notify"]) as (desk, server):
        session = desk.mail._accounts._sessions["work"]
        desk.until(lambda: session.hears_all, "the only line listens to all folders")
        now = time.monotonic()
        desk.mail._accounts._hearings["work"]._clock = lambda: now
        for number in range(6):
            desk.mail.refresh()
            assert desk.mail.settled()
            desk.until(lambda: said_on_the_last_line(server)[-1] == "IDLE", "it listens again")
            desk.other.add("Archive", letter(f"filed {number}", ME))
            now += 60
        desk.until(lambda: not session.hears_all, "a new line")
        desk.until(lambda: "IDLE" in said_on_the_last_line(server), "it listens")
        assert not [line for line in said_on_the_last_line(server) if line.startswith("NOTIFY")]
        desk.other.add("INBOX", letter("second", ME))
        desk.until(lambda: subjects(desk.mail)[0] == "second", "new mail")


def said_on_the_last_line(server: Server) -> list[str]:
    said = list(server.log)
    return said[max(place for place, line in enumerate(said) if line.startswith("AUTHENTICATE")) :]


def test_what_is_done_on_the_only_line_is_no_sign_of_deafness(demo_server: Demos, tmp_path: Path) -> None:
    with running(demo_server, tmp_path / "data", quirks=["connection_limit=1", "deaf_notify"]) as (desk, _):
        session = desk.mail._accounts._sessions["work"]
        desk.until(lambda: session.hears_all, "the only line listens to all folders")
        now = time.monotonic()
        desk.mail._accounts._hearings["work"]._clock = lambda: now
        for number in range(6):
            desk.mail.refresh()
            assert desk.mail.settled()
            desk.mail.undo() if number % 2 else desk.mail.archive(ids(desk.mail))
            assert desk.mail.settled()
            now += 60
        assert session.hears_all


class Folders:
    """What a server has and tells, minute by minute."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.counts = {b"INBOX": 5, b"Archive": 9}
        self.hearing = Hearing(clock=lambda: self.now)
        self.hearing.told(Heard(listing=True))

    def comes(self, raw: bytes, *, after: float = 60) -> None:
        self.now += after
        self.counts[raw] += 1

    def tells(self, *raws: bytes, after: float = 1) -> None:
        self.now += after
        self.hearing.told(Heard(frozenset(raws)))

    def remote(self) -> list[RemoteFolder]:
        return [
            RemoteFolder(raw, raw.decode(), "/", status=Status(count, 0, count + 1))
            for raw, count in self.counts.items()
        ]

    def is_deaf(self, *, after: float = 60, is_asked: bool = False) -> bool:
        """At a look."""
        self.now += after
        return self.hearing.is_deaf_to(self.remote(), is_asked=is_asked)

    def lacking(self) -> int:
        """At a look."""
        return self.hearing.lacking(self.remote())


def test_news_that_only_looks_find_mean_a_deaf_server_and_those_that_are_told_do_not() -> None:
    there = Folders()
    assert not there.is_deaf()
    there.comes(b"Archive")
    there.tells(b"Archive")
    assert not there.is_deaf() and not there.is_deaf()
    there.comes(b"Archive")
    assert not there.is_deaf(), "it may be about to tell"
    assert there.is_deaf()


def test_on_the_line_that_is_to_tell_it_takes_two_such_news() -> None:
    there = Folders()
    assert not there.is_deaf(is_asked=True)
    there.comes(b"Archive")
    assert not there.is_deaf(is_asked=True) and not there.is_deaf(is_asked=True)
    there.comes(b"Archive")
    assert there.is_deaf(is_asked=True)
    there.tells(b"Archive")
    assert not there.is_deaf(is_asked=True)


def test_of_what_we_do_there_ourselves_nothing_need_be_told() -> None:
    there = Folders()
    assert not there.is_deaf()
    there.comes(b"Archive")
    there.hearing.told(Heard(own=frozenset({b"Archive"})))
    assert not there.is_deaf() and not there.is_deaf()


def test_news_that_are_found_just_before_they_are_told_or_just_after_are_no_sign_of_deafness() -> None:
    there = Folders()
    assert not there.is_deaf()
    there.comes(b"Archive")
    assert not there.is_deaf(after=1)
    there.tells(b"Archive")
    assert not there.is_deaf()
    there.tells(b"INBOX")
    there.comes(b"INBOX", after=0)
    assert not there.is_deaf(after=2) and not there.is_deaf()


def test_a_folder_that_two_looks_do_not_find_although_it_was_told_of_is_hidden_from_them() -> None:
    there = Folders()
    assert there.lacking() == 0
    there.tells(b"INBOX", b"Trips")
    assert there.lacking() == 1, "it may have come while they were listed"
    there.counts[b"Trips"] = 1
    assert there.lacking() == 0
    there.tells(b"Plans")
    assert [there.lacking() for _ in range(3)] == [1, 2, 0]


def test_what_came_while_nobody_listened_is_no_sign_of_deafness() -> None:
    there = Folders()
    assert not there.is_deaf()
    there.comes(b"Archive")
    there.hearing.told(Heard(listing=True))
    assert not there.is_deaf() and not there.is_deaf()


@pytest.mark.parametrize("quirk", ["deaf_notify", "refuse_notify", "notify_overflows", "refuse_idle"])
def test_new_mail_in_the_inbox_does_not_depend_on_what_a_server_says_it_can(
    demo_server: Demos, tmp_path: Path, quirk: str
) -> None:
    server = demo_server(capabilities=demo.MODERN, quirks=[quirk])
    world = DemoWorld(server)
    with desks.running(tmp_path / "data", demo_account(server, key="work"), Secret("demo"), world, poll=0.1) as desk:
        desk.until(lambda: desk.mail.role("work", Role.INBOX), "the first sync")
        assert desk.mail.settled()
        desk.other.add("Archive", letter("elsewhere", ME))
        desk.other.add("INBOX", letter("second", ME))
        desk.until(lambda: subjects(desk.mail) == ["second"], "new mail")


def test_a_line_from_before_a_sleep_is_made_anew_and_nobody_hears_of_it(demo_server: Demos, tmp_path: Path) -> None:
    with running(demo_server, tmp_path / "data") as (desk, server):
        before = [line for line in server.log if line.startswith("AUTHENTICATE")]
        desk.mail._accounts._jolted()  # what the pulse calls; a real sleep is not to be had here
        desk.ears.wait(Connection, lambda event: event.state == "connecting")
        desk.until(lambda: desk.mail.connection("work").state == "online", "a new line")
        server.wait_for(lambda: len([line for line in server.log if line.startswith("AUTHENTICATE")]) > len(before))
        assert not [event for event in desk.ears.of(Connection) if event.state == "offline"]


def test_a_server_that_goes_away_is_noticed_without_a_key(demo_server: Demos, tmp_path: Path) -> None:
    with running(demo_server, tmp_path / "data") as (desk, server):
        server.stop()
        desk.until(lambda: desk.mail.connection("work").state == "offline", "the truth about the line")


def test_what_the_server_wants_the_person_to_read_is_shown_once(demo_server: Demos, tmp_path: Path) -> None:
    with running(demo_server, tmp_path / "data") as (desk, server):
        server.refuse("NOOP|STATUS|LIST|SELECT", "OK [ALERT] The cellar is flooded", times=3)
        desk.mail.refresh()
        told = desk.ears.wait(Noticed)
        assert told.text == "The server of work says: The cellar is flooded"


def test_a_server_that_wants_us_to_slow_down_is_left_alone_until_the_person_asks(here: Machine) -> None:
    fill(here.box, 5)
    mail = here.start()
    here.box.refuse("open", Refused("Slow down.", permanent=False, code="THROTTLED"))
    mail.refresh()
    here.ears.wait(Failed)
    slowed = here.ears.wait(Connection, lambda event: event.state == "online" and event.retry_at is not None)
    assert not slowed.is_well(here.now) and slowed.is_well(here.now + 61)
    here.box.log.clear()
    mail.refresh()
    assert mail.settled()
    assert not [line for line in here.box.log if line.startswith("folders")]
    assert mail.read(ids(mail)[0]).result(timeout=20).subject == "mail 4"


# --- a person who waits


def test_checking_mail_on_a_line_that_had_died_is_answered_by_the_next_line_at_once(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    here.box.refuse("folders", Offline("The line was dead for an hour."))
    fill(here.box, 1, start=7)
    mail.refresh()
    assert mail.settled()
    assert subjects(mail)[0] == "mail 7"
    assert "offline" not in [event.state for event in here.ears.of(Connection)]


def test_going_to_a_folder_on_a_line_that_had_died_shows_what_is_new_there_at_once(here: Machine) -> None:
    mail = here.start()
    fill(here.box, 1, "Archive")
    here.box.refuse("open", Offline("The line was dead for an hour."))
    mail.opened(folder(mail, Role.ARCHIVE).id)
    assert mail.settled()
    assert subjects(mail, Role.ARCHIVE) == ["mail 0"]
    assert "offline" not in [event.state for event in here.ears.of(Connection)]


def test_a_server_that_hangs_up_again_is_left_alone_for_a_while(here: Machine) -> None:
    mail = here.start()
    here.box.refuse("folders", Offline("Not now."), times=2)
    mail.refresh()
    here.ears.wait(Connection, lambda event: event.state == "offline")


def test_whoever_comes_back_to_the_terminal_has_the_server_asked_unless_it_just_was(here: Machine) -> None:
    now = [1000.0]
    rounds = Rounds(lambda *job: None, keep="headers", online=lambda: None, clock=lambda: now[0])
    rounds.look(here.start()._accounts.session("work")._desk)
    for seconds, is_due in ((10, False), (10, True)):
        now[0] += seconds
        rounds.welcome()
        assert (rounds.pause() <= 0) is is_due


# --- the pulse


def test_a_machine_that_slept_or_moved_is_noticed_and_one_that_only_ran_is_not() -> None:
    now = {"wall": 1000.0, "clock": 50.0}
    here = [frozenset({"192.168.1.5"})]
    jolts: list[str] = []
    pulse = Pulse(
        lambda: jolts.append("jolt"), where=lambda: here[0], wall=lambda: now["wall"], clock=lambda: now["clock"]
    )

    def beat(*, wall: float = 5, clock: float = 5) -> int:
        now["wall"] += wall
        now["clock"] += clock
        jolts.clear()
        pulse.beat()
        return len(jolts)

    assert beat() == 0
    assert beat(wall=90, clock=90) == 0  # a busy machine is no sleeping one
    assert beat(wall=3600) == 1
    here[0] = frozenset()
    assert beat() == 0  # no network: nothing to try
    here[0] = frozenset({"10.0.0.7"})
    assert beat() == 1
    assert beat() == 0


def test_whereabouts_are_asked_without_sending_anything() -> None:
    assert whereabouts() == whereabouts()


# --- patience


def test_a_line_that_lived_well_is_made_anew_at_once_and_one_that_keeps_failing_ever_later() -> None:
    patience = Patience()
    delays = [patience.failed() or 0 for _ in range(9)]  # each of them made when its time had come
    assert 0.8 <= delays[0] <= 1.2 and 240 <= delays[-1] <= 360
    assert all(0.8 * due <= delay <= 1.2 * due for due, delay in zip(DELAYS, delays, strict=False))
    patience.forgive()
    assert (patience.failed() or 0) <= 1.2
    assert not patience.is_resting
    patience.slow_down()
    assert patience.is_resting and 0 < (patience.rest or 0) <= 60


def test_keys_that_try_before_the_time_do_not_make_the_next_try_wait_longer() -> None:
    patience = Patience()
    due = patience.failed() or 0
    for _ in range(20):  # the person files twenty letters on a train
        patience.begin()
        assert 0 < (patience.failed() or 0) <= due
    assert patience.tries == 1
