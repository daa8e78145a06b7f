"""What is said with servers can be looked at afterwards: all of it but the secrets and the letters."""

from __future__ import annotations

import base64
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.servers import Demos, demo_account
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.backend.transcript import KEPT, Overheard, Transcript
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.demo import quirks
from tui_mail.model.draft import Outgoing

PASSWORD = "demo"
LETTER = b"From: demo@example.org\r\nTo: bob@example.net\r\nSubject: x\r\nMessage-ID: <1@example.org>\r\n\r\nHello.\r\n"


def words(transcript: Transcript) -> list[str]:
    return [f"{one.way} {one.text}" for one in transcript.said()]


@pytest.mark.parametrize(
    "offers",
    [quirks.FULL, quirks.FULL - {"SASL-IR"}, quirks.FULL - {"AUTH=PLAIN", "SASL-IR"}, quirks.PLAIN],
    ids=["at once", "after the plus", "login", "plain"],
)
def test_no_way_to_log_in_shows_the_password(demo_server: Demos, offers: frozenset[str]) -> None:
    account = demo_account(demo_server(capabilities=offers))
    transcript = Transcript()
    store = ImapStore(account, lambda: Secret(PASSWORD), trace=transcript.ring("demo", "IMAP"))
    store.connect()
    store.close()
    text = "\n".join(words(transcript))
    assert "****" in text
    for plain in (f"\0{account.login}\0{PASSWORD}", PASSWORD):
        assert base64.b64encode(plain.encode()).decode() not in text
    assert not re.search(rf'LOGIN \S+ "?{PASSWORD}', text)


def test_literals_are_counted_and_not_shown(demo_server: Demos) -> None:
    server = demo_server()
    server.mailbox.put(LETTER, "INBOX")
    transcript = Transcript()
    store = ImapStore(demo_account(server), lambda: Secret(PASSWORD), trace=transcript.ring("demo", "IMAP"))
    store.connect()
    store.open(b"INBOX")
    store.fetch(1)
    store.append(b"Sent", LETTER)
    store.close()
    text = "\n".join(words(transcript))
    assert "Hello." not in text and "Subject" not in text.partition("FETCH")[2].partition("BODY[]")[2]
    assert f"{{{len(LETTER)}}} …" in text
    assert "← * OK" in text and "SELECT" in text


def test_a_sent_letter_is_heard_by_its_own_trace_and_by_the_transcript(demo_server: Demos) -> None:
    account = demo_account(demo_server())
    transcript = Transcript()
    own: list[str] = []
    sender = Overheard(SmtpSender(account, lambda: Secret(PASSWORD)), transcript.shared("demo", "SMTP"))
    letter = Outgoing("<1@example.org>", account.address, ("bob@example.net",), LETTER, LETTER, "x")
    sender.send(letter, trace=lambda way, text: own.append(f"{way} {text}"))
    assert own == words(transcript)
    assert "→ QUIT" in own
    assert {(one.protocol, one.line) for one in transcript.said()} == {("SMTP", 1)}


def test_only_the_last_lines_are_kept_and_only_new_ones_are_given() -> None:
    transcript = Transcript()
    one, two = transcript.ring("work", "IMAP"), transcript.ring("work", "IMAP")
    for number in range(KEPT + 10):
        one.hear(b"* %d EXISTS\r\n" % number)
    two("→", "a1 NOOP")
    said = transcript.said()
    assert len(said) == KEPT + 1
    assert (said[0].text, said[-1].text) == ("* 10 EXISTS", "a1 NOOP")
    assert (said[0].line, said[-1].line) == (1, 2)
    assert transcript.said(said[-1].number) == []
    one.hear(b"+ idling\r\n")
    assert [each.text for each in transcript.said(said[-1].number)] == ["+ idling"]


def test_lines_that_were_heard_together_are_lines_of_their_own() -> None:
    transcript = Transcript()
    ring = transcript.ring("work", "IMAP")
    for number in range(KEPT):
        ring.hear(b"* %d FETCH (BODY[] {3}\r\n" % number, b")\r\n")
    said = transcript.said()
    assert [one.text for one in said[-2:]] == [f"* {KEPT - 1} FETCH (BODY[] {{3}} …", ")"]
    assert len(said) == KEPT
    assert transcript.said(said[-1].number) == []


def test_a_password_that_a_server_repeats_later_is_struck_out(demo_server: Demos) -> None:
    credentials = Credentials(ask=True)
    credentials.offer(demo_account(demo_server()), Secret("hunter2hunter2"))
    transcript = Transcript(credentials.mask)
    transcript.ring("work", "IMAP").hear(b"a9 NO bad: LOGIN alice hunter2hunter2\r\n")
    assert "hunter2" not in words(transcript)[0]


def test_it_is_read_while_it_is_written() -> None:
    transcript = Transcript()
    ring = transcript.ring("work", "IMAP")

    def write() -> None:
        for number in range(20_000):
            ring.hear(b"* %d EXISTS\r\n" % number)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while not writing.done():
            numbers = [one.number for one in transcript.said()]
            assert numbers == sorted(numbers)
        writing.result()
