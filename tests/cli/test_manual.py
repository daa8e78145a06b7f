"""The man page and the shell completions say what `--help` says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tui_mail.cli.manual import Page
from tui_mail.cli.pages import PAGES

DOCS = Path(__file__).parents[2] / "docs"
BASH = """
source "$0"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_tui_mail
printf '%s\\n' "${COMPREPLY[@]}"
"""


def complete(*words: str) -> list[str]:
    """What bash offers for the last word."""
    script = str(DOCS / "completions" / "tui-mail.bash")
    done = subprocess.run(
        ["bash", "-c", BASH, script, *words], capture_output=True, text=True, timeout=60, cwd=Path(__file__).parent
    )
    assert not done.stderr
    return done.stdout.split("\n")[:-1]


def test_they_are_as_new_as_the_pages() -> None:
    done = subprocess.run([sys.executable, DOCS / "generate.py", "--check"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_is_offered(page: Page) -> None:
    names = {name for option in page.options for name in (option.name, option.short) if name}
    assert set(complete("tui-mail", *page.name.split(), "-")) == names
    for shell in ("_tui-mail", "tui-mail.fish"):
        text = (DOCS / "completions" / shell).read_text()
        assert all(option.key in text for option in page.options)


def test_words_are_offered_where_they_can_stand() -> None:
    assert complete("tui-mail", "ex") == ["export"]
    assert complete("tui-mail", "--config", "x", "list", "--off") == ["--offline"]
    assert complete("tui-mail", "export", "--format", "m") == ["mbox", "maildir"]
    assert complete("tui-mail", "config", "") == ["path", "show", "check", "import"]
    assert complete("tui-mail", "config", "import", "test_man") == ["test_manual.py"]
    assert complete("tui-mail", "read", "") == ["latest"]


def test_the_man_page_has_no_mistake() -> None:
    if not shutil.which("groff"):
        pytest.skip("there is no groff")
    words = ["groff", "-man", "-Tutf8", "-wall", "-Kutf8", str(DOCS / "tui-mail.1")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
