"""`python -m tui_mail.demo`: the demo server alone; says its ports as a line of JSON and runs until stdin ends."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time

from .correspondents import Correspondents
from .mailbox import Mailbox
from .quirks import KNOWN
from .seed import fill
from .server import Server


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tui_mail.demo",
        description="An IMAP and SMTP server on loopback. User demo@example.org, password demo. Ends with its stdin.",
        epilog="Quirks: " + "; ".join(f"{name}: {words}" for name, words in KNOWN.items()),
    )
    parser.add_argument("--messages", type=int, default=0, metavar="N", help="at least so many messages in all")
    parser.add_argument("--now", type=float, default=None, metavar="SECONDS", help="the moment that dates relate to")
    parser.add_argument("--capabilities", default=None, metavar="LIST", help="what IMAP offers, separated by blanks")
    parser.add_argument("--quirk", action="append", default=[], metavar="NAME[=N]", help="an oddity of real servers")
    parser.add_argument("--imap-port", type=int, default=0, metavar="PORT")
    parser.add_argument("--smtp-port", type=int, default=0, metavar="PORT")
    wish = parser.parse_args()
    mailbox = Mailbox()
    fill(mailbox, time.time() if wish.now is None else wish.now, wish.messages)
    correspondents = Correspondents(mailbox)
    capabilities = None if wish.capabilities is None else wish.capabilities.split()
    server = Server(mailbox, capabilities=capabilities, quirks=wish.quirk, taken=correspondents.hear)
    server.imap_port, server.smtp_port = wish.imap_port, wish.smtp_port
    server.start()
    sys.stdout.write(json.dumps({"imap": server.imap_port, "smtp": server.smtp_port}) + "\n")
    sys.stdout.flush()
    if hasattr(os, "nice"):
        os.nice(5)  # from here on the screen goes first where processors are few
    try:
        while sys.stdin.buffer.read(4096):
            pass  # only its end means something
    except KeyboardInterrupt:
        pass  # a person ended it
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
