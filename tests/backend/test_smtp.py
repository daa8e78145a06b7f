"""A letter goes out whole, to everybody or to nobody, over a line that was verified, and the trace shows no secret."""

from __future__ import annotations

import base64
import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.private_dovecot import Dovecot
from tests.servers import Demos, Sinks, demo_account
from tests.sink import CA, DROP, STALL, Sink
from tui_mail.backend.smtp import SmtpSender, check
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Security, Server
from tui_mail.model.draft import Outgoing
from tui_mail.model.errors import (
    AuthFailed,
    BadAddress,
    BadInput,
    Cancelled,
    MailError,
    Offline,
    RecipientsRefused,
    Refused,
    StorageFailed,
    TlsFailed,
    Uncertain,
    Unsupported,
)

PASSWORD = "grün & 5ecret"
USERS = {"ann@example.org": PASSWORD}


def letter(*recipients: str, body: bytes = b"Hello.\r\n", sender: str = "ann@example.org") -> Outgoing:
    wire = b"From: ann@example.org\r\nSubject: Hello\r\n\r\n" + body
    return Outgoing("<1@example.org>", sender, recipients or ("bob@example.org",), wire, wire, "Hello")


def account(sink: Sink, security: Security | None = None) -> Account:
    server = Server("localhost", sink.port, security or sink.security)
    return Account("work", "ann@example.org", server, server, ca_file=CA)


def sender(sink: Sink, security: Security | None = None, password: str = PASSWORD, timeout: float = 5) -> SmtpSender:
    return SmtpSender(account(sink, security), lambda: Secret(password), timeout=timeout, final_timeout=timeout)


class Script:
    """What the trace said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, direction: str, text: str) -> None:
        self.lines.append(f"{direction} {text}")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_letter_arrives_byte_for_byte_over_a_verified_line(sink: Sinks, security: Security) -> None:
    server = sink(security=security, users=USERS)
    body = b".dot\r\n..\r\n.\r\n\r\n. \r\nend without blank"
    sent = letter("bob@example.org", "eve@example.org", body=body + b"\r\n")
    sender(server).send(sent)
    [taken] = server.wait(1)
    assert taken.data == sent.wire
    assert (taken.sender, taken.recipients) == ("ann@example.org", ("bob@example.org", "eve@example.org"))
    assert taken.user == "ann@example.org"
    assert taken.is_encrypted


@given(body=st.lists(st.sampled_from([b".", b"..", b"\r\n", b"a", b".\r\n", b"\xc3\xbc", b" "]), max_size=30))
@settings(max_examples=30, deadline=None)
def test_no_body_ends_its_letter_early(body: list[bytes]) -> None:
    server = Sink()
    try:
        sent = letter(body=b"".join(body) + b"\r\n")
        sender(server).send(sent)
        assert [taken.data for taken in server.wait(1)] == [sent.wire]
    finally:
        server.close()


def test_the_trace_shows_the_dialogue_and_masks_the_secret(sink: Sinks) -> None:
    server = sink(security="starttls", users=USERS)
    script = Script()
    sender(server).send(letter(body=b"One.\r\n.two\r\n"), None, script)
    said = [line for line in script.lines if line.startswith("→")]
    assert said == [
        "→ EHLO localhost",
        "→ STARTTLS",
        "→ EHLO localhost",
        "→ AUTH PLAIN ****",
        f"→ MAIL FROM:<ann@example.org> SIZE={len(letter(body=b'One.' + b'.two' + bytes(4)).wire)}",
        "→ RCPT TO:<bob@example.org>",
        "→ DATA",
        "→ From: ann@example.org",
        "→ Subject: Hello",
        "→ ",
        "→ One.",
        "→ ..two",
        "→ .",
        "→ QUIT",
    ]
    assert "← 250-SIZE 50000000" in script.lines
    assert any(re.fullmatch(r"· TLSv1\.[23] \S+", line) for line in script.lines)


def test_the_trace_masks_both_lines_of_a_login_and_reads_its_questions(sink: Sinks) -> None:
    server = sink(security="tls", users=USERS, mechanisms="LOGIN CRAM-MD5")
    script = Script()
    sender(server).send(letter(), None, script)
    start = script.lines.index("→ AUTH LOGIN")
    assert [line for line in script.lines[start:] if line.startswith("→")][:3] == ["→ AUTH LOGIN", "→ ****", "→ ****"]
    assert "← 334 VXNlcm5hbWU6   (Username:)" in script.lines
    for secret in (PASSWORD, base64.b64encode(PASSWORD.encode()).decode()):
        assert secret not in script.text
    assert server.wait(1)[0].user == "ann@example.org"


def test_a_server_that_repeats_the_password_does_not_spread_it(sink: Sinks) -> None:
    coded = base64.b64encode(f"\0ann@example.org\0{PASSWORD}".encode()).decode()
    server = sink(security="tls", users=USERS, script={"AUTH": f"535-wrong: {PASSWORD}\r\n535 you said {coded}"})
    script = Script()
    with pytest.raises(AuthFailed) as caught:
        sender(server).send(letter(), None, script)
    assert "← 535-wrong: ****" in script.lines
    for secret in (PASSWORD, coded):
        assert secret not in script.text + str(caught.value) + caught.value.detail


def test_a_server_cannot_paint_on_the_terminal_through_the_trace(sink: Sinks) -> None:
    server = sink(script={"RCPT": "550 \x1b]0;owned\x07\x9b2J \u202eno"})
    script = Script()
    with pytest.raises(RecipientsRefused) as caught:
        sender(server).send(letter(), None, script)
    for text in (script.text, str(caught.value), *caught.value.refused.values()):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_a_long_letter_is_traced_in_short(sink: Sinks) -> None:
    script = Script()
    sender(sink()).send(letter(body=b"line\r\n" * 500), None, script)
    assert script.lines.count("→ line") == 60
    assert any("440 more lines" in line for line in script.lines)


def test_one_refused_recipient_means_that_nothing_is_sent(sink: Sinks) -> None:
    server = sink()
    script = Script()
    with pytest.raises(RecipientsRefused) as caught:
        sender(server).send(letter("bob@example.org", "reject@example.org", "eve@example.org"), None, script)
    assert caught.value.refused == {"reject@example.org": "550 5.1.1 <reject@example.org>: no such user"}
    assert caught.value.permanent
    assert "Nothing was sent." in str(caught.value)
    assert server.lines[-2:] == ["RSET", "QUIT"]
    assert "→ RSET" in script.lines
    assert server.taken == []


def test_a_recipient_that_is_put_off_may_be_tried_again_later(sink: Sinks) -> None:
    server = sink()
    with pytest.raises(RecipientsRefused) as caught:
        sender(server).send(letter("bob@example.org", "defer@example.org"))
    assert not caught.value.permanent
    assert server.taken == []
    with pytest.raises(RecipientsRefused) as caught:
        sender(server).send(letter("reject@example.org", "defer@example.org"))
    assert caught.value.permanent
    assert set(caught.value.refused) == {"reject@example.org", "defer@example.org"}


@pytest.mark.parametrize("step", ["MAIL", "DATA", "LETTER"])
@pytest.mark.parametrize(("answer", "permanent"), [("451 4.3.0 later", False), ("554 5.7.1 spam", True)])
def test_a_refused_step_says_whether_coming_back_helps(sink: Sinks, step: str, answer: str, permanent: bool) -> None:
    server = sink(script={step: answer})
    with pytest.raises(Refused) as caught:
        sender(server).send(letter())
    assert caught.value.permanent is permanent
    assert caught.value.code == answer.split()[1]
    assert answer in str(caught.value)
    assert server.lines[-1] == "QUIT"
    assert ("RSET" in server.lines) is (step != "LETTER")


@pytest.mark.parametrize("step", ["GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "LETTER"])
def test_a_server_that_closes_for_now_is_tried_again_later(sink: Sinks, step: str) -> None:
    server = sink(security="tls", users=USERS, script={step: "421 4.3.2 shutting down"})
    with pytest.raises((Offline, Refused)) as caught:
        sender(server).send(letter())
    assert not isinstance(caught.value, Refused) or not caught.value.permanent
    assert "421" in str(caught.value)


@pytest.mark.parametrize("step", ["GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY"])
def test_a_line_cut_before_the_last_dot_means_nothing_was_sent(sink: Sinks, step: str) -> None:
    server = sink(security="tls", users=USERS, script={step: DROP})

    def cut(done: int, size: int) -> None:
        with server.changed:  # else the line itself could hold the whole letter
            assert server.changed.wait_for(lambda: server.left, 10)

    with pytest.raises(Offline):
        sender(server).send(letter(body=(b"x" * 998 + b"\r\n") * 200), cut)
    assert server.taken == []


@pytest.mark.parametrize("step", ["GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
def test_a_server_that_never_answers_is_given_up(sink: Sinks, step: str) -> None:
    server = sink(security="tls", users=USERS, script={step: STALL})
    with pytest.raises(Offline):
        sender(server, timeout=0.2).send(letter())


@pytest.mark.parametrize("end", [DROP, STALL, "what?"])
def test_no_answer_after_the_last_dot_is_uncertain(sink: Sinks, end: str) -> None:
    server = sink(script={"LETTER": end})
    with pytest.raises(Uncertain):
        sender(server, timeout=0.3).send(letter())
    assert len(server.taken) == 1
    assert "QUIT" not in server.lines


@pytest.mark.parametrize("end", [DROP, STALL, "500 what?"])
def test_a_goodbye_that_fails_does_not_fail_the_letter(sink: Sinks, end: str) -> None:
    server = sink(script={"QUIT": end})
    sender(server, timeout=0.3).send(letter())
    assert len(server.taken) == 1


def test_a_wrong_password_is_tried_once(sink: Sinks) -> None:
    server = sink(security="tls", users=USERS)
    with pytest.raises(AuthFailed) as caught:
        sender(server, password="wrong").send(letter())
    assert sum(line.startswith("AUTH") for line in server.lines) == 1
    assert "work" in str(caught.value)
    assert not any(line.startswith("MAIL") for line in server.lines)


def test_a_login_that_cannot_be_checked_now_is_no_wrong_password(sink: Sinks) -> None:
    server = sink(security="tls", users=USERS, script={"AUTH": "454 4.7.0 Temporary authentication failure"})
    with pytest.raises(Refused) as caught:
        sender(server).send(letter())
    assert not caught.value.permanent


def test_a_server_that_keeps_asking_is_told_that_we_stop(sink: Sinks) -> None:
    server = sink(security="tls", users=USERS, script={"AUTH": "334 eyJzdGF0dXMiOiI0MDEifQ==", r"\*": "535 5.7.8 no"})
    script = Script()
    with pytest.raises(AuthFailed):
        sender(server).send(letter(), None, script)
    assert '← 334 eyJzdGF0dXMiOiI0MDEifQ==   ({"status":"401"})' in script.lines


def test_a_server_without_a_login_we_know_is_not_given_a_password(sink: Sinks) -> None:
    for mechanisms in ("CRAM-MD5 XOAUTH2", ""):
        server = sink(security="tls", users=USERS, mechanisms=mechanisms)
        with pytest.raises(Unsupported):
            sender(server).send(letter())
        assert not any(line.startswith("AUTH") for line in server.lines)


def test_a_relay_on_this_machine_needs_no_login(sink: Sinks) -> None:
    server = sink()

    def never() -> Secret:
        raise AssertionError("nobody needs a password here")

    SmtpSender(account(server), never, timeout=5).send(letter())
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    "script",
    [
        *({"STARTTLS": f"{code} no"} for code in (221, 250, 354, 454, 500, 501, 502, 530)),
        {"STARTTLS": "421 4.3.2 closing"},
        {"STARTTLS": "220 go\r\n250-evil\r\n250 AUTH XEVIL"},
        {"STARTTLS": "220 go"},
        {"EHLO": "250 no starttls here"},
        {"EHLO": "250"},
        {"EHLO": "354 what"},
        {"EHLO": "221 bye"},
        {"GREETING": "* OK IMAP4rev1 ready"},
        {"GREETING": "HTTP/1.1 302 Found\r\nLocation: http://portal/"},
        {"GREETING": "554 5.7.1 go away"},
        {"GREETING": "250 hello"},
    ],
)
def test_nothing_secret_is_said_where_encryption_does_not_come(sink: Sinks, script: dict[str, str]) -> None:
    server = sink(security="starttls", users=USERS, script=script)
    asked: list[str] = []

    def secret() -> Secret:
        asked.append("password")
        return Secret(PASSWORD)

    with pytest.raises((TlsFailed, Offline, Refused)):
        SmtpSender(account(server), secret, timeout=1).send(letter())
    assert asked == []
    assert not any(line.startswith(("AUTH", "MAIL", "RCPT", "DATA")) for line in server.lines)


def test_text_slipped_in_before_tls_is_reported(sink: Sinks) -> None:
    server = sink(security="starttls", users=USERS, script={"STARTTLS": "220 go\r\n250-evil\r\n250 AUTH XEVIL"})
    with pytest.raises(TlsFailed, match="slipped"):
        sender(server).send(letter())


def test_what_was_offered_before_tls_is_forgotten(sink: Sinks) -> None:
    server = sink(security="starttls", users=USERS, mechanisms="")
    server.offers = ("AUTH PLAIN",)

    def withdraw() -> Secret:
        raise AssertionError("the login was offered in clear only")

    greet = server.script
    greet["EHLO"] = "250-sink\r\n250-AUTH PLAIN\r\n250 STARTTLS"

    def trace(direction: str, text: str) -> None:
        if text == "STARTTLS":
            greet["EHLO"] = "250 sink"

    with pytest.raises(Unsupported):
        SmtpSender(account(server), withdraw, timeout=2).send(letter(), None, trace)


@pytest.mark.parametrize("certificate", ["other", "expired", "selfsigned"])
def test_an_unproven_server_is_told_nothing(sink: Sinks, certificate: str) -> None:
    for security in ("tls", "starttls"):
        server = sink(security=security, users=USERS, certificate=certificate)
        with pytest.raises(TlsFailed):
            sender(server).send(letter())
        assert not any(line.startswith(("AUTH", "MAIL")) for line in server.lines)


def test_a_letter_that_is_too_large_is_not_begun(sink: Sinks) -> None:
    server = sink(offers=("SIZE 100",))
    with pytest.raises(Unsupported, match="at most 100 octets"):
        sender(server).send(letter(body=b"x" * 200 + b"\r\n"))
    assert not any(line.startswith("MAIL") for line in server.lines)


def test_smtputf8_is_said_only_where_it_is_needed(sink: Sinks) -> None:
    server = sink()
    sender(server).send(letter("bob@example.org"))
    sender(server).send(letter("jürgen@例子.example"))
    sender(server).send(replace(letter(), utf8=True))
    assert ["SMTPUTF8" in taken.options for taken in server.wait(3)] == [False, True, True]
    assert server.taken[1].recipients == ("jürgen@例子.example",)


def test_a_server_without_smtputf8_gets_a_sentence_and_no_letter(sink: Sinks) -> None:
    server = sink(offers=("SIZE 1000",))
    with pytest.raises(Unsupported, match="SMTPUTF8"):
        sender(server).send(letter("jürgen@example.org"))
    assert not any(line.startswith("MAIL") for line in server.lines)


def test_eight_bit_text_is_announced(sink: Sinks) -> None:
    server = sink()
    sender(server).send(letter(body=b"plain\r\n"))
    sender(server).send(letter(body="grün\r\n".encode()))
    assert ["BODY=8BITMIME" in taken.options for taken in server.wait(2)] == [False, True]


def test_progress_is_told_up_to_the_end(sink: Sinks) -> None:
    told: list[tuple[int, int]] = []
    sent = letter(body=b"0123456789\r\n" * 20000)
    sender(sink()).send(sent, lambda done, size: told.append((done, size)))
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == (len(sent.wire), len(sent.wire))


def test_a_letter_called_back_on_its_way_never_arrives(sink: Sinks) -> None:
    server = sink()

    def tell(done: int, size: int) -> None:
        if done * 2 > size:
            raise Cancelled("Called back.")

    with pytest.raises(Cancelled):
        sender(server).send(letter(body=b"0123456789\r\n" * 20000), tell)
    sender(server).send(letter("next@example.org"))
    assert [taken.recipients for taken in server.wait(1)] == [("next@example.org",)]
    assert server.lines.count("QUIT") == 1


@pytest.mark.parametrize(
    "wire",
    [
        b"A: b\r\n\r\nbare\nnewline\r\n",
        b"A: b\r\n\r\nbare\rreturn\r\n",
        b"A: b\r\n\r\n\x00\r\n",
        b"A: b\r\n\r\n\r\n.\r\r\n",
        b"A: b\r\n\r\n\n.\r\n",
        b"A: b\r\n\r\nno end",
        b"A: b\r\nBcc: hidden@example.org\r\n\r\nx\r\n",
        b"bcc : hidden@example.org\r\n\r\nx\r\n",
    ],
)
def test_bytes_that_could_mean_something_else_never_leave(wire: bytes) -> None:
    with pytest.raises(BadInput):
        check(replace(letter(), wire=wire))


@pytest.mark.parametrize(
    "address",
    [
        "a@b>\r\nRCPT TO:<c@d",
        "a@b> SIZE=1",
        "a@b\n",
        "a b@c",
        "<a@b>",
        "a",
        "@b",
        "a@",
        "",
        "x" * 300 + "@b.c",
        "a\x00@b",
    ],
)
def test_an_address_cannot_smuggle_a_command(address: str) -> None:
    with pytest.raises(BadAddress):
        check(letter("ok@example.org", address))
    with pytest.raises(BadAddress):
        check(letter(sender=address))


def test_a_letter_to_nobody_is_not_sent() -> None:
    with pytest.raises(BadInput):
        check(replace(letter(), recipients=()))


def test_any_noise_from_a_server_is_a_sentence_and_never_a_crash(sink: Sinks) -> None:
    noise = random.Random(7)
    steps = ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "LETTER"]
    for turn in range(60):
        text = "".join(noise.choice("0123456789 -\t\x00\xff\r\nabc") for _ in range(noise.randrange(40)))
        server = sink(script={steps[turn % len(steps)]: text})
        try:
            sender(server, timeout=0.05).send(letter())
        except MailError as error:
            assert str(error)


def test_a_reply_without_end_is_cut_off(sink: Sinks) -> None:
    for endless in ("250-more\r\n" * 2000, "250 " + "x" * 100_000):
        with pytest.raises(Offline):
            sender(sink(script={"EHLO": endless})).send(letter())


@pytest.mark.parametrize("security", ["none", "tls", "starttls"])
def test_a_letter_to_ourselves_arrives_in_the_demo(demo_server: Demos, security: Security) -> None:
    server = demo_server(security=security)
    sent = letter("demo@example.org", "räjä@example.org", sender="demo@example.org", body=b".x\r\n")
    SmtpSender(demo_account(server, security), lambda: Secret("demo")).send(sent)
    [uid] = server.mailbox.uids("INBOX")
    assert server.mailbox.raw("INBOX", uid).endswith(sent.wire)
    assert server.sent[0].recipients == sent.recipients


def test_the_demo_losing_the_answer_to_the_last_dot_is_uncertain(demo_server: Demos) -> None:
    server = demo_server()
    server.cut(r"^\.$")
    with pytest.raises(Uncertain):
        SmtpSender(demo_account(server), lambda: Secret("demo")).send(letter())
    assert len(server.sent) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_letter_goes_out_through_dovecot(dovecot: Dovecot, security: Security) -> None:
    place = dovecot.account(security)
    rcpt = f"bob-{place.address}"
    script = Script()
    SmtpSender(place, dovecot.secret).send(letter(rcpt, sender=place.address), None, script)
    assert dovecot.sink.for_recipient(rcpt).data.endswith(letter().wire)
    assert "→ AUTH PLAIN ****" in script.lines


def test_dovecot_refuses_one_of_two_and_sends_to_neither(dovecot: Dovecot) -> None:
    place = dovecot.account()
    rcpt = f"reject-{place.address}"
    with pytest.raises(RecipientsRefused) as caught:
        SmtpSender(place, dovecot.secret).send(letter(f"bob-{place.address}", rcpt, sender=place.address))
    assert list(caught.value.refused) == [rcpt]
    assert not any(f"bob-{place.address}" in taken.recipients for taken in dovecot.sink.taken)


def test_dovecot_does_not_know_the_password(dovecot: Dovecot) -> None:
    with pytest.raises(AuthFailed):
        SmtpSender(dovecot.account("starttls"), lambda: Secret("wrong")).send(letter())


def test_too_many_recipients_for_now_is_a_later_and_not_a_no(sink: Sinks) -> None:
    server = sink(script={"RCPT": "452 4.5.3 Error: too many recipients"})
    with pytest.raises(RecipientsRefused) as caught:
        sender(server).send(letter())
    assert not caught.value.permanent and not server.taken


def test_the_servers_last_words_are_answered(sink: Sinks) -> None:
    assert sender(sink()).send(letter()) == "250 2.0.0 taken"


def test_nothing_is_sent_where_it_cannot_be_written_down_that_it_goes(sink: Sinks) -> None:
    server = sink()

    def tell(done: int, total: int) -> None:
        raise StorageFailed("The disk is full.")

    with pytest.raises(StorageFailed):
        sender(server).send(letter(), tell)
    with server.changed:
        assert server.changed.wait_for(lambda: server.left == 1, 10)
    assert not server.taken


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_how_large_a_letter_may_be_is_heard_without_a_login(sink: Sinks, security: Security) -> None:
    server = sink(security=security, users=USERS)
    one = sender(server, password="wrong")
    assert one.limit is None
    one.greet()
    assert one.limit == 50_000_000
    server.offers = ("8BITMIME", "SIZE")
    one.greet()
    assert one.limit == 0
    server.offers = ("SIZE 9e9",)
    one.greet()
    assert one.limit == 0
