"""Tries an account's servers before anything is written down: connect, prove who they are, log in, leave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from tui_mail.backend.contract import Sender, Store
from tui_mail.config.settings import Account, Server
from tui_mail.model.errors import MailError, Offline, TlsFailed, Untrusted

T = TypeVar("T")


def alone(job: Callable[[], T]) -> Future[T]:
    """Runs one job on a daemon thread of its own, which ends with it; a job whose future was cancelled ends unheard."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            result = job()
        except Exception as error:  # noqa: BLE001  # a job's failure is its asker's, whatever it is
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
        else:
            if future.set_running_or_notify_cancel():
                future.set_result(result)

    threading.Thread(target=run, name="mail-probe", daemon=True).start()
    return future


def reading(account: Account, others: Sequence[Server], connect: Callable[[Account], Store]) -> Future[Server]:
    """The IMAP server that let this account in and showed its folders: its own, else the first of `others` that does.

    Raises what `Store.connect` raises, of the server that said the most.
    """

    def attempt(server: Server) -> None:
        store = connect(replace(account, imap=server))
        try:
            store.connect()
            store.folders()  # some let everybody in and refuse the first command (NetEase, Microsoft's other tenants)
        finally:
            store.close()

    return alone(lambda: _first((account.imap, *others), attempt))


def sending(account: Account, others: Sequence[Server], carry: Callable[[Account], Sender]) -> Future[Server]:
    """The SMTP server that let this account in; nothing is sent. Otherwise as `reading`."""
    return alone(lambda: _first((account.smtp, *others), lambda server: carry(replace(account, smtp=server)).prove()))


def _first(servers: Sequence[Server], attempt: Callable[[Server], None]) -> Server:
    """Goes on to the next one only where nothing secret was said: no connection, or no proof of who answers."""
    failed: list[MailError] = []
    for server in dict.fromkeys(servers):
        try:
            attempt(server)
        except (Offline, TlsFailed) as error:
            failed.append(_with_hint(error, server))
        else:
            return server
    told = next((error for error in failed if isinstance(error, TlsFailed)), failed[0])
    if len(failed) > 1 and not isinstance(told, Untrusted):  # that one is about a certificate, not about the right host
        hosts = list(dict.fromkeys(server.host for server in servers))
        others = ", ".join(hosts[:-1]) + f" and {hosts[-1]}" if len(hosts) > 1 else hosts[0]
        told = type(told)(told.text, remedy=f"Tried were {others}; put in the right one.", detail=told.detail)
    raise told


def _with_hint(error: MailError, server: Server) -> MailError:
    """A server that waits for TLS to begin says nothing to those who wait for its greeting."""
    silent = isinstance(error, Offline) and ("has not answered" in error.text or "no answer in time" in error.detail)
    if server.security == "starttls" and silent:
        return Offline(
            f"{server.host}:{server.port} says nothing.",
            remedy="Perhaps this port speaks TLS from the start: try tls.",
            detail=error.detail,
        )
    return error
