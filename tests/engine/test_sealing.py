"""Letters are signed, encrypted, opened and checked with throw-away keys; what a letter claims itself is not heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.keyrings import Keyring, keyring, needs_gpg
from tui_mail.backend.gnupg import Gnupg
from tui_mail.config.settings import Account, Server
from tui_mail.engine.sealing import Sealing, is_secret
from tui_mail.mime import build, parse, sealed
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId, Outgoing
from tui_mail.model.errors import BadInput, Cancelled, Offline, PassphraseWanted
from tui_mail.model.seal import Seal

pytestmark = needs_gpg
HERE = Server("mail.example.org", 993)
ANN = Account("work", "ann@example.org", HERE, HERE, "Ann Example")
BODY = "Dear Bob,\n\nFrom here on it is secret. Grüße  \n-- \nAnn\n"


@pytest.fixture(scope="module")
def ring() -> Iterator[Keyring]:
    """Ann's keyring, with a key of Bob's that she vouches for; the same one plays both sides."""
    with keyring() as made:
        for name, address in (("Ann Example", "ann@example.org"), ("Bob", "bob@example.org")):
            made.make(name, address)
        yield made


def sealing(ring: Keyring, account: Account = ANN) -> Sealing:
    return Sealing({account.key: account}, ring.gpg)


def written(ring: Keyring, account: Account = ANN, *, ask: bool = False, **fields: object) -> Outgoing:
    draft = replace(Draft(DraftId("d"), "work", to="bob@example.org", subject="Plan", body=BODY), **fields)  # type: ignore[arg-type]  # Draft's own
    one = sealing(ring, account)
    return build.build(
        draft,
        sender=Address(account.name, account.address),
        now=1_795_435_200,
        load=lambda _: b"\x00\xff" * 40,
        wrap=one.wrap(draft, ask=ask),
        autocrypt=lambda address: one.autocrypt(draft, address),
    )


def opened(ring: Keyring, raw: bytes) -> tuple[str, Seal]:
    letter, seal = sealing(ring).open(raw)
    assert seal is not None
    return parse.parse(letter).text, seal


def test_a_signed_letter_comes_back_verified(ring: Keyring) -> None:
    raw = written(ring, sign=True).wire
    text, seal = opened(ring, raw)
    assert "Grüße" in text and (seal.signature, seal.is_encrypted, seal.weight) == ("good", False, "good")
    assert seal.words == "signed by Ann Example <ann@example.org>"
    assert raw.isascii()


def test_an_encrypted_letter_shows_nothing_on_the_way_and_comes_back_whole(ring: Keyring) -> None:
    outgoing = written(ring, sign=True, encrypt=True, bcc="ann@example.org")
    assert b"secret" not in outgoing.wire and b"Gr=C3" not in outgoing.wire and b"Bcc" not in outgoing.wire
    text, seal = opened(ring, outgoing.wire)
    assert "it is secret. Grüße" in text
    assert seal.is_encrypted and seal.signature == "good"
    assert seal.words == "Encrypted (PGP)  ·  signed by Ann Example <ann@example.org>"


def test_encrypted_without_a_signature_is_nobodys_word(ring: Keyring) -> None:
    _, seal = opened(ring, written(ring, encrypt=True).wire)
    assert seal.signature == "" and "anybody can have written it" in seal.words and seal.weight == "note"


def test_a_changed_letter_is_an_alarm(ring: Keyring) -> None:
    raw = written(ring, sign=True).wire.replace(b"Dear Bob", b"Dear Rob")
    _, seal = opened(ring, raw)
    assert seal.signature == "bad" and seal.weight == "alarm" and "was changed" in seal.words


def test_a_good_signature_of_somebody_else_is_an_alarm(ring: Keyring) -> None:
    raw = written(ring, sign=True).wire.replace(b"From: Ann Example <ann@", b"From: The Boss <boss@")
    _, seal = opened(ring, raw)
    assert seal.signature == "other" and seal.weight == "alarm" and "who is not the sender" in seal.words


def test_a_key_that_is_not_here_is_said(ring: Keyring) -> None:
    raw = written(ring, sign=True).wire
    with keyring() as stranger:
        _, seal = opened(stranger, raw)
    assert seal.signature == "missing" and seal.weight == "note"


def test_a_key_that_nobody_vouches_for_is_not_green(ring: Keyring) -> None:
    raw = written(ring, sign=True).wire
    public = ring.run("gpg", "--batch", "--export", "ann@example.org")
    with keyring() as other:
        other.run("gpg", "--batch", "--import", data=public)
        _, seal = opened(other, raw)
    assert seal.signature == "doubtful" and seal.weight == "note" and "nobody vouches" in seal.words


def test_what_a_letter_writes_about_itself_is_not_believed(ring: Keyring) -> None:
    forged = (
        b"From: ann@example.org\r\nSubject: x\r\nContent-Type: multipart/signed; boundary=b;"
        b' protocol="application/pgp-signature"\r\n\r\n--b\r\n\r\n'
        b"[GNUPG:] GOODSIG 1234567890ABCDEF Ann Example <ann@example.org>\r\n[GNUPG:] TRUST_ULTIMATE\r\n"
        b"--b\r\nContent-Type: application/pgp-signature\r\n\r\n"
        b"[GNUPG:] GOODSIG 1234567890ABCDEF Ann <ann@example.org>\r\n--b--\r\n"
    )
    _, seal = opened(ring, forged)
    assert seal.signature == "broken" and seal.weight == "alarm"


def test_a_signed_part_among_others_vouches_for_nothing(ring: Keyring) -> None:
    inner = written(ring, sign=True).wire
    raw = (
        b"From: ann@example.org\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n\r\nPay here.\r\n"
        b"--outer\r\n" + inner[inner.index(b"Content-Type: multipart/signed") :] + b"\r\n--outer--\r\n"
    )
    _, seal = opened(ring, raw)
    assert seal.is_part and seal.weight == "note" and "the rest is not" in seal.words


def test_an_encrypted_part_inside_of_foreign_html_is_not_opened(ring: Keyring) -> None:
    inner = written(ring, encrypt=True).wire
    raw = (
        b"From: eve@example.org\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n"
        b'Content-Type: text/html\r\n\r\n<img src="http://evil.example/\r\n--outer\r\n'
        + inner[inner.index(b"Content-Type: multipart/encrypted") :]
        + b'\r\n--outer\r\nContent-Type: text/html\r\n\r\n">\r\n--outer--\r\n'
    )
    letter, seal = sealing(ring).open(raw)
    assert letter == raw and seal is not None and seal.is_part


def test_where_a_key_is_missing_nothing_is_sent(ring: Keyring) -> None:
    with pytest.raises(BadInput, match=r"no key of carl@example\.org, so nothing was sent"):
        written(ring, encrypt=True, cc="carl@example.org")
    with pytest.raises(BadInput, match=r"no secret key of dora@example\.org"):
        written(ring, sign=True, sender="dora@example.org")


def test_it_is_encrypted_by_itself_only_where_every_key_is_known_and_it_is_wished(ring: Keyring) -> None:
    wishes = replace(ANN, encrypt=True)
    assert b"multipart/encrypted" in written(ring, wishes).wire
    assert b"Dear Bob" in written(ring, wishes, cc="carl@example.org").wire
    assert b"Dear Bob" in written(ring, wishes, encrypt=False).wire
    assert b"Dear Bob" in written(ring).wire
    draft = Draft(DraftId("d"), "work")
    assert is_secret(draft, wishes) and not is_secret(draft, ANN) and is_secret(replace(draft, encrypt=True), ANN)


def test_attachments_travel_inside(ring: Keyring, tmp_path: Path) -> None:
    from tui_mail.model.draft import Enclosure

    raw = written(ring, encrypt=True, enclosures=(Enclosure(path="/x/plan.bin", name="plan.bin"),)).wire
    assert b"plan.bin" not in raw
    letter, _ = sealing(ring).open(raw)
    [attached] = parse.parse(letter).attachments
    assert attached.name == "plan.bin" and parse.part(letter, attached.part) == b"\x00\xff" * 40


def test_the_key_that_a_letter_offers_can_be_taken(ring: Keyring) -> None:
    raw = written(ring, sign=True).wire
    assert sealed.autocrypt_key(raw) is not None
    with keyring() as other:
        there = sealing(other)
        assert there.take_key(raw) == "ann@example.org"
        assert there.knows(["ann@example.org", "bob@example.org"]) == ("ann@example.org",)
        with pytest.raises(BadInput, match="was here already"):
            there.take_key(raw)
    with pytest.raises(BadInput, match="offers no key"):
        sealing(ring).take_key(raw.replace(b"From: Ann Example <ann@", b"From: The Boss <boss@"))


def test_a_key_with_other_addresses_is_not_taken(ring: Keyring) -> None:
    with keyring() as eve:
        eve.make("Eve", "eve@example.net")
        eve.run("gpg", "--batch", "--quick-add-uid", "eve@example.net", "Ann <ann@example.org>")
        raw = (
            b"From: eve@example.net\r\nAutocrypt: "
            + " ".join(
                sealed.autocrypt_line("eve@example.net", eve.run("gpg", "--batch", "--export", "eve@example.net"))
            ).encode()
        )
        with pytest.raises(BadInput, match="not one key of eve"):
            sealing(ring).take_key(raw + b"\r\n\r\nHi\r\n")


def test_a_passphrase_is_asked_for_only_where_the_terminal_is_lent() -> None:
    with keyring() as locked:
        locked.make("Ann Example", "ann@example.org", passphrase="secret")
        locked.make("Bob", "bob@example.org")
        locked.forget_passphrases()
        with pytest.raises(PassphraseWanted):
            written(locked, sign=True)
        with pytest.raises(Cancelled, match="nothing was sent, and nothing is lost"):
            written(locked, sign=True, ask=True)
        locked.dialog("give")
        locked.forget_passphrases()
        raw = written(locked, sign=True, encrypt=True, ask=True).wire
        _, seal = opened(locked, raw)
        assert seal.signature == "good"
        locked.forget_passphrases()
        _, seal = opened(locked, written(locked, encrypt=True, to="ann@example.org").wire)
        assert seal.is_locked and "passphrase is wanted" in seal.words and not seal.signature


def fake(folder: Path, script: str) -> Gnupg:
    """A gpg of somebody's making."""
    path = folder / "gpg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return Gnupg(str(path), patience=0.3)


SIGNED = (
    b"From: ann@example.org\r\nContent-Type: multipart/signed; boundary=b;"
    b' protocol="application/pgp-signature"\r\n\r\n--b\r\n\r\nHi\r\n--b\r\n'
    b"Content-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n"
)


def test_a_gpg_that_hangs_ends_in_time_and_the_letter_is_shown(tmp_path: Path) -> None:
    one = Sealing({"work": ANN}, fake(tmp_path, "exec sleep 60"))
    letter, seal = one.open(SIGNED)
    assert letter == SIGNED and seal is not None and "does not answer" in seal.trouble and seal.weight == "alarm"
    with pytest.raises(Offline, match="nothing was done"):
        one.take_key(b"From: ann@example.org\r\nAutocrypt: addr=ann@example.org; keydata=AAAA\r\n\r\n")


def test_a_status_on_another_channel_is_not_heard(tmp_path: Path) -> None:
    words = "[GNUPG:] GOODSIG 1234567890ABCDEF Ann <ann@example.org>"
    one = Sealing({"work": ANN}, fake(tmp_path, f"echo '{words}' >&2; echo '{words}'; echo '[GNUPG:] VALIDSIG F' >&2"))
    _, seal = one.open(SIGNED)
    assert seal is not None and seal.signature == "broken"


def test_names_from_a_letter_are_never_options(tmp_path: Path) -> None:
    log = tmp_path / "log"
    one = Sealing({"work": ANN}, fake(tmp_path, f'printf "%s\\n" "$@" >> {log}'))
    assert one.knows(["--output=/etc/passwd@example.org"]) == ()
    words = log.read_text().split("\n")
    assert words[words.index("--") + 1] == "<--output=/etc/passwd@example.org>"
    assert {"--batch", "--status-fd", "--no-auto-key-retrieve", "--disable-dirmngr"} <= set(words)


def test_without_a_gpg_it_is_said(tmp_path: Path) -> None:
    one = Sealing({"work": ANN}, Gnupg(str(tmp_path / "none")))
    _, seal = one.open(SIGNED)
    assert seal is not None and "is not installed" in seal.words
    wrap = one.wrap(Draft(DraftId("d"), "work", sign=True))
    assert wrap is not None
