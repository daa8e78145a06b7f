"""A short form of every sweep; `python -m tests.sweeps` runs the long ones."""

from __future__ import annotations

import pytest

from tests.private_dovecot import Dovecot
from tests.sweeps import chaos, differential, killing
from tests.sweeps.place import open_place


@pytest.mark.parametrize("server", ["plain", "basic", "condstore", "full", "no-uidplus", "uidnext-low", "messagelimit"])
def test_beside_a_second_program_both_sides_agree_in_the_end(server: str) -> None:
    with open_place(server, {}) as place:
        assert differential.run(place, 1, steps=30)


def test_beside_a_second_program_a_real_server_agrees_in_the_end(dovecot: Dovecot) -> None:
    with open_place("dovecot", {"dovecot": dovecot}) as place:
        assert differential.run(place, 1, steps=30)


def test_wherever_the_line_breaks_the_morning_ends_alike() -> None:
    with open_place("full", {}) as place:
        traffic = chaos.measure(place)
    for seed in (2, 3):
        with open_place("full", {}) as place:
            chaos.run(place, seed, traffic)
    with open_place("full", {}) as place:
        chaos.cut(place, 61, traffic)


def test_whatever_a_stranger_says_between_two_answers_the_morning_ends_alike() -> None:
    with open_place("full", {}) as place:
        traffic = chaos.measure(place)
    with open_place("full", {}) as place:
        assert chaos.forge(place, traffic)


def test_what_a_killed_program_promised_stands_once() -> None:
    with open_place("full", {}) as place:
        assert killing.run(place, 1, deaths=2)
