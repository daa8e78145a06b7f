"""The screens on a mailbox in memory, as a program of its own: `program.py FOLDER [stock] [crash] [hostile]`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from tests.ui.world import LETTERS, NOON, WORK, mailbox
from tui_mail.backend.memory import MemorySender, MemoryStore
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Settings, Ui
from tui_mail.config.state import State
from tui_mail.engine.mail import Mail
from tui_mail.ui.app import TuiMail

HOSTILE = "in \x1b]0;owned\x07 \x1b[2J \u202eevil [@click=app.quit]here[/] end"


class Faulty(TuiMail):
    """Has a fault of its own behind a key, and a password in the frame where it happens."""

    def key_f9(self) -> None:
        password = "hunter2-in-a-frame"
        raise LookupError(f"no {password}")


def main(folder: Path, *words: str) -> int:
    logging.basicConfig(filename=folder / "log", level=logging.INFO)
    box = mailbox((HOSTILE, *LETTERS) if "hostile" in words else LETTERS)
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
