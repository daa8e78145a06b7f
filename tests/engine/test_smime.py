"""S/MIME letters are checked and opened with gpgsm, where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.engine.test_sealing import ANN
from tests.keyrings import Certificates, made
from tui_mail.engine.sealing import Sealing
from tui_mail.mime import parse

pytestmark = pytest.mark.skipif(
    not (shutil.which("gpgsm") and shutil.which("openssl")) and os.environ.get("TUI_MAIL_REQUIRE_GPG") != "1",
    reason="there is no gpgsm or openssl here",
)
HEAD = b"From: Ann <ann@example.org>\r\nTo: bob@example.org\r\nSubject: Plan\r\n"
ENTITY = b"Content-Type: text/plain\r\n\r\nIt is secret.\r\n"


@pytest.fixture(scope="module")
def ann() -> Iterator[Certificates]:
    with made(Certificates) as one:
        one.certify("Ann", "ann@example.org")
        yield one


def sealing(ann: Certificates) -> Sealing:
    return Sealing({"work": ANN}, ann.gpg, ann.gpgsm)


def signed(ann: Certificates, *more: str) -> bytes:
    with_key = ["-signer", str(ann.home / "ann.crt"), "-inkey", str(ann.home / "ann.key")]
    return HEAD + ann.openssl("-sign", *with_key, "-crlfeol", *more, data=ENTITY).replace(b"\r\n", b"\n").replace(
        b"\n", b"\r\n"
    )


@pytest.mark.parametrize("form", [(), ("-nodetach",)])
def test_a_signed_letter_is_verified(ann: Certificates, form: tuple[str, ...]) -> None:
    letter, seal = sealing(ann).open(signed(ann, *form))
    assert seal is not None and (seal.scheme, seal.signature) == ("S/MIME", "good"), seal
    assert "It is secret." in parse.parse(letter).text


def test_a_changed_letter_is_an_alarm(ann: Certificates) -> None:
    _, seal = sealing(ann).open(signed(ann).replace(b"It is secret", b"It is public"))
    assert seal is not None and seal.signature == "bad" and seal.weight == "alarm"


def test_an_encrypted_letter_is_opened(ann: Certificates) -> None:
    data = ann.openssl("-encrypt", "-aes256", "-crlfeol", str(ann.home / "ann.crt"), data=ENTITY)
    raw = HEAD + data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    letter, seal = sealing(ann).open(raw, ask=True)
    assert seal is not None and seal.is_encrypted and not seal.trouble, seal
    assert "It is secret." in parse.parse(letter).text and b"secret" not in raw
