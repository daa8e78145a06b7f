"""The program without a screen that sends one letter, and ends itself with kill -9 at a step that it is told."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Compose, Security, Server, Settings, Sync
from tui_mail.engine.mail import Mail
from tui_mail.model.draft import Draft, DraftId

STEPS = ("claimed", "before the dot", "handed over", "taken", "sent", "before the copy", "copied", "done")
DIE_AT = "TUI_MAIL_TEST_DIES_AT"


def told(account: Account, password: str) -> str:
    """What a child must know of an account, for its standard input."""
    where = {name: [server.host, server.port, server.security] for name, server in _servers(account).items()}
    ca_file = str(account.ca_file) if account.ca_file else ""
    return json.dumps(
        {"address": account.address, "user": account.user, "ca_file": ca_file, "password": password, **where}
    )


def _servers(account: Account) -> dict[str, Server]:
    return {"imap": account.imap, "smtp": account.smtp}


def open_mail(data: Path, words: str, *, timeout: float = 5) -> Mail:
    """The program on the account that `told` describes; not started. It dies at the step that the environment names."""
    known = json.loads(words)
    imap, smtp = (_server(*known[name]) for name in ("imap", "smtp"))
    ca_file = Path(known["ca_file"]) if known["ca_file"] else None
    account = Account("work", known["address"], imap, smtp, user=known["user"], ca_file=ca_file)
    secret = Secret(known["password"])
    fatal = os.environ.get(DIE_AT, "")

    def passing(step: str) -> None:
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    return Mail(
        Settings({"work": account}, compose=Compose(undo_send=0), sync=Sync(keep="headers")),
        data,
        connect=lambda account: ImapStore(account, lambda: secret, timeout=timeout),
        carry=lambda account: SmtpSender(account, lambda: secret, timeout=timeout, final_timeout=timeout),
        credentials=Credentials(ask=True),
        grace=0,
        passing=passing,
    )


def _server(host: str, port: int, security: Security) -> Server:
    return Server(host, port, security)


def main() -> None:
    """DATA, and what `told` says on standard input: sends a letter where there is none yet, and rests."""
    mail = open_mail(Path(sys.argv[1]), sys.stdin.read())
    mail.start(lambda event: None)
    try:
        mail.settled(10)
        if not (mail.outbox() or mail.sent_lately()):
            draft = Draft(DraftId("d"), "work", to="bob@example.net", subject="Once", body="Only once.\n")
            mail.send(draft).result(10)
        mail.settled(10)
    finally:
        mail.close()


if __name__ == "__main__":
    main()
