"""The demo's world: the same every time, valid where it means to be, and large when asked."""

from __future__ import annotations

import email
import email.policy
import hashlib
import importlib.util
import re
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.demo.client import Imap
from tui_mail.demo.bulk import bulk
from tui_mail.demo.compose import Mail, build
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.seed import fill, letters, seed
from tui_mail.demo.server import Server
from tui_mail.mime.parse import parse

NOW = 1_795_000_000.0
OWNER = "demo@example.org"
RESERVED = re.compile(r"(?:^|\.)example(?:\.(?:org|com|net))?$")


@pytest.fixture(scope="module")
def world() -> list[Mail]:
    return letters(OWNER, NOW)


def _regular(world: list[Mail]) -> list[tuple[Mail, bytes]]:
    return [(mail, build(mail)) for mail in world if not mail.key.startswith("hostile")]


def test_the_world_is_the_same_every_time(world: list[Mail]) -> None:
    first = hashlib.sha256(b"".join(map(build, world))).digest()
    again = hashlib.sha256(b"".join(map(build, letters(OWNER, NOW)))).digest()
    assert first == again


def test_there_is_enough_to_read_and_not_too_much(world: list[Mail]) -> None:
    folders = Counter(mail.folder for mail in world)
    assert 290 <= len(world) <= 320
    assert 100 <= folders["INBOX"] <= 130
    assert folders["Drafts"] == 2
    assert {"Archive", "Sent", "Junk", "Trash", "Lists/choir", "Projects/Boat"} <= set(folders)
    inbox = [mail for mail in world if mail.folder == "INBOX"]
    assert 15 <= sum("\\Seen" not in mail.flags for mail in inbox) <= 60
    assert any("\\Flagged" in mail.flags for mail in inbox) and any("\\Answered" in mail.flags for mail in inbox)


def test_letters_lie_in_the_last_year_and_answers_follow_what_they_answer(world: list[Mail]) -> None:
    assert all(NOW - 366 * 86_400 < mail.date < NOW for mail in world)
    assert world[-1].date > NOW - 600
    dates = {mail.message_id: mail.date for mail in world if not mail.raw}
    late = [mail.key for mail in world if mail.parents and mail.date <= dates[mail.parents[-1]]]
    assert late == []


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_answers_follow_at_any_time_of_day(hour: int) -> None:
    found = letters(OWNER, NOW // 86_400 * 86_400 + hour * 3600)
    dates = {mail.message_id: mail.date for mail in found if not mail.raw}
    assert [mail.key for mail in found if mail.parents and mail.date <= dates[mail.parents[-1]]] == []


def test_every_letter_is_sound(world: list[Mail]) -> None:
    for mail, raw in _regular(world):
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", raw), mail.key
        assert max(map(len, raw.split(b"\r\n"))) <= 998, mail.key
        header = raw.partition(b"\r\n\r\n")[0]
        assert header.isascii(), mail.key
        parsed = email.message_from_bytes(raw, policy=email.policy.default)
        assert not [part for part in parsed.walk() if part.defects], mail.key
        for field in ("From", "To", "Subject", "Date", "Message-ID"):
            assert parsed[field], (mail.key, field)
        for part in parsed.walk():
            if not part.is_multipart() and part.get_content_maintype() != "message":
                part.get_content()


def test_message_ids_are_unique_and_keys_too(world: list[Mail]) -> None:
    heads = b"\n".join(build(mail).partition(b"\r\n\r\n")[0] for mail in world)
    ids = Counter(re.findall(rb"^Message-ID: (\S+)", heads, re.M | re.I))
    assert [name for name, count in ids.items() if count > 1 and name.startswith(b"<")] == []
    assert len({mail.key for mail in world}) == len(world)


def test_everybody_lives_at_a_reserved_domain(world: list[Mail]) -> None:
    for mail, raw in _regular(world):
        for domain in re.findall(rb"[\w.+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", raw.partition(b"\r\n\r\n")[0]):
            assert RESERVED.search(domain.decode()), (mail.key, domain)
        for domain in re.findall(r"https?://([^/\s\"'>)]+)", mail.html + mail.text):
            assert RESERVED.search(domain) or domain == "www.w3.org", (mail.key, domain)


def test_there_is_something_of_everything(world: list[Mail]) -> None:
    types = Counter(
        part.get_content_type() for _, raw in _regular(world) for part in email.message_from_bytes(raw).walk()
    )
    for wanted in (
        "text/html", "text/calendar", "text/vcard", "text/csv", "image/png", "application/pdf", "application/zip",
        "multipart/report", "multipart/related", "message/delivery-status", "message/rfc822", "application/ms-tnef",
    ):  # fmt: skip
        assert types[wanted], wanted
    subjects = " ".join(mail.subject for mail in world)
    for script in ("展示会", "周末", "샘플", "شكرا", "מפגש", "Φωτογραφίες", "🚲", "Grüße"):
        assert script in subjects
    sizes = [len(build(mail)) for mail in world if mail.html]
    assert min(sizes) > 1000 and max(sizes) > 15_000 and max(sizes) < 40_000


def test_what_is_packed_in_a_letter_can_be_unpacked(world: list[Mail]) -> None:
    kinds = ("application/ms-tnef", "message/rfc822")
    files = {file.type: file.data for mail in world for file in mail.files if file.type in kinds}
    assert parse(files["message/rfc822"]).subject == "[choir] Recording of the summer concert"
    if importlib.util.find_spec("tnefparse") is not None:
        argv, packed = [sys.executable, "-m", "tui_mail.mime.tnef"], files["application/ms-tnef"]
        unpacked = subprocess.run(argv, input=packed, capture_output=True, check=True).stdout
        names = [one.name for one in parse(unpacked).attachments]
        assert names == ["seating-plan.pdf", "hall-from-above.png", "winmail-notes.txt"]


def test_the_hostile_ones_really_try(world: list[Mail]) -> None:
    raw = b"".join(build(mail) for mail in world if mail.key.startswith("hostile"))
    for attack in (b"\x1b]52;", b"[@click=app.quit]", b"[/oops]", "\u202e".encode(), b"Reply-To:", b"<script>"):
        assert attack in raw


def test_a_client_finds_the_world_on_the_server() -> None:
    mailbox = Mailbox()
    seed(mailbox, time.time())
    with Server(mailbox) as server, Imap(server.imap_port, "INBOX") as client:
        told = client.say("UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE ENVELOPE)")
        assert len(told) - 1 == len(mailbox.uids("INBOX"))
        assert told[-1] == b"OK Done."


def test_a_million_letters_cost_next_to_nothing_until_asked() -> None:
    mailbox = Mailbox()
    before = time.process_time()
    fill(mailbox, NOW, 1_000_000)
    assert time.process_time() - before < 3  # 0.2 s on a quiet machine
    assert sum(map(len, mailbox.folders.values())) == 1_000_000
    oldest = mailbox.raw("INBOX", 1)
    assert email.message_from_bytes(oldest)["Subject"]


def test_generated_letters_are_sound_and_the_same_every_time() -> None:
    one, other = Mailbox(), Mailbox()
    bulk(one, 3000, NOW)
    bulk(other, 3000, NOW)
    for uid in (*range(1, 3001, 37), 3000):
        raw = one.raw("INBOX", uid)
        assert raw == other.raw("INBOX", uid)
        parsed = email.message_from_bytes(raw, policy=email.policy.default)
        assert not parsed.defects and parsed["From"].addresses[0].domain
        assert max(map(len, raw.split(b"\r\n"))) <= 998
    folder = one.folders["INBOX"]
    dates = [one.shelf.date(number) for number in folder.numbers]
    assert dates == sorted(dates) and dates[-1] < NOW


def test_generated_threads_hang_together() -> None:
    mailbox = Mailbox()
    bulk(mailbox, 2000, NOW)
    seen: dict[str, str] = {}
    answers = 0
    for uid in range(1, 2001):
        parsed = email.message_from_bytes(mailbox.raw("INBOX", uid))
        seen[parsed["Message-ID"]] = parsed["Subject"]
        if parsed["In-Reply-To"]:
            answers += 1
            assert parsed["In-Reply-To"] in seen
    assert answers > 500
