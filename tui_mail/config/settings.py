"""What can be configured: frozen, with a docstring a field; `config.file` reads it from TOML, docs are made from it."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tui_mail.model.rule import Rule

Security = Literal["tls", "starttls", "none"]
Preview = Literal["auto", "right", "below", "off"]
Keymap = Literal["default", "gmail", "mutt"]
Pictures = Literal["auto", "kitty", "sixel", "blocks", "off"]
COLOURS = 4
"""How many colours a theme has for accounts."""
Keep = Literal["30d", "1y", "all", "headers"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where a protocol is spoken."""

    host: str
    """The host name; the certificate must name it."""
    port: int
    """993 and 465 with `tls`, 143 and 587 with `starttls`."""
    security: Security = "tls"
    """`tls`, `starttls`, or `none` (loopback hosts only)."""
    certificate: str = ""
    """SHA-256 of the certificate to take at this host and port although nobody vouches for it; the program asks."""

    @property
    def is_loopback(self) -> bool:
        """Nothing said to this host leaves the machine."""
        host = self.host.rstrip(".").lower()
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"  # a name, not a number


NOWHERE = Server("", 0)
"""No server: what an account has instead of the one that it was not given."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Another address to write from with the same account. `key` is NAME in `[accounts.X.identities.NAME]`."""

    key: str
    address: str
    """The address; answers to mail that came to it are written from it."""
    name: str = ""
    """The name people see beside it; the account's where it is left out."""
    signature: str = ""
    """Put under letters from this address, instead of the account's."""
    reply_to: str = ""
    """Where answers shall go, if not to this address."""


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox and the way to send from it. `key` is NAME in `[accounts.NAME]`."""

    key: str
    address: str
    """The address mail is sent from."""
    imap: Server = NOWHERE
    smtp: Server = NOWHERE
    name: str = ""
    """The name people see beside the address."""
    user: str = ""
    """What the server calls you; the address where it is left out."""
    maildir: Path | None = None
    """Instead of `imap`: the folder where the mail lies (`"~/Mail"`), Maildir++ or folders within folders."""
    password_command: tuple[str, ...] = ()
    """A program and its arguments that print the password; else the keyring, else it is asked for this run."""
    signature: str = ""
    """Put under new letters, after `-- `."""
    sign: bool = False
    """Letters are signed with your own key, by your own gpg. `F9` while writing changes it for one letter."""
    encrypt: bool = False
    """Letters are encrypted where the keys of all recipients are in your keyring, and go in the clear where not."""
    pgp_key: str = ""
    """The fingerprint of the key that signs; empty takes the one of the address."""
    reply_to: str = ""
    """Where answers to your letters shall go, if not to the address."""
    identities: Mapping[str, Identity] = field(default_factory=dict)
    """More addresses to write from: a table `[accounts.NAME.identities.KEY]` each."""
    folders: Mapping[str, str] = field(default_factory=dict)
    """`{ archive = "Archive" }`: only where the server's own marks are wrong. Keys are roles."""
    ca_file: Path | None = None
    """A private certificate authority to trust for this account."""
    authserv_id: str = ""
    """The name that your provider's own server puts first in Authentication-Results; `.example.org` means every name
    below it. Only its word on SPF, DKIM and DMARC is believed. Known already for Gmail and Fastmail."""
    largest_letter: int = 0
    """Octets that a letter may have, files included, where your provider allows fewer than its server says; 0: as it
    says. What is larger is told while you write."""
    unified: bool = True
    """Its inbox is part of All inboxes."""
    colour: int = 0
    """Which of the theme's four colours marks its messages where several accounts are shown: 1 to 4, 0 by order."""
    enabled: bool = True
    """`false` pauses the account: it is not shown, nothing is fetched and nothing sent."""

    @property
    def login(self) -> str:
        return self.user or self.address

    @property
    def can_send(self) -> bool:
        """There is a server that takes its letters."""
        return self.smtp != NOWHERE

    @property
    def place(self) -> str:
        """Where its mail is, for people: a host, or a folder."""
        return self.imap.host if self.maildir is None else str(self.maildir)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that is one's own here."""
        return (self.address, *(one.address for one in self.identities.values()))


@dataclass(frozen=True, slots=True)
class Ui:
    """How the screens look and behave."""

    theme: str = "house-dark"
    """The theme; the palette lists them all."""
    keymap: Keymap = "default"
    """`default`, `gmail` or `mutt`."""
    preview: Preview = "auto"
    """`auto` (right where it is wide), `right`, `below` or `off`."""
    mark_read_after: float = 2
    """Seconds in the preview until a message counts as read; 0 is never. Opening always marks it."""
    date_format: str = ""
    """A strftime form for the list, `%Y-%m-%d`; empty is short and smart."""
    opener: str = ""
    """The command that opens attachments, their file behind it; empty takes the desktop's (xdg-open, open)."""
    notify: bool = False
    """A bell and a terminal notification on new mail."""
    pictures: Pictures = "auto"
    """How pictures in letters are drawn: `kitty` or `sixel` (the terminal's own graphics), `blocks` (half blocks, which
    every terminal can), `off`; `auto` takes the best that the terminal says it knows."""
    split_inbox: bool = False
    """Tabs over the inbox for people, mailing lists and notifications, and for views that are tabs."""


@dataclass(frozen=True, slots=True)
class View:
    """A search that stands among the folders. `key` is NAME in `[views.NAME]`."""

    key: str
    query: str
    """What it shows, in the language of the search line: `"from:ann is:unread"`."""
    tab: bool = False
    """A tab over the inbox instead, which shows what of the inbox matches."""


@dataclass(frozen=True, slots=True)
class Compose:
    """How letters are written."""

    editor: str = ""
    """The command behind ^O; empty takes $VISUAL, then $EDITOR, then vi."""
    undo_send: float = 10
    """Seconds in which a sent letter can be called back."""
    markdown: bool = False
    """New letters are written in Markdown and go out as text and HTML; the palette changes one letter."""
    headers_in_editor: bool = False
    """The editor behind ^O gets To, Cc, Bcc and Subject too, above the text."""
    language: str = ""
    """The language of the line above a quote (`de`, `fr`); empty takes the system's."""
    spelling: tuple[str, ...] = ()
    """Languages whose words are checked while you write (`["en", "de_AT"]`), by the Hunspell dictionaries of this
    machine (extra `tui-mail[hunspell]`), else by `tui-mail[spell]`. Without it `F7` goes by the system's language."""
    query_command: tuple[str, ...] = ()
    """A program and its arguments that look people up, as mutt's `query_command`; `%s` is what was typed."""
    templates: Path | None = None
    """A folder of letters to begin from; a relative path starts from this file's folder."""
    server_drafts: bool = True
    """Unfinished letters are put into the account's Drafts folder too, when writing pauses."""


@dataclass(frozen=True, slots=True)
class Sync:
    """What is kept on this machine."""

    keep: Keep = "1y"
    """Whose whole text is kept: `30d`, `1y`, `all`, or `headers` (text only of what was opened)."""


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """What is done by itself to mail that comes into an inbox. `key` is NAME in `[rules.NAME]`."""

    key: str
    query: str
    """Which mail, in the words of a search: `from:shop@example.org subject:receipt`."""
    actions: tuple[str, ...]
    """What is done, in this order: `archive`, `trash`, `spam`, `read`, `star`, `move FOLDER`."""
    enabled: bool = True
    """`false` lets mail pass."""

    @property
    def rule(self) -> Rule:
        return Rule(self.key, self.query, self.actions, is_written=True, is_on=self.enabled)


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    ui: Ui = field(default_factory=Ui)
    keys: Mapping[str, str] = field(default_factory=dict)
    """`{"message.archive" = "e"}` on top of the keymap."""
    views: Mapping[str, View] = field(default_factory=dict)
    """Searches as folders: a table `[views.NAME]` each; the first nine are on the keys 1 to 9."""
    compose: Compose = field(default_factory=Compose)
    sync: Sync = field(default_factory=Sync)
    rules: Mapping[str, WrittenRule] = field(default_factory=dict)

    def active(self, paused: Collection[str] = ()) -> Settings:
        """The same without the accounts that the file or the person (`paused`: their names) switched off."""
        on = {key: one for key, one in self.accounts.items() if one.enabled and key not in paused}
        return replace(self, accounts=on)
