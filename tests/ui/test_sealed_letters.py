"""How a letter is protected is said where no letter can write, and one key signs and encrypts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keyrings import Keyring, keyring, needs_gpg
from tests.ui.world import WORK, World, mailbox, world
from tui_mail.engine.sealing import Sealing
from tui_mail.mime import build
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId
from tui_mail.ui.widgets.seal_line import SealLine

pytestmark = needs_gpg


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyring]:
    with keyring() as made:
        monkeypatch.setenv("GNUPGHOME", str(made.home))
        yield made


def letter(ring: Keyring, *, sign: bool = False, encrypt: bool = False) -> bytes:
    """From Ann to Ann, so that one keyring plays both."""
    draft = Draft(
        DraftId("d"), "work", to="ann@example.org", subject="Plan", body="It is secret.\n", sign=sign, encrypt=encrypt
    )
    sealing, me = Sealing({"work": WORK}, ring.gpg), Address(WORK.name, WORK.address)
    return build.build(draft, sender=me, now=1, load=lambda _: b"", wrap=sealing.wrap(draft, ask=True)).copy


def line(here: World) -> str:
    shown = here.inbox.preview.query_one(SealLine)
    return str(shown.render()) if shown.display else ""


async def test_a_letter_is_opened_and_its_protection_said_over_it(tmp_path: Path, ring: Keyring) -> None:
    ring.make("Ann Example", "ann@example.org")
    box = mailbox([])
    box.add("INBOX", letter(ring, sign=True, encrypt=True))
    async with world(tmp_path, box) as here:
        await here.until(lambda: line(here).startswith("✓ Encrypted (PGP)  ·  signed by Ann Example"))
        message = here.inbox.preview.message
        assert message is not None and "It is secret." in message.document.text and message.html == ""
        await here.press("r")
        await here.until(lambda: here.inbox.composer is not None and here.inbox.composer.draft.encrypt is True)


async def test_a_locked_letter_is_opened_with_a_passphrase_and_stays_closed_without(
    tmp_path: Path, ring: Keyring
) -> None:
    ring.make("Ann Example", "ann@example.org", passphrase="secret")
    box = mailbox([])
    box.add("INBOX", letter(ring, encrypt=True))
    ring.forget_passphrases()
    async with world(tmp_path, box) as here:
        await here.until(lambda: "your passphrase is wanted first  (D unlocks it)" in line(here))
        await here.press("D")  # the dialog is cancelled
        await here.until(lambda: here.note == "The letter stays closed.")
        assert "passphrase is wanted" in line(here)
        ring.dialog("give")
        ring.forget_passphrases()
        await here.press("D")
        await here.until(lambda: "anybody can have written it" in line(here))


async def test_pgp_in_the_text_is_opened_with_the_same_key(tmp_path: Path, ring: Keyring) -> None:
    ring.make("Ann Example", "ann@example.org")
    signed = ring.run("gpg", "--batch", "--clearsign", data=b"-- At noon.\n").replace(b"\n", b"\r\n")
    box = mailbox([])
    box.add("INBOX", b"From: ann@example.org\r\nTo: bob@example.org\r\nSubject: Plan\r\n\r\nHi.\r\n" + signed)
    async with world(tmp_path, box) as here:
        await here.until(
            lambda: line(here).endswith("nothing of it was opened or checked yet.  (D opens and checks it)")
        )
        assert "- -- At noon." in here.text
        await here.press("D")
        await here.until(lambda: "the protected part: signed by Ann Example" in line(here))
        await here.until(lambda: "▴ end of the protected part" in here.text)
        assert "- -- At noon." not in here.text and "-- At noon." in here.text


async def test_a_cancelled_passphrase_sends_nothing_and_loses_nothing(tmp_path: Path, ring: Keyring) -> None:
    ring.make("Ann Example", "ann@example.org", passphrase="secret")
    ring.forget_passphrases()
    async with world(tmp_path) as here:
        here.inbox.compose_letter(Draft(DraftId("d"), "work", to="bob@example.org", subject="Hi", body="Text."))
        await here.until(lambda: here.inbox.composer is not None)
        pane = here.inbox.composer
        assert pane is not None
        await here.press("f9")
        assert pane.draft.sign is True and pane.protection == "signed"
        await here.press("ctrl+enter")
        await here.until(lambda: "nothing is lost" in here.note)
        assert here.inbox.composer is pane and not pane.disabled and pane.body.text == "Text."
        assert here.mail.outbox() == ()
        ring.dialog("give")
        ring.forget_passphrases()
        await here.press("ctrl+enter")
        await here.until(lambda: bool(here.mail.outbox()))


async def test_a_gpg_that_hangs_is_called_off_with_one_key_and_the_letter_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, gpg = tmp_path / "started", tmp_path / "bin" / "gpg"
    gpg.parent.mkdir()
    gpg.write_text(f"#!/bin/sh\necho $$ > {started}\nexec sleep 60\n")
    gpg.chmod(0o700)
    monkeypatch.setenv("PATH", f"{gpg.parent}:{os.environ['PATH']}")
    async with world(tmp_path) as here:
        here.inbox.compose_letter(Draft(DraftId("d"), "work", to="bob@example.org", subject="Hi", body="Text."))
        await here.until(lambda: here.inbox.composer is not None)
        await here.press("f9", "ctrl+enter")
        await here.until(lambda: "Signing the letter …" in here.text and started.exists())
        assert "What you wrote is kept" in here.text
        await here.press("x", "escape")
        await here.until(lambda: here.note == "Nothing was sent, and nothing is lost.")
        process = int(started.read_text())
        await here.until(lambda: not is_there(process))
        pane = here.inbox.composer
        assert pane is not None and not pane.disabled and pane.body.text == "Text." and here.mail.outbox() == ()
        await here.press("H", "i", "space")
        await here.until(lambda: pane.body.text == "Hi Text.")


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_letter_without_a_seal_says_so_and_keeps_the_terminal(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.until(lambda: here.inbox.preview.message is not None)
        await here.press("D")
        await here.until(lambda: here.note == "Nothing in this letter is encrypted.")
