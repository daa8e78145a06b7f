"""Lets a test be a coroutine, and the pilot notice sooner that the app is at rest."""

from __future__ import annotations

import asyncio
import inspect

import pytest
import textual._wait

# The pilot looks every 20 ms whether the app is idle: 62 ms a key. These make it 6.
textual._wait.SLEEP_GRANULARITY = 1 / 500
textual._wait.SLEEP_IDLE = 1 / 1000


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs `async def` tests on a loop of their own."""
    if not inspect.iscoroutinefunction(pyfuncitem.function):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True
