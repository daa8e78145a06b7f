"""The user's `config.toml`: read strictly, every mistake in a sentence; appended to, never rewritten."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import tomli_w

from tui_mail.model.errors import BadConfig, StorageFailed

from . import atomic
from .check import check
from .reader import Reader, dotted
from .settings import Account, Settings

_LIMIT = 1_000_000
"""Octets; nobody writes more by hand."""
_HEADER = "# tui-mail's configuration. What else can stand here: config.example.toml\n"

_START = (
    _HEADER
    + """
# Take the # away from these lines and put in what is yours. The password does not stand here: it comes from
# password_command, from the system's keyring, or is asked for in each run.

#[accounts.work]
#name = "Ann Example"
#address = "ann@example.org"
#imap = { host = "imap.example.org", port = 993, security = "tls" }
#smtp = { host = "smtp.example.org", port = 465, security = "tls" }
#password_command = ["pass", "show", "mail/work"]
"""
)


def load(path: Path) -> Settings:
    """The settings in this file; the defaults where there is no file. Raises BadConfig."""
    return parse(_text(path), str(path), path.parent)


def parse(text: str, name: str, folder: Path | None = None) -> Settings:
    """The settings in this text. `name` is the file's in sentences, `folder` what its relative paths start from."""
    settings = Reader(name, folder or Path()).read(Settings, _toml(text, name))
    check(settings, name)
    return settings


def append_account(path: Path, account: Account) -> None:
    """Puts an `[accounts.NAME]` block at the end of the file, which is made if missing; all else stays as it is.

    Raises BadConfig, with the file untouched, where the file is broken, has this account, or could not hold it.
    """
    before = _text(path)
    settings = parse(before, str(path), path.parent)
    if account.key in settings.accounts:
        raise BadConfig(f"{path}: {dotted('accounts', account.key)} is there already.")
    after = (before.rstrip("\n") + "\n\n" if before.strip() else _HEADER + "\n") + _block(account)
    wanted = dataclasses.replace(settings, accounts={**settings.accounts, account.key: account})
    if parse(after, str(path), path.parent) != wanted:
        raise BadConfig(f"{path}: {dotted('accounts', account.key)} would not be read back as it is meant.")
    try:
        atomic.replace(path, after.encode())
    except OSError as error:
        raise StorageFailed(f"{path} could not be written: {error.strerror}. It is as it was.") from error


def begin(path: Path) -> bool:
    """Writes a file to begin with, all of it comments, where there is none; True where it did. Raises StorageFailed."""
    if path.exists():
        return False
    try:
        atomic.replace(path, _START.encode())
    except OSError as error:
        raise StorageFailed(f"{path} could not be written: {error.strerror}.") from error
    return True


def discard_begun(path: Path) -> None:
    """Takes a file away that `begin` made and nobody wrote in."""
    try:
        if path.read_bytes() == _START.encode():
            path.unlink()
    except OSError:
        pass  # gone already, or kept: a file of comments does no harm


def line_of(path: Path, key: str) -> int:
    """The line where `[accounts.KEY]` begins, counted from 1; 1 where the file writes it another way."""
    for number, line in enumerate(_text(path).splitlines(), 1):
        if line.lstrip().startswith("["):
            try:
                table = tomllib.loads(line).get("accounts")
            except ValueError:
                continue  # part of a list, or not a whole line of TOML
            if isinstance(table, dict) and key in table:
                return number
    return 1


def _text(path: Path) -> str:
    """The file's text, empty where there is no file."""
    try:
        with path.open("rb") as file:
            content = file.read(_LIMIT + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadConfig(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > _LIMIT:
        raise BadConfig(f"{path} is larger than {_LIMIT // 1_000_000} MB, so it is not a configuration.")
    if content.startswith(b"\xef\xbb\xbf"):
        raise BadConfig(f"{path} begins with a byte order mark (BOM); save it as UTF-8 without one.")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise BadConfig(f"{path}, line {line}, column {column}: not UTF-8; save the file as UTF-8.") from None


def _toml(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(_complaint(str(error), text, name)) from None
    except (ValueError, RecursionError):  # a number of 5,000 digits; brackets nested 1,000 deep
        raise BadConfig(f"{name} holds a value that is too large to be meant.") from None


def _complaint(message: str, text: str, name: str) -> str:
    """tomllib's words with file, line and column in front."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.S)
    reason = found[1] if found else message
    if found and found[2]:
        line, column = int(found[2]), int(found[3])
    else:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    if twice := re.fullmatch(r"Cannot declare \((.*?),?\) twice", reason):
        keys = re.findall(r"'(.*?)'", twice[1])
        reason = f"[{dotted(*keys)}] stands twice"
    elif reason == "Cannot overwrite a value":
        reason = "this key stands twice"
    elif reason.startswith("Cannot mutate immutable namespace"):
        reason = "this table was already written as { … } and cannot be added to"
    elif reason == "Invalid value":
        reason = "this is not a TOML value (text needs quotes)"
    return f"{name}, line {line}, column {column}: {reason[:1].lower()}{reason[1:]}."


def _block(account: Account) -> str:
    """`[accounts.NAME]` with what differs from the defaults, servers as inline tables."""
    lines = [f"[{dotted('accounts', account.key)}]\n"]
    for field in dataclasses.fields(account):
        value = getattr(account, field.name)
        if field.name == "key" or value == _default(field):
            continue
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            value = {key: item for key, item in dataclasses.asdict(value).items() if item != ""}
        if isinstance(value, dict):
            lines.append(f"{field.name} = {{ {', '.join(_pair(key, item) for key, item in value.items())} }}\n")
        else:
            lines.append(_pair(field.name, str(value) if isinstance(value, Path) else value) + "\n")
    return "".join(lines)


def _pair(key: str, value: object) -> str:
    if isinstance(value, tuple):  # tomli-w gives every item a line of its own; a command reads better on one
        return f"{key} = [{', '.join(_pair('x', item).removeprefix('x = ') for item in value)}]"
    return tomli_w.dumps({key: value}).rstrip("\n")


def _default(field: dataclasses.Field[object]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
