"""Letters are taken apart in another process, which may hang or die without harm."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tui_mail.engine.packing import pack, unpacker
from tui_mail.engine.workshop import Workshop
from tui_mail.mime.parse import parse
from tui_mail.mime.telling import formed
from tui_mail.model.errors import BadInput
from tui_mail.model.message import Message
from tui_mail.model.seal import Seal

LETTERS = sorted((Path(__file__).parent.parent / "letters").glob("*.eml"))
HELLO = b"Subject: Hello\n\nWorld\n"
HANGS = (
    "import sys; sys.path[:] = {path!r}; from tui_mail.engine import bench; real = bench.parse;"
    "drawn = bench.formed;"
    "bench.parse = lambda raw, begun: "
    "''.join(iter(str, 'never')) if b'hang' in raw else exit() if b'die' in raw else real(raw, begun);"
    "bench.formed = lambda words, *rest: "
    "''.join(iter(str, 'never')) if 'hang' in words else drawn(words, *rest);"
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


def test_what_is_said_of_each_protected_part_of_a_letter_comes_back_with_what_is_said_of_all() -> None:
    seal = Seal("PGP", parts=(Seal("PGP", signature="good"), Seal("PGP", trouble="No key.")))
    message = replace(parse(HELLO), seal=seal)
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


def test_the_first_screens_of_a_large_page_come_before_its_end(shop: Workshop) -> None:
    rows = "".join(f"<tr><td><h3>Lamp {number}</h3><p>It shines.</p></td></tr>" for number in range(4000))
    raw = f"Subject: News\nContent-Type: text/html\n\n<table>{rows}</table>".encode()
    begun: list[Message] = []
    whole = Workshop(code=HANGS)
    try:
        whole.start()
        message = whole.parse(raw, begun.append)
    finally:
        whole.close()
    assert message == parse(raw)
    (beginning,) = begun
    assert beginning.document.is_beginning and not message.document.is_beginning
    assert 100 < len(beginning.document.blocks) < len(message.document.blocks) / 4
    assert message.document.blocks[:100] == beginning.document.blocks[:100]
    assert beginning.document.notes == ()


def test_the_other_form_of_a_letter_is_drawn_there_too(shop: Workshop) -> None:
    page = "<h1>News</h1><p>It shines."
    assert shop.form(page, "page") == formed(page, "page")
    with pytest.raises(BadInput, match="takes too much"):
        shop.form("<p>hang", "page")
    assert shop.form(page, "page") == formed(page, "page")


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
