"""Pilots that do not wait longer than they must, and a clock that stands still in UTC."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Iterator

import pytest
import textual._wait as pilot_wait

# The toolkit's pilot looks for idleness in naps of 20 ms: 62 ms a key. In these naps it is 6 ms a key.
pilot_wait.SLEEP_GRANULARITY = 1 / 500
pilot_wait.SLEEP_IDLE = 1 / 1000


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs tests that are coroutines: what a plugin would do, in four lines."""
    if not inspect.iscoroutinefunction(pyfuncitem.function):
        return None
    wanted = inspect.signature(pyfuncitem.function).parameters
    asyncio.run(pyfuncitem.function(**{name: pyfuncitem.funcargs[name] for name in wanted}))
    return True
