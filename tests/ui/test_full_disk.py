"""Somebody types while the disk is full: that is said, the text stays, and it is saved when there is room."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engine.test_survival import limit_pages
from tests.engine.world import machine
from tests.ui.program import Program, program

_ROOM = 3_000_000
"""Octets of the small disk."""
PASTED = f"{'x' * 79}\n" * 1000
"""More than what is free inside of the file."""
Switch = Callable[[Program, bool], None]
"""Makes the disk full, or gives it room again."""


def by_pages(here: Program, full: bool) -> None:
    """SQLite is told that the file may not grow."""
    limit_pages(here.mail, full=full)


def by_filling(here: Program, full: bool) -> None:
    """Another program fills the disk to its last octet."""
    filler = here.folder / "data" / "filler"
    if not full:
        filler.unlink()
        return
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass  # that much does not fit any more


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own for the data. Skips where this user may not mount one."""
    folder.mkdir(parents=True)
    mount = shutil.which("mount")
    said = "there is no mount here"
    if mount is not None:
        how = ["-t", "tmpfs", "-o", f"size={_ROOM},mode=0700", "tui-mail-test", str(folder)]
        done = subprocess.run([mount, *how], capture_output=True, text=True, timeout=20, check=False)
        said = f"no tmpfs could be mounted: {done.stderr.strip()}" if done.returncode else ""
    if said:
        pytest.skip(said)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, timeout=20, check=False)


async def write_on_a_full_disk(here: Program, switch: Switch) -> str:
    """Types before, while and after the disk is full; all of the text."""
    pane = await here.write()
    await here.press(*"bob@example.org", "tab", "tab", "tab", *"Hi", "tab", *"before")
    await here.until(lambda: here.mail._writer.is_idle)
    switch(here, True)
    await here.press(*"while")
    pane.body.take(PASTED)
    await here.press(*"typed")
    here.mail._writer.hurry()
    await here.shows("The disk is full")
    await here.until(lambda: any("on the screen" in words for words in toasts(here)))
    text = "beforewhile" + PASTED + "typed"
    assert pane.body.text == text and not pane.disabled
    await here.press(*"on")
    assert pane.body.text == text + "on" and here.mail.drafts()[0].body == text + "on"
    switch(here, False)
    here.mail._writer.hurry()
    await here.until(lambda: "There is room on the disk again: everything is saved." in toasts(here))
    await here.until(lambda: "full" not in here.text.split("\n")[-2])  # the status line
    await here.press(*"!")
    return text + "on!"


def toasts(here: Program) -> list[str]:
    return [one.message for one in here.app._notifications]


async def test_typed_while_the_store_may_not_grow(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        text = await write_on_a_full_disk(here, by_pages)
    assert kept(tmp_path) == [text]


async def test_typed_while_another_program_has_filled_the_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data"):
        async with program(tmp_path) as here:
            text = await write_on_a_full_disk(here, by_filling)
        assert kept(tmp_path) == [text]


async def test_what_the_full_disk_never_took_is_tried_once_more_when_the_program_ends(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await here.write()
        by_pages(here, True)
        await here.press(*"bob", "tab", "tab", "tab", "tab")
        pane = here.pane
        assert pane is not None
        pane.body.take(PASTED)
        here.mail._writer.hurry()
        await here.shows("The disk is full")
        by_pages(here, False)
    assert kept(tmp_path) == [PASTED]


def kept(folder: Path) -> list[str]:
    """The texts of the drafts that the next start finds."""
    with machine(folder / "data") as again:
        return [one.body for one in again.start().drafts()]
