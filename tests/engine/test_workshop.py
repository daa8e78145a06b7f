"""Letters are taken apart in another process, which may hang or die without harm."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_mail.engine.packing import pack, unpacker
from tui_mail.engine.workshop import Workshop
from tui_mail.mime.parse import parse
from tui_mail.model.message import Message

LETTERS = sorted((Path(__file__).parent.parent / "letters").glob("*.eml"))
HELLO = b"Subject: Hello\n\nWorld\n"
HANGS = (
    "import sys; sys.path[:] = {path!r}; from tui_mail.engine import bench; real = bench.parse;"
    "bench.parse = lambda raw: "
    "''.join(iter(str, 'never')) if b'hang' in raw else exit() if b'die' in raw else real(raw);"
    "bench.main()"
)
"""A bench that is no match for two words."""


@pytest.fixture
def shop() -> Iterator[Workshop]:
    workshop = Workshop(deadline=0.3, code=HANGS)
    workshop.start()
    yield workshop
    workshop.close()


@pytest.mark.parametrize("path", LETTERS, ids=[path.stem for path in LETTERS])
def test_nothing_of_a_letter_is_lost_between_processes(path: Path) -> None:
    message = parse(path.read_bytes())
    assert unpacker(Message)(pack(message)) == message


def test_a_letter_comes_back_as_if_it_were_read_here(shop: Workshop) -> None:
    assert shop.parse(HELLO) == parse(HELLO)


def test_a_letter_that_takes_for_ever_is_shown_as_it_came(shop: Workshop) -> None:
    shop.parse(HELLO)
    before = time.monotonic()
    message = shop.parse(b"Subject: hang\n\nWorld\n")
    assert time.monotonic() - before < 2
    assert message.notes == ("This message takes too long to take apart: it is shown as it came.",)
    assert "Subject: hang" in message.document.text
    assert shop.parse(HELLO) == parse(HELLO)


def test_a_letter_that_kills_its_process_kills_nothing_else(shop: Workshop) -> None:
    assert "it is shown as it came" in shop.parse(b"Subject: die\n\nWorld\n").notes[0]
    assert shop.parse(HELLO) == parse(HELLO)


def test_two_letters_are_read_beside_each_other(shop: Workshop) -> None:
    found: list[Message] = []
    slow = threading.Thread(target=lambda: shop.parse(b"Subject: hang\n\n"))
    slow.start()
    found.append(shop.parse(HELLO))
    slow.join()
    assert found == [parse(HELLO)]


def test_where_no_process_can_be_had_letters_are_read_here() -> None:
    workshop = Workshop(code="raise SystemExit")
    workshop.start()
    assert workshop.parse(HELLO) == parse(HELLO)
    workshop.close()
    assert workshop.parse(HELLO) == parse(HELLO)
