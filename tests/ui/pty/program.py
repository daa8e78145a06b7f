"""The screens on a mailbox in memory, as a program of its own.

`program.py FOLDER [stock] [crash] [hostile] [pictured]`
"""

from __future__ import annotations

import base64
import logging
import sys
from pathlib import Path

from tests.ui.world import LETTERS, NOON, WORK, mailbox
from tui_mail.backend.memory import MemoryStore
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Settings, Ui
from tui_mail.config.state import State
from tui_mail.demo.files import png
from tui_mail.engine.mail import Mail
from tui_mail.ui.app import TuiMail

COMMANDS = (
    "\x1b_Ga=d\x9c \U0010eeee\u0305\u0305 \x1b]0;owned\x07 \x1b[2J \x1b]52;c;cm0=\x07 \x9b31m \x90q\x9c"
    " \u202eevil\u2066 \x08\x0c [@click=app.quit]x[/]"
)
HOSTILE_LETTER = (
    "From: =?utf-8?b?{name}?= <eve@evil.example>\r\nTo: ann@example.org\r\nSubject: Many commands\r\n"
    "Date: Mon, 23 Nov 2026 11:59:00 +0000\r\nMessage-ID: <many@evil.example>\r\nMIME-Version: 1.0\r\n"
    "List-Id: {raw} <list.evil.example>\r\nReply-To: =?utf-8?b?{name}?= <eve@other.example>\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    "<p>entities &#27;]0;owned&#7; &#x1b;[2J &#155;31m &#8238;evil</p><p>raw {raw}</p>"
    '<p><a href="https://evil.example/&#27;]0;owned&#7;">https://bank.example/{raw}</a><img alt="{raw}" src="x"></p>'
    "<p>the end of it</p>\r\n"
    '--b\r\nContent-Type: text/plain; name="{raw}.txt"\r\nContent-Disposition: attachment\r\n\r\nfile {raw}\r\n'
    "--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:{raw}\r\n"
    "DTSTART:20261201T100000Z\r\nSUMMARY:meet {raw}\r\nLOCATION:{raw}\r\nORGANIZER;CN={raw}:mailto:eve@evil.example\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
    "--b\r\nContent-Type: text/vcard\r\n\r\nBEGIN:VCARD\r\nFN:{raw}\r\nTEL:{raw}\r\nEND:VCARD\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
    "Final-Recipient: rfc822; {raw}@evil.example\r\nAction: failed\r\nDiagnostic-Code: smtp; {raw}\r\n--b--\r\n"
)
"""Every place in a letter that is shown, with commands to a terminal in it."""
PICTURED = (
    "From: Bob <bob@example.org>\r\nTo: ann@example.org\r\nSubject: A boat\r\nMessage-ID: <boat@example.org>\r\n"
    "Date: Mon, 23 Nov 2026 11:59:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/html\r\n\r\n<p>Look:</p><img src='cid:boat'><p>the end of it</p>\r\n"
    "--b\r\nContent-Type: image/png\r\nContent-ID: <boat>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "{png}\r\n--b--\r\n"
)
HOSTILE = "in \x1b]0;owned\x07 \x1b[2J \u202eevil [@click=app.quit]here[/] end"


class Faulty(TuiMail):
    """Has a fault of its own behind a key, and a password in the frame where it happens."""

    def key_f9(self) -> None:
        password = "hunter2-in-a-frame"
        raise LookupError(f"no {password}")


def main(folder: Path, *words: str) -> int:
    logging.basicConfig(filename=folder / "log", level=logging.INFO)
    box = mailbox((HOSTILE, *LETTERS) if "hostile" in words else LETTERS)
    if "hostile" in words:
        name = base64.b64encode(COMMANDS.encode()).decode()
        box.add("INBOX", HOSTILE_LETTER.format(raw=COMMANDS, name=name).encode(), date=NOON - 60)
    if "pictured" in words:
        boat = base64.encodebytes(png("boat", 160, 96)).decode()
        box.add("INBOX", PICTURED.format(png=boat).encode(), date=NOON - 60)
    settings = Settings({WORK.key: WORK}, ui=Ui(mark_read_after=0))
    credentials = Credentials(ask=True)
    credentials.offer(WORK, Secret("secret"))
    mail = Mail(
        settings,
        folder / "data",
        connect=lambda account: MemoryStore(box),
        carry=lambda account: MemorySender(box),
        credentials=credentials,
    )
    app = (Faulty if "crash" in words else TuiMail)(
        mail, settings, State(folder / "state.toml"), clock=lambda: float(NOON)
    )
    if "stock" in words:
        app.use_stock_display()
    mail.start(app.listen)
    try:
        app.run()
    finally:
        mail.close()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
