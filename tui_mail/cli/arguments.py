"""The words after `tui-mail`, checked; a mistake is one sentence."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from . import manual, pages
from .manual import Operand, Option, Page
from .wanted import (
    Command,
    Compose,
    Config,
    Contacts,
    Demo,
    Doctor,
    Export,
    Import,
    List,
    Outbox,
    Read,
    Render,
    Run,
    Search,
    Send,
    Sync,
    Version,
)

_LIMIT = 50
_NARROWEST, _BROADEST = 20, 1000
"""Cells of a line."""
_MOST = 5_000_000
"""Messages of a demo: what the server makes in a few seconds and a gigabyte."""


class _Parser(argparse.ArgumentParser):
    """argparse with a page of ours for `--help`; a mistake is one sentence and exit code 2."""

    def __init__(self, *, prog: str = "", page: Page) -> None:
        super().__init__(prog=page.program, allow_abbrev=False)  # `prog` is what argparse itself would call it
        self._page = page
        for option in page.options:
            if option.name != "--help":
                _add(self, option, is_main=not page.name)
        for operand in page.operands:
            _add_operand(self, operand)

    def format_help(self) -> str:
        return manual.text(self._page)

    def error(self, message: str) -> NoReturn:
        if wrong := re.search(r"COMMAND: invalid choice: ('.*?')", message):
            message = f"there is no command {wrong[1]}"
        words = "".join(char if char.isprintable() else "�" for char in message)
        print(f"{self.prog}: {words}; see {self.prog} --help.", file=sys.stderr)
        raise SystemExit(2)


def _add(parser: argparse.ArgumentParser, option: Option, *, is_main: bool) -> None:
    names = [name for name in (option.name, option.short) if name]
    if not option.value:
        parser.add_argument(*names, action="store_true")
        return
    how: dict[str, Any] = {"metavar": option.value}
    if option.repeats:
        how |= {"action": "append", "default": [] if not option.required else None}
    if option.name == "--config" and not is_main:
        how["default"] = argparse.SUPPRESS  # or it would hide the one before the command
    parser.add_argument(
        *names,
        required=option.required,
        choices=option.choices or None,
        type=_TYPES.get(option.kind, str),
        **how,
    )


def _add_operand(parser: argparse.ArgumentParser, operand: Operand) -> None:
    parser.add_argument(
        operand.key,
        metavar=operand.name,
        nargs="*"
        if operand.optional and operand.repeats
        else "+"
        if operand.repeats
        else "?"
        if operand.optional
        else None,
        choices=operand.choices or None,
        type=_TYPES.get(operand.kind, str),
    )


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", text, re.A):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number")
    return int(text)


_TYPES: dict[str, Callable[[str], object]] = {"number": _number, "file": Path, "folder": Path}


def parse(words: Sequence[str]) -> Command:
    """Raises SystemExit: 2 after the sentence for what cannot be meant, 0 after a page that was asked for."""
    if words and words[0].lower().startswith("mailto:"):  # what a desktop hands to its mail program
        words = ["compose", *words]
    parser = _Parser(page=pages.MAIN)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    parsers = {page.name: commands.add_parser(page.name, page=page) for page in pages.PAGES if page.name}
    given, unknown = parser.parse_known_args(words)
    if given.command == "compose":  # argparse takes addresses only where no option stands before them
        given.address = [*(given.address or ()), *(word for word in unknown if not word.startswith("-"))]
        unknown = [word for word in unknown if word.startswith("-")]
    if unknown:
        parsers.get(given.command, parser).error(f"unrecognized arguments: {' '.join(unknown)}")
    if given.version:
        return Version(given.config, given.verbose)
    if given.command is None:
        return Run(given.config)
    return _MAKERS[given.command](given, parsers[given.command])


def _demo(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Demo:
    if given.config is not None:
        parser.error("the demo reads no configuration, so --config means nothing there")
    messages = given.messages or 0
    if messages > _MOST:
        parser.error(f"argument --messages: at most {_MOST}")
    return Demo(messages)


def _send(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Send:
    if given.clear and (given.sign or given.encrypt):
        parser.error("--clear is neither signed nor encrypted, so it stands alone")
    if given.at is not None and not given.at.strip():
        parser.error("--at is empty, and it does not mean now")
    if given.at and given.trace:
        parser.error("--trace shows what is said now, and --at says nothing before its time")
    return Send(
        config=given.config,
        to=tuple(given.to),
        cc=tuple(given.cc),
        bcc=tuple(given.bcc),
        subject=given.subject,
        body=given.body,
        files=tuple(given.attach),
        account=getattr(given, "from") or "",
        trace=given.trace,
        sign=given.sign or (False if given.clear else None),
        encrypt=given.encrypt or (False if given.clear else None),
        markdown=given.markdown,
        at=given.at or "",
    )


def _outbox(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Outbox:
    if sum((given.trace is not None, given.send, given.json)) > 1:
        parser.error("--trace, --send and --json are asked for one at a time")
    return Outbox(given.config, given.trace, given.send, given.json)


def _compose(given: argparse.Namespace, _: argparse.ArgumentParser) -> Compose:
    people = tuple(given.address or ())
    url = next((one for one in people if one.lower().startswith("mailto:")), "")
    return Compose(
        config=given.config,
        url=url,
        to=tuple(one for one in people if one != url),
        cc=tuple(given.cc),
        subject=given.subject or "",
        body=given.body or "",
        files=tuple(given.attach),
        template=given.template or "",
        account=getattr(given, "from") or "",
    )


def _contacts(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Contacts:
    if given.json and given.what != "list":
        parser.error("--json goes with list")
    if given.what == "list" and given.file is not None:
        parser.error("list takes no FILE")
    return Contacts(given.config, given.what, given.file, given.json)


def _list(given: argparse.Namespace, _: argparse.ArgumentParser) -> List:
    limit = _LIMIT if given.limit is None else given.limit
    return List(given.config, given.account or "", given.folder or "", given.query or "", limit, *_json(given))


def _read(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Read:
    if given.raw and (given.json or given.headers):
        parser.error("--raw is the whole message; --json and --headers mean nothing with it")
    if given.id != "latest" and not re.fullmatch(r"[0-9]{1,18}", given.id, re.A):
        parser.error(f"ID is a number as tui-mail list prints it, or latest, not “{given.id}”")
    is_latest = given.id == "latest"
    if not is_latest and (given.folder or given.account):
        parser.error("--folder and --account go with latest; an id says it all")
    return Read(
        config=given.config,
        message=None if is_latest else int(given.id),
        account=given.account or "",
        folder=given.folder or "",
        headers=given.headers,
        raw=given.raw,
        json=given.json,
        offline=given.offline,
    )


def _search(given: argparse.Namespace, _: argparse.ArgumentParser) -> Search:
    limit = _LIMIT if given.limit is None else given.limit
    return Search(given.config, given.query, given.account or "", limit, *_json(given))


def _export(given: argparse.Namespace, _: argparse.ArgumentParser) -> Export:
    return Export(
        config=given.config,
        account=given.account or "",
        folder=given.folder or "",
        query=given.query or "",
        form=given.format,
        path=given.output.expanduser(),
        force=given.force,
        offline=given.offline,
    )


def _import(given: argparse.Namespace, _: argparse.ArgumentParser) -> Import:
    return Import(given.config, given.path.expanduser(), given.account or "", given.folder or "")


def _sync(given: argparse.Namespace, _: argparse.ArgumentParser) -> Sync:
    return Sync(given.config, given.account or "", given.folder or "", given.json)


def _doctor(given: argparse.Namespace, _: argparse.ArgumentParser) -> Doctor:
    return Doctor(given.config, given.account or "", given.imap, given.smtp, given.json)


def _render(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Render:
    width = given.width or 0
    if given.width is not None and not _NARROWEST <= width <= _BROADEST:
        parser.error(f"argument --width: from {_NARROWEST} to {_BROADEST}")
    return Render(tuple(given.path), width, given.json)


def _config(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Config:
    if (given.what == "import") != (given.file is not None):
        parser.error("import needs a FILE" if given.what == "import" else f"{given.what} takes no FILE")
    if given.json and given.what != "show":
        parser.error(f"--json goes with show; {given.what} prints no data")
    return Config(given.config, given.what, given.file, given.json)


def _json(given: argparse.Namespace) -> tuple[bool, bool]:
    return given.json, given.offline


_MAKERS: dict[str, Callable[[argparse.Namespace, argparse.ArgumentParser], Command]] = {
    "demo": _demo,
    "send": _send,
    "compose": _compose,
    "contacts": _contacts,
    "outbox": _outbox,
    "list": _list,
    "read": _read,
    "search": _search,
    "export": _export,
    "import": _import,
    "sync": _sync,
    "doctor": _doctor,
    "render": _render,
    "config": _config,
}
