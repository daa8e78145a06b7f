"""A short form of the sending sweep: killed at every step, and past a server in every mood."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.private_dovecot import Dovecot
from tests.sweeps import sending
from tests.sweeps.carrier import STEPS, told
from tests.sweeps.place import open_place


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_a_letter_goes_once_or_is_known_not_to_be_known(tmp_path: Path, step: str) -> None:
    with open_place("full", {}) as place:
        words = told(place.account, place.secret.reveal())
        assert sending.die_at(tmp_path / "data", words, step)
        [letter] = sending.rest(tmp_path / "data", words)
        other = place.other()
        filed = len(sending.in_sent(other))
        other.logout()
        state, delivered = sending.AFTER[step]
        assert (letter.state, len(place.received()), filed) == (state, delivered, state == "done")


def test_past_every_mood_of_a_server_and_over_lines_that_break() -> None:
    for seed in (1, 2):
        with open_place("full", {}) as place:
            assert sending.run(place, seed, deaths=1)


def test_past_a_real_server_that_is_told_no_by_the_next_one(dovecot: Dovecot) -> None:
    with open_place("dovecot", {"dovecot": dovecot}) as place:
        assert sending.run(place, 3, deaths=1)
