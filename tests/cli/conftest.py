"""Servers that keep what is sent by themselves do so at once here: nobody waits three seconds for them."""

from __future__ import annotations

import pytest

from tui_mail.engine import errand


@pytest.fixture(autouse=True)
def a_short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errand, "GRACE", 0.2)
