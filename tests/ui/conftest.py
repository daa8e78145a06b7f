"""Pilots that do not wait longer than they must, a toolkit that does nothing twice, and a clock that stands in UTC."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Iterator
from typing import Any  # the toolkit's parser takes whatever it takes

import pytest
import textual._wait as pilot_wait
from rich.segment import Segment
from textual.color import Color
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from tui_mail.ui.terminal.safety import SafetyFilter

# The toolkit's pilot looks for idleness in naps of 20 ms: 62 ms a key. In these naps it is 6 ms a key.
pilot_wait.SLEEP_GRANULARITY = 1 / 500
pilot_wait.SLEEP_IDLE = 1 / 1000

_parse_rules = Stylesheet._parse_rules
_parsed: dict[object, list[RuleSet]] = {}


def _parsed_once(self: Stylesheet, *style: Any, **options: Any) -> list[RuleSet]:
    """Every app reads the same style sheets twice: with the same variables they say the same, and nobody changes it."""
    key = style, tuple(options.items()), tuple(self._variables.items())
    if key not in _parsed:
        _parsed[key] = _parse_rules(self, *style, **options)
    return _parsed[key]


Stylesheet._parse_rules = _parsed_once  # type: ignore[method-assign]  # the toolkit keeps what it parsed an app long


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def nothing_left_for_the_last_defence(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """No widget draws a control, a direction mark or half a surrogate: all of it was cleaned before it came there.

    The filter of the terminal would take it out. Here, in every test of the screens, it must find nothing to take;
    `@pytest.mark.feeds_the_filter` is for tests of the filter itself.
    """
    found: list[str] = []
    apply = SafetyFilter.apply

    def watched(self: SafetyFilter, segments: list[Segment], background: Color) -> list[Segment]:
        safe = apply(self, segments, background)
        found.extend(before.text for before, after in zip(segments, safe, strict=True) if before.text != after.text)
        return safe

    monkeypatch.setattr(SafetyFilter, "apply", watched)
    yield
    if request.node.get_closest_marker("feeds_the_filter") is None:
        assert not found, f"widgets drew {found[:5]!r}"


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs tests that are coroutines: what a plugin would do, in four lines."""
    if not inspect.iscoroutinefunction(pyfuncitem.function):
        return None
    wanted = inspect.signature(pyfuncitem.function).parameters
    asyncio.run(pyfuncitem.function(**{name: pyfuncitem.funcargs[name] for name in wanted}))
    return True
