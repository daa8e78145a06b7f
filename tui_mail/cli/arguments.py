"""The words after `tui-mail`, checked, as one frozen value a command."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from . import pages


@dataclass(frozen=True, slots=True)
class Run:
    """`tui-mail`"""

    config: Path | None


@dataclass(frozen=True, slots=True)
class Demo:
    """`tui-mail demo`"""


@dataclass(frozen=True, slots=True)
class Send:
    """`tui-mail send`"""

    config: Path | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    subject: str
    body: str | None
    """None: standard input."""
    files: tuple[Path, ...]
    account: str
    """A name of the configuration; empty is the first one."""
    trace: bool


@dataclass(frozen=True, slots=True)
class Version:
    """`tui-mail --version`"""

    config: Path | None
    is_verbose: bool


Command = Run | Demo | Send | Version


class _Parser(argparse.ArgumentParser):
    """argparse with a page of ours for `--help`; a mistake is one sentence and exit code 2."""

    def __init__(self, *, prog: str, page: str) -> None:
        super().__init__(prog=prog, allow_abbrev=False)
        self._page = page

    def format_help(self) -> str:
        return self._page

    def error(self, message: str) -> NoReturn:
        if wrong := re.search(r"COMMAND: invalid choice: ('.*?')", message):
            message = f"there is no command {wrong[1]}"
        words = "".join(char if char.isprintable() else "�" for char in message)
        print(f"{self.prog}: {words}; see {self.prog} --help.", file=sys.stderr)
        raise SystemExit(2)


def parse(words: Sequence[str]) -> Command:
    """Raises SystemExit: 2 after the sentence for what cannot be meant, 0 after a page that was asked for."""
    parser = _Parser(prog="tui-mail", page=pages.MAIN)
    parser.add_argument("--config", type=Path, metavar="FILE")
    parser.add_argument("--version", "-V", action="store_true")
    parser.add_argument("--verbose", "-v", action="store_true")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("demo", prog="tui-mail demo", page=pages.DEMO)
    _describe_send(commands.add_parser("send", prog="tui-mail send", page=pages.SEND))
    given = parser.parse_args(words)
    if given.version:
        return Version(given.config, given.verbose)
    if given.command == "demo":
        if given.config is not None:
            parser.error("the demo reads no configuration, so --config means nothing there")
        return Demo()
    if given.command == "send":
        return _send(given)
    return Run(given.config)


def _describe_send(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", default=argparse.SUPPRESS)
    parser.add_argument("--to", action="append", required=True, metavar="ADDRESS")
    parser.add_argument("--cc", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--bcc", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--subject", required=True, metavar="TEXT")
    parser.add_argument("--body", metavar="TEXT")
    parser.add_argument("--attach", action="append", default=[], type=Path, metavar="FILE")
    parser.add_argument("--from", dest="account", default="", metavar="ACCOUNT")
    parser.add_argument("--trace", action="store_true")


def _send(given: argparse.Namespace) -> Send:
    return Send(
        config=given.config,
        to=tuple(given.to),
        cc=tuple(given.cc),
        bcc=tuple(given.bcc),
        subject=given.subject,
        body=given.body,
        files=tuple(given.attach),
        account=given.account,
        trace=given.trace,
    )
