"""PGP in the text of a letter: opened when that is asked for, and never more is vouched for than was signed."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.world import WORK, Machine, ids, machine
from tests.keyrings import Keyring, keyring, needs_gpg
from tui_mail.backend.gnupg import Gnupg
from tui_mail.engine.sealing import Sealing
from tui_mail.mime import armor, reply
from tui_mail.model.document import Document
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.errors import Cancelled
from tui_mail.model.message import Message

pytestmark = needs_gpg
WORDS = "Dear Bob,\n-- a dash, From here on\nGrüße  \n\n- a list\n"


@pytest.fixture(scope="module")
def ring() -> Iterator[Keyring]:
    with keyring() as made:
        made.make("Ann Example", "ann@example.org")
        yield made


def head(*more: str, sender: str = "Ann <ann@example.org>") -> bytes:
    fields = (f"From: {sender}", "To: bob@example.org", "Subject: Plan", "Message-ID: <1@x>", *more)
    return "\r\n".join([*fields, "", ""]).encode()


def plain(text: bytes, *more: str, sender: str = "Ann <ann@example.org>", charset: str = "utf-8") -> bytes:
    kind = f"Content-Type: text/plain; charset={charset}"
    return head(kind, *more, sender=sender) + text.replace(b"\n", b"\r\n")


def clearsigned(ring: Keyring, words: str = WORDS, charset: str = "utf-8") -> bytes:
    return ring.run("gpg", "--batch", "--clearsign", data=words.encode(charset))


def encrypted(ring: Keyring, words: str = WORDS, *more: str) -> bytes:
    how = ["--batch", "--armor", "--trust-model", "always", *more]
    return ring.run("gpg", *how, "--encrypt", "--recipient", "ann@example.org", data=words.encode())


def read(raw: bytes, ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, ask: bool = True) -> Message:
    """The letter as the screens get it."""
    monkeypatch.setenv("GNUPGHOME", str(ring.home))
    with machine(tmp_path / "data") as here:
        return read_on(here, raw, ask=ask)


def read_on(here: Machine, raw: bytes, *, ask: bool) -> Message:
    here.box.add("INBOX", raw)
    mail = here.start()
    (id,) = ids(mail)
    return mail.read(id, ask=ask).result(timeout=30)


def seal(message: Message) -> str:
    assert message.seal is not None
    return message.seal.words


def notes(document: Document) -> list[str]:
    """The lines that no sender can write."""
    return [block.text for block in document.blocks if block.kind == "note"]


def test_before_it_is_asked_for_nothing_is_run_and_the_letter_is_as_it_came(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = tmp_path / "gpg"
    program.write_text(f"#!/bin/sh\necho run >> {log}\n")
    program.chmod(0o700)
    raw = plain(b"-----BEGIN PGP MESSAGE-----\n\nabc=\n-----END PGP MESSAGE-----\n")
    one = Sealing({"work": WORK}, Gnupg(str(program)))
    found = one.in_text.open(raw)
    assert found is not None
    seal = found.seal(found.texts)
    assert seal.words == "PGP stands in this text: nothing of it was opened or checked yet."
    assert seal.weight == "note" and not log.exists()
    assert one.in_text.open(plain(b"> -----BEGIN PGP MESSAGE-----\n> \n> a\n> -----END PGP MESSAGE-----\n")) is None


def test_a_signed_text_is_shown_as_it_was_written_and_verified(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = read(plain(clearsigned(ring)), ring, tmp_path, monkeypatch)
    assert seal(message) == "signed by Ann Example <ann@example.org>" and message.seal and message.seal.weight == "good"
    assert message.text.split("\n")[:3] == ["Dear Bob,", "-- a dash, From here on", "Grüße"]
    assert "- a list" in message.text and "BEGIN PGP" not in message.document.text
    assert not notes(message.document)


@pytest.mark.parametrize("form", ["latin-1", "base64"])
def test_the_octets_that_were_signed_are_checked_whatever_they_travel_as(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    if form == "latin-1":
        raw = plain(clearsigned(ring, charset="latin-1"), charset="iso-8859-1")
    else:
        coded = base64.encodebytes(b"Hi.\n" + clearsigned(ring))
        raw = plain(coded, "Content-Transfer-Encoding: base64")
    message = read(raw, ring, tmp_path, monkeypatch)
    assert "Grüße" in message.text and "signed by Ann Example" in seal(message)


def test_only_the_signed_part_is_marked_as_signed(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = b"Pay to DE00 at once.\n\xe2\x96\xbe the protected part\n" + clearsigned(ring) + b"\nAnd to NL00.\n"
    message = read(plain(around), ring, tmp_path, monkeypatch)
    assert message.seal is not None and message.seal.weight == "note"
    assert seal(message) == (
        "Only a part is protected, the rest anybody can have written"
        "  ·  the protected part: signed by Ann Example <ann@example.org>"
    )
    text = message.document.text
    assert text.index("Pay to") < text.index("Dear Bob") < text.index("And to NL00")
    assert notes(message.document) == ["▾ the protected part", "▴ end of the protected part"]
    begin, end = (at for at, block in enumerate(message.document.blocks) if block.kind == "note")
    inside = Document(message.document.blocks[begin : end + 1]).text
    assert "Dear Bob" in inside and "Pay" not in inside and "NL00" not in inside
    assert "BEGIN PGP" not in message.text and "Dear Bob" in message.text


def test_a_changed_text_and_a_text_of_somebody_else_are_alarms(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = read(plain(clearsigned(ring).replace(b"Bob", b"Rob")), ring, tmp_path / "a", monkeypatch)
    assert changed.seal and changed.seal.signature == "bad" and changed.seal.weight == "alarm"
    borrowed = read(plain(clearsigned(ring), sender="boss@example.org"), ring, tmp_path / "b", monkeypatch)
    assert borrowed.seal and borrowed.seal.signature == "other" and borrowed.seal.weight == "alarm"
    beside = b"Hi.\n" + clearsigned(ring).replace(b"Bob", b"Rob") + b"\n" + clearsigned(ring)
    both = read(plain(beside), ring, tmp_path / "c", monkeypatch)
    assert both.seal and both.seal.weight == "alarm" and [one.signature for one in both.seal.parts] == ["bad", "good"]
    assert "protected part 2: signed by" in seal(both)
    turned = b"Hi.\n" + clearsigned(ring) + b"\n" + clearsigned(ring).replace(b"Bob", b"Rob")
    words = seal(read(plain(turned), ring, tmp_path / "d", monkeypatch))
    assert words.startswith(
        "Only parts are protected, the rest anybody can have written  ·  protected part 2: the sign"
    )


def test_an_encrypted_text_is_opened_and_answered_encrypted(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = read(plain(encrypted(ring, WORDS, "--sign")), ring, tmp_path, monkeypatch)
    assert seal(message) == "Encrypted (PGP)  ·  signed by Ann Example <ann@example.org>"
    assert "Grüße" in message.document.text and not notes(message.document)
    draft = answer(message)
    assert draft.encrypt is True and "> Dear Bob," in draft.body


def answer(message: Message) -> Draft:
    return reply.reply(message, id=DraftId("d"), account="work", own=(), everyone=False, signature="", source=1)


def test_a_secret_within_a_strangers_letter_is_not_quoted_to_the_stranger(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = b'<img src="http://evil.example/'
    body = (
        b"--b\r\nContent-Type: text/plain\r\n\r\nWhat do you think?\r\n"
        + encrypted(ring, "The code is 1234.\n").replace(b"\n", b"\r\n")
        + b"\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        + html
        + b"\r\n--b--\r\n"
    )
    raw = head('Content-Type: multipart/alternative; boundary="b"', sender="eve@example.net") + body
    message = read(raw, ring, tmp_path, monkeypatch)
    assert "The code is 1234." in message.document.text and message.html == "" and not message.document.is_page
    draft = answer(message)
    assert "1234" not in draft.body and draft.encrypt is True


def mixed(*parts: bytes) -> bytes:
    body = b"".join(b"--b\r\n" + part.replace(b"\n", b"\r\n") + b"\r\n" for part in parts)
    return head('Content-Type: multipart/mixed; boundary="b"') + body + b"--b--\r\n"


def test_the_other_texts_of_a_letter_stay_to_be_read_outside_of_the_signed_one(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = b"Content-Type: text/plain; charset=utf-8\n\n" + clearsigned(ring)
    footer = b"Content-Type: text/plain\n\nYou are on the list.\n"
    message = read(mixed(signed, footer), ring, tmp_path / "a", monkeypatch)
    assert notes(message.document) == ["▾ the protected part", "▴ end of the protected part"]
    text = message.document.text
    assert text.index("Grüße") < text.index("▴ end") < text.index("You are on the list.")
    behind = read(mixed(footer, signed), ring, tmp_path / "b", monkeypatch)
    assert "the protected part: signed by Ann Example" in seal(behind) and "You are on" in behind.document.text


def test_nothing_is_vouched_for_that_is_attached_to_a_signed_text(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = b"Content-Type: text/plain; charset=utf-8\n\n" + clearsigned(ring)
    bill = b"Content-Type: application/pdf\nContent-Disposition: attachment; filename=bill.pdf\n\nPay to DE00.\n"
    message = read(mixed(signed, bill), ring, tmp_path, monkeypatch)
    assert message.seal is not None and message.seal.weight == "note"
    assert seal(message).startswith("Only a part is protected, the rest anybody can have written  ·  ")
    assert "Grüße" in message.text and "BEGIN PGP" not in message.document.text


def alternative(ring: Keyring, html: bytes) -> bytes:
    parts = b"--b\nContent-Type: text/plain; charset=utf-8\n\n" + clearsigned(ring, "Meet me at noon.\n")
    parts += b"\n--b\nContent-Type: text/html; charset=utf-8\n\n" + html + b"\n--b--\n"
    return head('Content-Type: multipart/alternative; boundary="b"') + parts.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("html", [b"<p>Meet <b>me</b> at noon.</p>", b"<pre>{}</pre>", b"", b"<p> </p>"])
def test_html_that_says_the_same_as_the_signed_text_is_not_told_twice(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, html: bytes
) -> None:
    raw = alternative(ring, html.replace(b"{}", b"Meet me at noon."))
    message = read(raw, ring, tmp_path, monkeypatch)
    assert seal(message) == "signed by Ann Example <ann@example.org>"
    assert message.document.text.strip() == "Meet me at noon." and not notes(message.document)


def test_html_that_says_something_else_is_shown_and_not_called_signed(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = read(alternative(ring, b"<p>Meet me at <b>ten</b>.</p>"), ring, tmp_path, monkeypatch)
    assert message.seal is not None and message.seal.weight == "note"
    assert seal(message).startswith(
        "Only a part is protected, the rest anybody can have written  ·  the protected part"
    )
    text = message.document.text
    assert text.index("noon") < text.index("▴ end of the protected part") < text.index("ten")
    assert notes(message.document)[2:] == [f"▾ {armor.PAGE}", f"▴ end of {armor.PAGE}"]
    assert "noon" in message.text and "ten" not in message.text and message.html == ""


def test_html_among_the_texts_stands_where_its_sender_put_it(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (
        b'Content-Type: text/html; charset=iso-8859-1\n\n<p>Gr\xfc\xdfe von der <a href="https://a.example/">Liste</a>'
    )
    signed = b"Content-Type: text/plain; charset=utf-8\n\n" + clearsigned(ring, "Meet me at noon.\n")
    message = read(mixed(page, signed), ring, tmp_path, monkeypatch)
    text = message.document.text
    assert text.index("Grüße von der Liste") < text.index("▾ the protected part") < text.index("noon")
    assert message.document.links == ("https://a.example/",)


def test_what_was_packed_but_is_no_secret_is_not_called_one(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = ring.run("gpg", "--batch", "--armor", "--sign", data=WORDS.encode())
    message = read(plain(packed), ring, tmp_path, monkeypatch)
    assert "Grüße" in message.text and seal(message) == "signed by Ann Example <ann@example.org>"


def test_what_cannot_be_opened_stays_as_it_came_and_says_why(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = plain(encrypted(ring))
    with keyring() as stranger:
        message = read(raw, stranger, tmp_path / "a", monkeypatch)
    assert seal(message) == "Encrypted, but for none of your keys" and "BEGIN PGP MESSAGE" in message.text
    broken = plain(
        b"-----BEGIN PGP SIGNED MESSAGE-----\n\nHi\n-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\n"
    )
    message = read(broken, ring, tmp_path / "b", monkeypatch)
    assert message.seal and message.seal.weight == "alarm" and message.seal.signature != "good"


def test_no_passphrase_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with keyring() as locked:
        locked.make("Ann Example", "ann@example.org", passphrase="secret")
        raw = plain(encrypted(locked))
        locked.forget_passphrases()
        monkeypatch.setenv("GNUPGHOME", str(locked.home))
        with machine(tmp_path / "data") as here:
            here.box.add("INBOX", raw)
            mail = here.start()
            (id,) = ids(mail)
            with pytest.raises(Cancelled):
                mail.read(id, ask=True).result(timeout=30)
            assert "nothing of it was opened" in seal(mail.read(id).result(timeout=30))
            locked.dialog("give")
            locked.forget_passphrases()
            assert "Grüße" in mail.read(id, ask=True).result(timeout=30).text
            assert "Grüße" in mail.read(id).result(timeout=30).text, "it stays open while the program runs"


def test_a_letter_of_nothing_but_armor_is_cut_within_a_budget() -> None:
    many = b"-----BEGIN PGP MESSAGE-----\n\na\n-----END PGP MESSAGE-----\n" * 100
    found, _ = armor.stretches(plain(many))
    assert sum(one.is_armor for one in found) == armor.MOST and found[-1].octets.startswith(b"-----BEGIN")
    assert armor.stretches(plain(b"-----BEGIN PGP MESSAGE-----\n" * 50_000)) == ((), True)
