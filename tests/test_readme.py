"""The README says what is true."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_mail.cli.arguments import parse as parse_command
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


def test_the_pages_and_pictures_it_leads_to_exist() -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", re.sub(r"`[^`\n]*`", "", README)):
        assert (ROOT / target).exists(), target


def test_the_headings_it_leads_to_exist() -> None:
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in README.splitlines() if line.startswith("## ")}
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= headings


@pytest.mark.parametrize("name", ["keys", "settings", "providers"])
def test_its_tables_are_those_that_the_program_makes(name: str) -> None:
    script = ROOT / "bench" / f"readme_{name}.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr or f"the tables are old: python bench/readme_{name}.py"


def test_the_sentences_it_explains_are_those_that_the_program_says() -> None:
    said = list(sentences())
    told = re.findall(r"^\| “(.+)” \|", README, re.M)
    assert len(told) > 15
    for sentence in told:
        pieces = [piece.strip() for piece in sentence.split("…") if piece.strip(" .,:")]
        for piece in pieces:
            assert any(piece in one for one in said), piece


def sentences() -> Iterator[str]:
    """Every text in the program, braces for what is filled in."""
    for path in (ROOT / "tui_mail").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def test_its_commands_are_those_that_the_program_knows() -> None:
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.S))
    for line in re.findall(r"^tui-mail (.*)", shell, re.M):
        parse_command(shlex.split(line.partition("<")[0], comments=True))


def test_its_scripts_exist() -> None:
    for script in re.findall(r"python ((?:bench|docs)/\w+\.py)", README):
        assert (ROOT / script).exists(), script
