"""The README says what is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tui_mail.config.file import parse

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_two_commands_stand_at_the_top() -> None:
    assert "pip install . && tui-mail demo" in README[:600]
    assert "pip install '.[test]' && python -m pytest" in README[:600]


def test_the_continuous_integration_runs_the_same_command() -> None:
    assert "pip install '.[test]' && python -m pytest\n" in (ROOT / ".ci" / "run").read_text()


def test_the_account_in_it_is_read() -> None:
    for block in re.findall(r"```toml\n(.*?)```", README, re.S):
        assert parse(block, "README.md").accounts


def test_the_pages_it_leads_to_exist() -> None:
    for target in re.findall(r"\]\((?!https?:|screenshots/)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_its_keys_are_those_of_the_bindings() -> None:
    script = ROOT / "bench" / "readme_keys.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr or "the key table is old: python bench/readme_keys.py"


def test_its_providers_are_those_that_the_program_knows() -> None:
    script = ROOT / "bench" / "readme_providers.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr or "the providers' table is old: python bench/readme_providers.py"
