"""What the words on the command line mean, and that the pages tell it as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_mail.cli import arguments, manual, pages
from tui_mail.cli.manual import Page
from tui_mail.cli.wanted import Config, Demo, Export, List, Read, Render, Run, Search, Send, Version


def test_no_words_are_the_program() -> None:
    assert arguments.parse([]) == Run(None)
    assert arguments.parse(["--config", "my.toml"]) == Run(Path("my.toml"))


def test_a_time_that_a_script_left_empty_sends_nothing_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments.parse(["send", "--to", "a@b.c", "--subject", "S", "--body", "B", "--at", ""])
    assert "--at is empty" in capsys.readouterr().err


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


def test_files_and_folders_are_rendered() -> None:
    assert arguments.parse(["render", "a.eml", "folder"]) == Render((Path("a.eml"), Path("folder")), 0, False)
    assert arguments.parse(["render", "a", "--width", "60", "--json"]) == Render((Path("a"),), 60, True)


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
        (["demo", "--messages", "many"], "--messages: “many” is not a number"),
        (["demo", "--messages", "99999999"], "at most"),
        (["list", "--limit", "-1"], "--limit"),
        (["list", "extra"], "extra"),
        (["read"], "ID"),
        (["read", "newest"], "ID is a number as tui-mail list prints it, or latest"),
        (["read", "²"], "ID is a number"),
        (["read", "5", "--folder", "Sent"], "go with latest"),
        (["read", "5", "--raw", "--json"], "--raw"),
        (["search"], "QUERY"),
        (["export", "--format", "pdf", "-o", "x"], "pdf"),
        (["export", "--format", "json"], "--output"),
        (["config"], "WHAT"),
        (["config", "edit"], "edit"),
        (["config", "import"], "import needs a FILE"),
        (["config", "show", "x"], "show takes no FILE"),
        (["config", "path", "--json"], "--json goes with show"),
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


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_help_is_a_page(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        arguments.parse([*page.name.split(), "--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert shown == manual.text(page)
    assert max(map(len, shown.splitlines())) <= 90
    assert all(option.shown in shown for option in page.options)


def test_every_command_is_on_the_first_page() -> None:
    first = manual.text(pages.MAIN)
    assert all(f"  {page.program} " in first for page in pages.PAGES)


def test_list_read_search_export_and_config() -> None:
    none = Path("c.toml")
    words = ["--config", "c.toml", "list", "--account", "work", "--folder", "Sent", "--query", "x", "--json"]
    assert arguments.parse(words) == List(none, "work", "Sent", "x", 50, True, False)
    assert arguments.parse(["list", "--limit", "0", "--offline"]) == List(None, "", "", "", 0, False, True)
    assert arguments.parse(["read", "latest", "--json"]) == Read(None, None, "", "", False, False, True, False)
    assert arguments.parse(["read", "4294967301", "--raw"]) == Read(None, 4294967301, "", "", False, True, False, False)
    assert arguments.parse(["search", "from:ann"]) == Search(None, "from:ann", "", 50, False, False)
    assert arguments.parse(["search", "--", "-from:ann"]) == Search(None, "-from:ann", "", 50, False, False)
    assert arguments.parse(["export", "--format", "mbox", "-o", "x"]) == Export(
        None, "", "", "", "mbox", Path("x"), False, False
    )
    assert arguments.parse(["config", "import", "x.json", "--config", "c.toml"]) == Config(
        none, "import", Path("x.json"), False
    )
    assert arguments.parse(["demo", "--messages", "1000"]) == Demo(1000)
