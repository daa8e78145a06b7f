"""The real servers of the sweeps: which there are, in which forms, and why one cannot be had here."""

from __future__ import annotations

import imaplib
from typing import Protocol

from tests import private_cyrus, private_dovecot, private_small
from tests.private_cyrus import Cyrus
from tests.private_dovecot import Dovecot
from tests.private_small import KINDS, Small
from tests.sink import Sink
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account


class Real(Protocol):
    """A server that runs until it is stopped, for any number of users; what they send comes to `sink`."""

    sink: Sink

    def account(self) -> Account:
        """A user nobody has been before."""

    def secret(self) -> Secret: ...

    def other_client(self, account: Account) -> imaplib.IMAP4:
        """Somebody else's client, logged in to the same mailbox."""

    def stop(self) -> None: ...


DOVECOTS = {
    "dovecot": "",
    "dovecot-plain": "IMAP4rev1 SASL-IR LITERAL+ ID",
    "dovecot-copy": "IMAP4rev1 SASL-IR LITERAL+ ID IDLE UIDPLUS NAMESPACE",
    "dovecot-modern": (
        "IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE UIDPLUS MOVE CONDSTORE QRESYNC ESEARCH NOTIFY LIST-EXTENDED"
        " LIST-STATUS SPECIAL-USE COMPRESS=DEFLATE NAMESPACE"
    ),
    "dovecot-condstore": "IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE UIDPLUS MOVE CONDSTORE ESEARCH LIST-STATUS",
}
STORES = {
    "dovecot-mbox": {"location": "mbox:~/mail:INBOX=~/inbox"},
    "dovecot-mdbox": {"location": "mdbox:~/mdbox"},
    "dovecot-inbox": {"prefix": "INBOX."},
}
"""Dovecots that keep their mail otherwise."""
_RICH = "QRESYNC OBJECTID LIST-STATUS ESEARCH COMPRESS=DEFLATE"
CYRUSES = {
    "cyrus-alt": "",
    "cyrus-inbox": "altnamespace: no\nunixhierarchysep: no\n",
    "cyrus-condstore": f"suppress_capabilities: {_RICH}\n",
    "cyrus-plain": f"suppress_capabilities: {_RICH} CONDSTORE MOVE XMOVE UIDPLUS IDLE ENABLE SPECIAL-USE UNSELECT\n",
}
"""With what stands in its imapd.conf: folders beside INBOX as it comes, below it as Debian has it, and with less."""
OTHERS = (*STORES, *CYRUSES, *KINDS)
"""Those that the tests do not use; every one of them is left out where it is not installed."""


def begin(name: str) -> Real:
    if name in DOVECOTS:
        return Dovecot(offers=DOVECOTS[name])
    if name in STORES:
        return Dovecot(**STORES[name])
    return Cyrus(CYRUSES[name]) if name in CYRUSES else Small(name)


def why_not(name: str) -> str:
    """Why there can be no such server here, or empty."""
    if name in KINDS:
        return private_small.why_not(name)
    return private_cyrus.why_not() if name in CYRUSES else private_dovecot.why_not()
