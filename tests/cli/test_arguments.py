"""What the words on the command line mean, and that the pages tell it as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui_mail.cli import arguments, pages
from tui_mail.cli.arguments import Demo, Run, Send, Version


def test_no_words_are_the_program() -> None:
    assert arguments.parse([]) == Run(None)
    assert arguments.parse(["--config", "my.toml"]) == Run(Path("my.toml"))


def test_a_letter_may_have_several_of_each() -> None:
    words = ["--config", "c.toml", "send", "--to", "a@b.c", "--to", "d@e.f", "--cc", "g@h.i", "--bcc", "j@k.l"]
    words += ["--subject", "S", "--attach", "x", "--attach", "y"]
    assert arguments.parse([*words, "--body", "-- text", "--from", "work", "--trace"]) == Send(
        config=Path("c.toml"),
        to=("a@b.c", "d@e.f"),
        cc=("g@h.i",),
        bcc=("j@k.l",),
        subject="S",
        body="-- text",
        files=(Path("x"), Path("y")),
        account="work",
        trace=True,
    )


def test_the_configuration_may_be_named_after_the_command_too() -> None:
    given = arguments.parse(["send", "--to", "a@b.c", "--subject", "S", "--config", "c.toml"])
    assert isinstance(given, Send)
    assert given.config == Path("c.toml")
    assert given.body is None


def test_version_and_demo() -> None:
    assert arguments.parse(["--version", "-v"]) == Version(None, True)
    assert arguments.parse(["-V", "--config", "c.toml"]) == Version(Path("c.toml"), False)
    assert arguments.parse(["demo"]) == Demo()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["frobnicate"], "there is no command 'frobnicate';"),
        (["--confg", "x"], "tui-mail --help"),
        (["--conf", "x"], "tui-mail --help"),
        (["send"], "--to"),
        (["send", "--to", "a@b.c"], "--subject"),
        (["send", "--to"], "tui-mail send --help"),
        (["demo", "now"], "now"),
        (["--config", "c.toml", "demo"], "reads no configuration"),
        (["send", "--to", "a", "--subject", "b", "\x1b[2J"], "�[2J"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(words: list[str], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        arguments.parse(words)
    assert left.value.code == 2
    out, said = capsys.readouterr()
    assert not out
    assert said.startswith("tui-mail")
    assert said.count("\n") == 1
    assert part in said


@pytest.mark.parametrize(
    ("words", "page"), [(["--help"], pages.MAIN), (["demo", "-h"], pages.DEMO), (["send", "--help"], pages.SEND)]
)
def test_help_is_a_page(words: list[str], page: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        arguments.parse(words)
    assert left.value.code == 0
    assert capsys.readouterr().out == page
    assert max(map(len, page.splitlines())) <= 90


def test_every_option_on_a_page_exists() -> None:
    """The other way round is above: what exists is used there by name."""
    for page, given in ((pages.MAIN, []), (pages.DEMO, ["demo"]), (pages.SEND, ["send"])):
        for option in re.findall(r"(?m)^  (--[a-z]+)", page):
            try:
                arguments.parse([*given, option])
            except SystemExit:
                pass  # a missing value or another missing option; an unknown one is told as such
            assert option in OPTIONS[tuple(given)]


OPTIONS = {
    (): {"--config", "--version", "--help"},
    ("demo",): {"--help"},
    ("send",): {
        "--to", "--cc", "--bcc", "--subject", "--body", "--attach", "--from", "--trace", "--config", "--help",
    },
}  # fmt: skip
