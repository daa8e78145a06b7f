"""Whom one writes to: learned, written down, asked elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.world import MORNING, SETTINGS, Machine, draft, machine
from tui_mail.config.settings import Compose
from tui_mail.engine.mail import Mail
from tui_mail.model.contact import Contact
from tui_mail.model.errors import BadInput


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Machine]:
    with machine(tmp_path / "data") as one:
        yield one


def known(mail: Mail) -> dict[str, tuple[str, int]]:
    assert mail.settled()
    return {one.email: (one.name, one.letters) for one in mail.contacts.all()}


def sent_letter(number: int, to: str) -> bytes:
    return (
        f"From: ann@example.org\r\nTo: {to}\r\nCc: Ann <ann@example.org>\r\nSubject: s{number}\r\n"
        f"Message-ID: <s{number}@example.org>\r\nDate: 0{1 + number} Nov 2026 10:00:00 +0000\r\n\r\nx\r\n"
    ).encode()


def test_people_are_learned_from_what_is_sent_and_counted_once(here: Machine) -> None:
    mail = here.start()
    mail.send(draft(to='"Jones, Bob" <bob@example.org>', id="d1")).result(timeout=20)
    assert known(mail) == {"bob@example.org": ("Jones, Bob", 1)}
    mail.send(replace(draft(to="bob@example.org", id="d2"), bcc="eve@example.org, ann@example.org")).result(timeout=20)
    assert known(mail) == {"bob@example.org": ("Jones, Bob", 2), "eve@example.org": ("", 1)}
    mail.refresh()
    assert known(mail)["bob@example.org"] == ("Jones, Bob", 2)
    mail.close()
    assert known(here.start())["bob@example.org"] == ("Jones, Bob", 2)


def test_people_are_learned_from_what_was_sent_elsewhere_and_an_index_that_is_made_anew_counts_nobody_twice(
    here: Machine,
) -> None:
    for number in range(3):
        here.box.add("Sent", sent_letter(number, "Bob <bob@example.org>"), date=MORNING + number)
    mail = here.start()
    assert known(mail) == {"bob@example.org": ("Bob", 3)}
    mail.close()
    (here.data / "mail.db").unlink()
    assert known(here.start()) == {"bob@example.org": ("Bob", 3)}


def test_what_the_person_writes_stays_and_what_is_taken_out_comes_back_with_the_next_letter(here: Machine) -> None:
    mail = here.start()
    mail.contacts.put([Contact("bob@example.org", "Robert", "rob", ("Board",), edited=True)]).result(timeout=20)
    mail.send(draft(to="Bob <bob@example.org>")).result(timeout=20)
    assert known(mail) == {"bob@example.org": ("Robert", 1)}
    assert [one.text for one in mail.contacts.suggest("rob")] == ["Robert <bob@example.org>"]
    mail.contacts.put([Contact("bob@example.net", "Robert")], instead_of="bob@example.org").result(timeout=20)
    assert known(mail) == {"bob@example.net": ("Robert", 0)}
    mail.contacts.remove(["bob@example.net"])
    assert known(mail) == {}
    here.now += 60
    mail.send(draft(to="bob@example.net", id="d2")).result(timeout=20)
    assert known(mail) == {"bob@example.net": ("Robert", 1)}


def test_a_letter_that_was_called_back_teaches_nothing(tmp_path: Path) -> None:
    with machine(tmp_path / "data", settings=replace(SETTINGS, compose=Compose(undo_send=10))) as here:
        mail = here.start()
        waiting = mail.send(draft()).result(timeout=20)
        mail.unsend(waiting.id).result(timeout=20)
        assert known(mail) == {}


def ask(tmp_path: Path, code: str, typed: str) -> list[str]:
    compose = Compose(undo_send=0, query_command=(sys.executable, "-c", code, "%s"))
    with machine(tmp_path / "data", settings=replace(SETTINGS, compose=compose)) as here:
        return [one.text for one in here.start().contacts.look_up(typed).result(timeout=20)]


def test_an_address_book_program_is_asked_without_a_shell(tmp_path: Path) -> None:
    code = "import sys; print('found'); print(f'{len(sys.argv)}@x.org\\t{sys.argv[1]}\\tnote')"
    assert ask(tmp_path, code, "$(touch pwned); `id`") == ['"$(touch pwned); `id`" <2@x.org>']
    assert ask(tmp_path, code, "--version")[0].startswith("version <")


def test_an_address_book_that_fails_says_so_or_knows_nobody(tmp_path: Path) -> None:
    assert ask(tmp_path, "raise SystemExit(1)", "bob") == []
    compose = Compose(undo_send=0, query_command=("no-such-program", "%s"))
    with machine(tmp_path / "data", settings=replace(SETTINGS, compose=compose)) as here:
        mail = here.start()
        asked = mail.contacts.look_up("bob")
        with pytest.raises(BadInput, match="was not found"):
            asked.result(timeout=20)
        assert mail.contacts.look_up("bobb").result(timeout=20) == []
