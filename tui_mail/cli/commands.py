"""Runs a command, and turns whatever happens into one sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from tui_mail.config import places
from tui_mail.config.places import Places
from tui_mail.model.errors import BadAddress, BadConfig, BadInput, MailError

from . import arguments, printing
from .journal import Journal
from .wanted import (
    Command,
    Compose,
    Config,
    Contacts,
    Demo,
    Doctor,
    Export,
    Import,
    List,
    Outbox,
    Read,
    Render,
    Run,
    Search,
    Send,
    Sync,
    Version,
)


def dispatch(words: Sequence[str]) -> int:
    """The exit code. Nothing but KeyboardInterrupt and argparse's SystemExit comes out of it."""
    command = arguments.parse(words)
    found = places.find(None if isinstance(command, Demo | Render) else command.config, os.environ)
    journal = Journal(found.log)
    try:
        code = _run(command, found, journal)
        printing.done()
        return code
    except MailError as error:
        from tui_mail.mime.clean import line

        print(f"tui-mail: {line(str(error))}", file=sys.stderr)
        return 2 if isinstance(error, BadConfig | BadInput | BadAddress) else 1
    except BrokenPipeError:  # `tui-mail list | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains while it exits
        return 1
    except Exception as error:  # noqa: BLE001  # the last resort: no traceback on the terminal, ever
        from . import crash

        print(crash.report(error, journal), file=sys.stderr)
        return 1
    finally:
        journal.close()


def _run(command: Command, found: Places, journal: Journal) -> int:
    match command:
        case Run():
            from . import run

            return run.run(found, journal, lambda: _run(Demo(), found, journal))
        case Demo():
            from . import demo

            return demo.run(command, journal)
        case Compose():
            from . import compose

            return compose.compose(command, found, journal, lambda: _run(Demo(), found, journal))
        case Contacts():
            from . import contacts

            return contacts.run(command, found)
        case Send():
            from . import send

            return send.run(command, found, journal)
        case Outbox():
            from . import outbox

            return outbox.run(command, found, journal)
        case List():
            from . import list as listing

            return listing.run(command, found, journal)
        case Read():
            from . import read

            return read.run(command, found, journal)
        case Search():
            from . import search

            return search.run(command, found, journal)
        case Export():
            from . import export

            return export.run(command, found, journal)
        case Import():
            from . import import_command

            return import_command.run(command, found, journal)
        case Sync():
            from . import sync

            return sync.run(command, found, journal)
        case Doctor():
            from . import doctor

            return doctor.run(command, found, journal)
        case Render():
            from . import render

            return render.run(command)
        case Config():
            from . import config_command

            return config_command.run(command, found)
        case Version():
            return _version(command, found)


def _version(command: Version, found: Places) -> int:
    from tui_mail import __version__

    print(f"tui-mail {__version__} (Python {sys.version.split()[0]})")
    if command.is_verbose:
        print(f"configuration  {found.config}")
        print(f"data           {found.data}")
        print(f"state          {found.state}")
        print(f"log            {found.log}")
    return 0
