"""Keys come first, and a sync goes on however many of them come."""

from __future__ import annotations

import itertools
import threading
import time

from tui_mail.engine.hush import QUIET, Hush


def test_work_behind_the_screens_waits_for_a_key_that_was_just_pressed() -> None:
    hush = Hush()
    pressed = time.monotonic()
    hush.fall()
    assert list(hush.between("ab")) == ["a", "b"]
    assert time.monotonic() - pressed >= QUIET


def test_once_the_key_is_answered_nobody_waits_any_more() -> None:
    hush = Hush()
    hush.fall()
    hush.lift()
    hush._is_over.wait = None  # type: ignore[method-assign, assignment]  # whoever waited now would fall over it
    assert list(hush.between("ab")) == ["a", "b"]


def test_keys_that_never_end_do_not_keep_a_sync_from_its_work() -> None:
    hush = Hush()
    done = threading.Event()

    def sync() -> None:
        for number in hush.between(itertools.count()):
            if number == 200:
                done.set()
                return

    threading.Thread(target=sync, daemon=True).start()
    deadline = time.monotonic() + 20
    while not done.is_set() and time.monotonic() < deadline:
        hush.fall()
    assert done.is_set()
