"""Coming, going, and being sent away: the terminal is left as it was, and what was written is kept."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from .conftest import Start


def test_it_starts_answers_keys_survives_resizing_and_leaves_the_terminal_as_it_was(start: Start) -> None:
    tui = start()
    tui.until("Lunch on Friday").until("● online")
    tui.send("e").until(r"Archived 1 message\.\s+z undoes").send("z").until("Undone")
    tui.resize(60, 16).until("Quarterly numbers").resize(160, 50).until("z Undo")
    tui.send("q")
    assert tui.wait() == 0, tui.text
    assert tui.is_restored


def test_bytes_that_are_no_text_and_a_storm_of_sizes_harm_nothing(start: Start) -> None:
    tui = start()
    tui.until("● online")
    tui.send(b"\xff\xfe\xe9\x80")
    for columns in range(40, 140, 7):
        tui.resize(columns, 10 + columns % 30)
    tui.resize(100, 30).send("\x1b").quiet()
    tui.send("?").until("type to narrow").send("\x1b").quiet().send("q")
    assert tui.wait() == 0, tui.text


def test_sigterm_ends_it_within_two_seconds_with_the_terminal_restored(start: Start) -> None:
    tui = start()
    tui.until("● online")
    begun = time.monotonic()
    assert tui.signal(signal.SIGTERM).wait() == 128 + signal.SIGTERM
    assert time.monotonic() - begun < 2
    assert tui.is_restored


def test_a_half_written_letter_survives_a_hangup(start: Start) -> None:
    tui = start()
    tui.until("● online").send("c").until("Subject")
    tui.send("bob@example.org\t\t\tA half thought\tand then the line").until("Subject  A half thought")
    tui.until("and then the line")
    assert tui.signal(signal.SIGHUP).wait() == 128 + signal.SIGHUP
    again = start()
    again.until("(?s)unfinished letter.*A half thought")
    again.send("gd").until("Unfinished letters").until("A half thought").send("\r").until("and then the line")


def test_what_is_typed_ahead_goes_where_the_keys_before_it_led(start: Start) -> None:
    tui = start()
    tui.until("● online").send("cbob@example.org\t\t\tTyped ahead\tand then the line")
    tui.until("To +bob@example.org\n").until("Subject +Typed ahead").until("and then the line")


def test_esc_and_a_key_in_quick_succession_are_two_keys(start: Start) -> None:
    tui = start()
    tui.until("● online")
    for _ in range(5):  # a busy machine may read both in one go, as Alt and the key
        tui.send("?").until("type to narrow").quiet().send("\x1b").pump(0.06)
        tui.send("c").quiet()
        if "Subject" in tui.text:
            return
        tui.send("\x1b").quiet()
    raise AssertionError(tui.text)


def test_a_closed_terminal_ends_it_and_keeps_the_letter(start: Start) -> None:
    tui = start()
    tui.until("● online").send("cbob@example.org\t\t\tDropped line").until("Subject +Dropped line")
    assert tui.hang_up().wait() == 128 + signal.SIGHUP
    start().until("(?s)unfinished letter.*Dropped line")


def test_a_fault_is_one_sentence_and_shows_nobodys_secrets(start: Start, tmp_path: Path) -> None:
    tui = start("crash")
    tui.until("● online").send("\x1b[20~")
    assert tui.wait() == 1
    assert tui.is_restored
    assert "stopped because of a fault of its own" in tui.text
    assert b"hunter2" not in tui.raw and b"Traceback" not in tui.raw
    log = (tmp_path / "log").read_text()
    assert "LookupError" in log and "key_f9" in log and "hunter2-in-a-frame" not in log


def test_nothing_of_a_letter_reaches_the_terminal_as_a_command(start: Start) -> None:
    tui = start("hostile", rows=60)
    tui.until("● online").until("Many commands").send("\r").until("the end of it").quiet()
    for keys in (
        "E",
        "\x1b[F",
        "F",
        "\x1b",
        "X",
        "\x1b",
        "A",
        "\x1b",
        "S",
        "\x1b",
        "|",
        "\x1b",
        "h",
        "\x0f",
        "q",
        "H",
        "J",
    ):
        tui.send(keys).quiet()  # everything, what can be picked up, every question, all fields, the source, the next
    tui.until("end")
    for command in (
        b"\x1b]0;owned",
        b"\x1b[2J",
        b"\x1b]52",
        "\u202e".encode(),
        "\u2066".encode(),
        b"\x9b31m",
        b"\x1b_Ga=d",
        "\U0010eeee".encode(),
        b"\xc2\x9b",
    ):
        assert command not in tui.raw, command
    tui.send("qq")
    assert tui.wait() == 0, tui.text


def test_the_short_way_to_the_screen_paints_the_same_picture(start: Start) -> None:
    pictures = []
    sizes = []
    for words in ((), ("stock",)):
        tui = start(*words)
        tui.until("● online").until("2 unread").quiet()
        tui.send("jj").quiet().send("?").until("type to narrow").send("\x1b").quiet()
        pictures.append([[cell for _, cell in sorted(line.items())] for _, line in sorted(tui.screen.buffer.items())])
        sizes.append(len(tui.raw))
        tui.send("q")
        assert tui.wait() == 0, tui.text
    assert pictures[0] == pictures[1]
    assert sizes[0] < sizes[1] * 0.8
