"""winmail.dat taken apart in a process that can be killed; only because the person asked."""

from __future__ import annotations

import asyncio
import sys

from tui_mail.mime import tnef
from tui_mail.model.errors import BadInput, Unsupported

_PATIENCE = 30.0


async def unpack(octets: bytes) -> bytes:
    """A message with what was in it. Raises Unsupported without tnefparse, BadInput for what is damaged."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", tnef.__name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            out, _ = await process.communicate(octets)
    except TimeoutError as error:
        raise BadInput("It took too long to unpack, so that was stopped.") from error
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode == tnef.MISSING:
        raise Unsupported("winmail.dat needs tnefparse.", remedy="pip install 'tui-mail[tnef]'.")
    if process.returncode or not out:
        raise BadInput("This winmail.dat is damaged; it can still be saved as it is.")
    return out
