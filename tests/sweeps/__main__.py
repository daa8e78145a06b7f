"""`python -m tests.sweeps differential --seeds 20 --server all`: prints every seed and what it found."""

from __future__ import annotations

import argparse
import functools
import os
import sys
import tempfile
import time
from pathlib import Path

from tests import private_postfix
from tests.sweeps import chaos, differential, keys, killing, sending, terminal, typing
from tests.sweeps.differential import Wrong
from tests.sweeps.place import MAILDIRS, NAMES, QUIRKS, SETS, open_place, posted
from tests.sweeps.real import CYRUSES, DOVECOTS, OTHERS, Real, why_not

_GROUPS = {
    "demo": (*SETS, *QUIRKS),
    "sets": tuple(SETS),
    "quirks": tuple(QUIRKS),
    "dovecot": tuple(DOVECOTS),
    "cyrus": tuple(CYRUSES),
    "others": OTHERS,
    "all": NAMES,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sweeps", description=__doc__)
    parser.add_argument(
        "sweep", choices=["differential", "chaos", "killing", "sending", "typing", "terminal", "cuts", "keys"]
    )
    parser.add_argument("--seeds", type=int, default=20, help="how many on each server")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--steps", type=int, default=differential.STEPS)
    parser.add_argument("--minutes", type=float, default=60, help="how long a terminal sweep goes on")
    parser.add_argument("--server", help=f"{', '.join([*_GROUPS, *NAMES])}, or imap://user:password@localhost:port")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where a terminal sweep leaves the program's files")
    parser.add_argument("--stop", action="store_true", help="end at the first failure")
    given = parser.parse_args()
    if given.server == "postfix":
        return _past_postfix(given.sweep, range(given.first, given.first + given.seeds))
    begun: dict[str, Real] = {}
    failed = 0
    if given.sweep == "typing":
        return _typing(given.first, given.seeds)
    if given.sweep == "keys":
        failed = keys.run(say)
        say(f"{failed} failed")
        return bool(failed)
    if given.sweep == "terminal":
        return _terminal(given.server or "dovecot", given.first, given.minutes, given.keep)
    given.server = given.server or "all"
    try:
        for name in _GROUPS.get(given.server, (given.server,)):
            if why := _why_left_out(given.sweep, name):
                say(f"{name}: left out, {why}")
                continue
            for seed in range(given.first, given.first + given.seeds):
                failed += not one(given.sweep, name, seed, given.steps, begun)
                if failed and given.stop:
                    return 1
    finally:
        _stop(begun)
    say(f"{failed} failed")
    return bool(failed)


def _typing(first: int, seeds: int) -> int:
    """Needs no server but the one in memory: a terminal, keys, and a kill at a random moment."""
    ages, failed = [], 0
    for seed in range(first, first + seeds):
        with tempfile.TemporaryDirectory(prefix="tm-typing-") as folder:
            try:
                ages.append(typing.run(seed, Path(folder)))
            except Wrong as error:
                say(f"typing seed {seed}: WRONG\n{error}\n")
                failed += 1
    if ages:
        say(f"{len(ages)} deaths; the oldest missing key was {max(ages) * 1000:.0f} ms old")
    say(f"{failed} failed")
    return bool(failed)


def _terminal(name: str, seed: int, minutes: float, keep: Path | None) -> int:
    """One long run: keys in a real terminal, and a second program beside it."""
    begun: dict[str, Real] = {}
    if why := _why_left_out("terminal", name):
        say(f"{name}: left out, {why}")
        return 1
    try:
        with open_place(name, begun) as place, tempfile.TemporaryDirectory(prefix="tm-terminal-") as folder:
            home = keep or Path(folder)
            home.mkdir(parents=True, exist_ok=True)
            say(f"terminal {name} seed {seed}: {terminal.run(place, seed, minutes, home)}; {minutes:g} minutes")
    except Wrong as error:
        say(f"terminal {name} seed {seed}: WRONG\n{error}")
        return 1
    finally:
        _stop(begun)
    return 0


def _stop(begun: dict[str, Real]) -> None:
    for real in begun.values():
        real.stop()


def _why_left_out(sweep: str, name: str) -> str:
    """Why this sweep cannot be had on that server, or empty."""
    if name in MAILDIRS:
        if sweep != "differential":
            return "there is no line that could break"
        if os.geteuid() == 0:
            return "run it as another user than root, whose files Dovecot may not read"
        return why_not("dovecot")
    return why_not(name) if name in (*DOVECOTS, *OTHERS) else ""


def one(sweep: str, name: str, seed: int, steps: int, begun: dict[str, Real]) -> bool:
    start = time.monotonic()
    try:
        found = _run(sweep, name, seed, steps, begun)
    except Wrong as error:
        say(f"{sweep} {name} seed {seed}: WRONG\n{error}\n")
        return False
    say(f"{sweep} {name} seed {seed}: {found}; {time.monotonic() - start:.1f} s")
    return True


def _run(sweep: str, name: str, seed: int, steps: int, begun: dict[str, Real]) -> str:
    if sweep in ("chaos", "cuts"):
        traffic = _traffic(name, begun)  # before the place is opened: the letter of this morning is not one of that
        with open_place(name, begun) as place:
            return (chaos.run if sweep == "chaos" else chaos.cut)(place, seed, traffic)
    if sweep == "killing":
        with open_place(name, begun) as place:
            return killing.run(place, seed)
    if sweep == "sending":
        with open_place(name, begun) as place:
            return sending.run(place, seed)
    with open_place(name, begun) as place:
        return f"{differential.run(place, seed, steps)} letters agree"


def _past_postfix(sweep: str, seeds: range) -> int:
    """Sending alone: a Postfix takes letters, and keeps none."""
    if sweep != "sending" or (why := private_postfix.why_not()):
        say("postfix: left out, " + (why if sweep == "sending" else "only sending goes through it"))
        return 0
    postfix = private_postfix.Postfix()
    failed = 0
    try:
        for seed in seeds:
            with posted(postfix) as place:
                try:
                    say(f"sending postfix seed {seed}: {sending.run(place, seed)}")
                except Wrong as error:
                    failed += 1
                    say(f"sending postfix seed {seed}: WRONG\n{error}\n")
    finally:
        postfix.stop()
    say(f"{failed} failed")
    return bool(failed)


@functools.cache
def _measured(name: str) -> list[chaos.Traffic]:
    """Of a server, once it was measured."""
    return []


def _traffic(name: str, begun: dict[str, Real]) -> chaos.Traffic:
    known = _measured(name)
    if not known:
        with open_place(name, begun) as place:
            known.append(chaos.measure(place))
    return known[0]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
