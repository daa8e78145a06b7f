"""Marks of the tests of what only an optional extra brings; the extra `test` brings them all."""

from __future__ import annotations

import importlib.util

import pytest

from tui_mail.mime.picture import can_decode

needs_pillow = pytest.mark.skipif(not can_decode(), reason="Pillow is an optional extra")
needs_spelling = pytest.mark.skipif(importlib.util.find_spec("spellchecker") is None, reason="spelling is an extra")
needs_hunspell = pytest.mark.skipif(importlib.util.find_spec("hunspell") is None, reason="chunspell is an extra")
needs_tnef = pytest.mark.skipif(importlib.util.find_spec("tnefparse") is None, reason="tnefparse is an optional extra")
