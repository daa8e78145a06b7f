"""Other programs: the person's editor, the browser, the terminal's clipboard. Never through a shell."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tui_mail.model.errors import BadInput

_OPENER_PATIENCE = 1.0
"""Seconds in which an opener that cannot open says so; later it is believed to have worked."""
_PIPE_PATIENCE = 60.0
_MOST_SAID = 2_000_000
"""Octets of a program's answer that are taken."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What came back from an editor. `text` is None where the file is gone; `note` says what was odd, or is empty."""

    text: str | None
    status: int
    """The editor's exit status; below 0 the signal that ended it."""
    note: str = ""


def editor_command(chosen: str, environ: Mapping[str, str]) -> list[str]:
    """The words of the editor command: the configured one, $VISUAL, $EDITOR, vi. Raises BadInput with a remedy."""
    text = chosen or environ.get("VISUAL") or environ.get("EDITOR") or "vi"
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BadInput(f"The editor command “{text}” cannot be read ({error}).", remedy=_REMEDY) from error
    if not words or shutil.which(os.path.expanduser(words[0]), path=environ.get("PATH")) is None:
        raise BadInput(f"The editor “{words[0] if words else text}” was not found.", remedy=_REMEDY)
    return [os.path.expanduser(words[0]), *words[1:]]


_REMEDY = "Set editor in [compose], or $VISUAL."


def editor_file(folder: Path, draft: str) -> Path:
    """Where a draft's text lies while an editor has it: a folder of its own, for the editor's own leftovers."""
    safe = "".join(char for char in draft if char.isalnum() or char in "-_") or "draft"
    return folder / "editing" / safe / "letter.txt"


def edit(text: str, command: list[str], path: Path, suspend: Callable[[], AbstractContextManager[None]]) -> Edited:
    """Writes the text to `path` (0600), runs the editor on it with the terminal its own, and reads it back.

    The file stays until `forget`; a program killed meanwhile leaves it to be found. Raises BadInput where the file
    cannot be written or the editor cannot be started.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "replace"))
        with suspend():
            status = subprocess.run([*command, str(path)], check=False).returncode
    except OSError as error:
        raise BadInput(f"The editor could not be started: {error.strerror or error}.", remedy=_REMEDY) from error
    back, note = read_back(path)
    return Edited(back, status, note)


def read_back(path: Path) -> tuple[str | None, str]:
    """The text of an edited file, and what was odd about it. None where it is gone or is no file."""
    try:
        data = path.read_bytes() if path.is_file() else None
    except OSError:
        data = None
    if data is None:
        return None, ""
    note = ""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        note = "The editor did not save UTF-8; the text was read as Windows-1252. Please look it over."
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def forget(path: Path) -> None:
    """Removes the file and what the editor left beside it."""
    shutil.rmtree(path.parent, ignore_errors=True)


def opener(environ: Mapping[str, str], chosen: str = "") -> list[str]:
    """The words of the program that opens things: the configured one, else the desktop's; none where there is none.

    On a machine without a display a text browser would start inside our screen, so none is looked for there.
    """
    if chosen:
        words = shlex.split(chosen)
        return [os.path.expanduser(words[0]), *words[1:]] if words else []
    found = None
    if sys.platform == "darwin":
        found = shutil.which("open")
    elif environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        found = shutil.which("xdg-open")
    return [found] if found else []


async def open_link(url: str, environ: Mapping[str, str]) -> bool:
    """Hands a checked http or https address to the desktop's opener, detached; False where there is none."""
    words = opener(environ)
    return bool(words) and await start([*words, url]) is not None


async def start(words: Sequence[str]) -> asyncio.subprocess.Process | None:
    """Starts a program that shows something, detached and unheard; None where it cannot, or says so at once."""
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None
    with contextlib.suppress(TimeoutError):  # still at it, which is how a browser looks
        await asyncio.wait_for(asyncio.shield(process.wait()), _OPENER_PATIENCE)
    return None if process.returncode else process


@dataclass(frozen=True, slots=True)
class Piped:
    """What a program said about the octets that it was given."""

    status: int
    words: bytes
    is_cut: bool = False


async def pipe(command: str, octets: bytes, environ: Mapping[str, str]) -> Piped:
    """Gives octets to a program, no shell between, and takes what it says, within limits. Raises BadInput."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise BadInput(f"“{command}” cannot be read ({error}).") from error
    if not words or shutil.which(os.path.expanduser(words[0]), path=environ.get("PATH")) is None:
        raise BadInput(f"The program “{words[0] if words else command}” was not found.")
    try:
        process = await asyncio.create_subprocess_exec(
            os.path.expanduser(words[0]),
            *words[1:],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise BadInput(f"{words[0]} could not be started: {error.strerror or error}.") from error
    try:
        async with asyncio.timeout(_PIPE_PATIENCE):
            feeding = asyncio.ensure_future(_feed(process, octets))
            said = await process.stdout.read(_MOST_SAID + 1) if process.stdout is not None else b""
            while len(said) <= _MOST_SAID and process.stdout is not None:
                if not (more := await process.stdout.read(_MOST_SAID + 1 - len(said))):
                    break
                said += more
            feeding.cancel()
            if len(said) > _MOST_SAID:
                process.kill()
            return Piped(await process.wait(), said[:_MOST_SAID], len(said) > _MOST_SAID)
    except TimeoutError as error:
        raise BadInput(f"{words[0]} took longer than {_PIPE_PATIENCE:.0f} s, so it was ended.") from error
    finally:
        if process.returncode is None:
            process.kill()


async def _feed(process: asyncio.subprocess.Process, octets: bytes) -> None:
    if process.stdin is None:  # pragma: no cover: it was asked for
        return
    try:
        process.stdin.write(octets)
        await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        return  # it has heard enough, as `head` does
