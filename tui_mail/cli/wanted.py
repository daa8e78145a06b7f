"""What each command was asked to do, as one frozen value a command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """`tui-mail`"""

    config: Path | None


@dataclass(frozen=True, slots=True)
class Demo:
    """`tui-mail demo`"""

    messages: int = 0
    """0: the usual three hundred."""


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
    """A name of the configuration, or an address in it; empty is the first one."""
    trace: bool
    sign: bool | None = None
    encrypt: bool | None = None
    """As in a Draft; None: as the account is configured."""
    markdown: bool = False
    at: str = ""
    """When it shall go, in words; empty is now."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """`tui-mail outbox`"""

    config: Path | None
    trace: int | None
    """The letter whose dialogue is to be printed."""
    send: bool
    json: bool


@dataclass(frozen=True, slots=True)
class Compose:
    """`tui-mail compose`, and `tui-mail mailto:…`"""

    config: Path | None
    url: str
    """A mailto address, or empty."""
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    body: str
    files: tuple[Path, ...]
    template: str
    account: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """`tui-mail contacts`"""

    config: Path | None
    what: str
    """`list`, `import` or `export`."""
    file: Path | None
    """None: standard input or output."""
    json: bool


@dataclass(frozen=True, slots=True)
class List:
    """`tui-mail list`"""

    config: Path | None
    account: str
    folder: str
    """Empty is INBOX."""
    query: str
    limit: int
    """0 is all."""
    json: bool
    offline: bool


@dataclass(frozen=True, slots=True)
class Read:
    """`tui-mail read`"""

    config: Path | None
    message: int | None
    """None is the latest."""
    account: str
    folder: str
    headers: bool
    raw: bool
    json: bool
    offline: bool


@dataclass(frozen=True, slots=True)
class Search:
    """`tui-mail search`"""

    config: Path | None
    query: str
    account: str
    """Empty is all of them."""
    limit: int
    json: bool
    offline: bool


@dataclass(frozen=True, slots=True)
class Export:
    """`tui-mail export`"""

    config: Path | None
    account: str
    folder: str
    query: str
    form: str
    """One of pages_carrying.FORMATS."""
    path: Path
    force: bool
    offline: bool


@dataclass(frozen=True, slots=True)
class Import:
    """`tui-mail import`"""

    config: Path | None
    path: Path
    account: str
    folder: str
    """Empty: named after the path."""


@dataclass(frozen=True, slots=True)
class Sync:
    """`tui-mail sync`"""

    config: Path | None
    account: str
    """Empty is all of them."""
    folder: str
    """Empty is all of them."""
    json: bool


@dataclass(frozen=True, slots=True)
class Doctor:
    """`tui-mail doctor`"""

    config: Path | None
    account: str
    """Empty is all of them."""
    imap: bool
    smtp: bool
    """Neither: both."""
    json: bool


@dataclass(frozen=True, slots=True)
class Config:
    """`tui-mail config`"""

    config: Path | None
    what: str
    """`path`, `show`, `check` or `import`."""
    file: Path | None
    """What is to be imported."""
    json: bool


@dataclass(frozen=True, slots=True)
class Version:
    """`tui-mail --version`"""

    config: Path | None
    is_verbose: bool


@dataclass(frozen=True, slots=True)
class Render:
    """`tui-mail render`"""

    paths: tuple[Path, ...]
    width: int
    """Cells of a line; 0 is as it suits."""
    json: bool


Command = (
    Run
    | Demo
    | Send
    | Compose
    | Contacts
    | Outbox
    | List
    | Read
    | Search
    | Export
    | Import
    | Sync
    | Doctor
    | Config
    | Render
    | Version
)
