"""A wait that takes long shows how far it is and can be called off; a short one shows nothing."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from tests.ui.program import letter, program
from tui_mail.model.errors import Cancelled
from tui_mail.ui.screens.patience import PatienceDialog, Watched, patiently


async def test_a_long_wait_shows_itself_and_esc_calls_it_off(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1)) as here:
        screen = await here.open()
        promise: Future[bytes] = Future()
        watched = Watched()
        ended: list[str] = []

        async def wait() -> None:
            try:
                await patiently(screen, promise, "Fetching plan.pdf", watched)
            except Cancelled as error:
                ended.append(str(error))

        screen.run_worker(wait())
        watched(2_500_000, 10_000_000)
        await here.shows("Fetching plan.pdf")
        await here.shows("2.5 MB of 10 MB")
        await here.press("escape")
        await here.until(lambda: bool(ended) and promise.cancelled())
        assert here.app.screen is screen


async def test_the_dialog_goes_with_the_wait(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1)) as here:
        screen = await here.open()
        promise: Future[bytes] = Future()
        got: list[bytes] = []

        async def wait() -> None:
            got.append(await patiently(screen, promise, "Fetching", Watched()))

        screen.run_worker(wait())
        await here.until(lambda: isinstance(here.app.screen, PatienceDialog))
        promise.set_result(b"all of it")
        await here.until(lambda: got == [b"all of it"] and here.app.screen is screen)
