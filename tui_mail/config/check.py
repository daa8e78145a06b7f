"""What the types of the settings cannot say: ports, hosts, addresses, roles, and no password in the clear."""

from __future__ import annotations

import re

from tui_mail.model import rule
from tui_mail.model.certificate import unspelled
from tui_mail.model.condition import ANYTHING
from tui_mail.model.errors import BadConfig, BadInput
from tui_mail.model.folder import Role
from tui_mail.model.query_parser import read

from .reader import dotted, nearest
from .settings import COLOURS, NOWHERE, Account, Server, Settings, View

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_HOST = re.compile(r"[\w.-]+|[0-9a-fA-F:.]+(%\w+)?")


def check(settings: Settings, name: str) -> None:
    """Raises BadConfig for the first thing that cannot be meant."""
    for account in settings.accounts.values():
        at = ("accounts", account.key)
        complaint = _account(account, *at) or _place(account, *at)
        if complaint:
            raise BadConfig(f"{name}: {complaint}.")
    for view in settings.views.values():
        if complaint := _view(view, "views", view.key):
            raise BadConfig(f"{name}: {complaint}.")
    for written in settings.rules.values():
        try:
            rule.check(written.rule)
        except BadInput as error:
            raise BadConfig(f"{name}: {dotted('rules', written.key)}: {error.text}") from error


def _view(view: View, *at: str) -> str:
    if not view.key.strip() or not view.key.isprintable():
        return f"{dotted(*at)} is no name for a view"
    wanted, mistakes = read(view.query)
    if mistakes:
        return f"{dotted(*at, 'query')}: {mistakes[0].words.rstrip('.')}"
    return f"{dotted(*at, 'query')} asks for nothing" if wanted == ANYTHING else ""


def _account(account: Account, *at: str) -> str:
    if not account.key.strip() or not account.key.isprintable():
        return f"{dotted(*at)} is no name for an account"
    if not _ADDRESS.fullmatch(account.address):
        return f'{dotted(*at, "address")} must be an address as in "ann@example.org", not "{account.address}"'
    for name, identity in account.identities.items():
        if not _ADDRESS.fullmatch(identity.address):
            shown = dotted(*at, "identities", name, "address")
            return f'{shown} must be an address as in "ann@example.org", not "{identity.address}"'
    if not 0 <= account.colour <= COLOURS:
        return f"{dotted(*at, 'colour')} must be from 1 to {COLOURS}, or 0, not {account.colour}"
    if account.largest_letter < 0:
        return f"{dotted(*at, 'largest_letter')} must be a number of octets, or 0, not {account.largest_letter}"
    if account.password_command and not account.password_command[0]:
        return f"{dotted(*at, 'password_command')} begins with an empty text"
    roles = [role.value for role in Role]
    for role, folder in account.folders.items():
        if role not in roles:
            near = nearest(role, roles)
            meant = f"the nearest right key is {dotted(*at, 'folders', near)}" if near else f"roles: {', '.join(roles)}"
            return f"there is no {dotted(*at, 'folders', role)}; {meant}"
        if not folder:
            return f"{dotted(*at, 'folders', role)} names no folder"
    return ""


def _place(account: Account, *at: str) -> str:
    """Where the mail is and who sends: one place, and a server unless the mail lies on this machine."""
    if account.maildir is not None and account.imap != NOWHERE:
        return f"{dotted(*at)} has both imap and maildir; an account has one of them"
    if account.maildir is None and account.imap == NOWHERE:
        return f"{dotted(*at, 'imap')} is missing (or maildir, where the mail lies on this machine)"
    if account.maildir is None and account.smtp == NOWHERE:
        return f"{dotted(*at, 'smtp')} is missing"
    given = {part: server for part, server in (("imap", account.imap), ("smtp", account.smtp)) if server != NOWHERE}
    return next(filter(None, (_server(server, *at, part) for part, server in given.items())), "")


def _server(server: Server, *at: str) -> str:
    if not _HOST.fullmatch(server.host):
        return f'{dotted(*at, "host")} must be a host name alone, not "{server.host}"'
    if not 1 <= server.port <= 65535:
        return f"{dotted(*at, 'port')} must be from 1 to 65535, not {server.port}"
    if server.security == "none" and not server.is_loopback:
        return (
            f'{dotted(*at, "security")} = "none" would send the password in the clear to {server.host}; '
            'it is for this machine only, so use "tls" or "starttls"'
        )
    if server.certificate and not unspelled(server.certificate):
        return f"{dotted(*at, 'certificate')} must be a SHA-256 fingerprint: 64 hex digits, with or without colons"
    return ""
