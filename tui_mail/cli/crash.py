"""Where a fault of ours is written down: frames and lines in the log file, no locals, no secrets."""

from __future__ import annotations

import logging
import sys
import threading
import traceback

from .journal import Journal

_log = logging.getLogger("tui_mail.cli.crash")


def report(error: BaseException, journal: Journal) -> str:
    """Writes the traceback to the log and returns the sentence that names it."""
    journal.open()
    _log.critical("%s", _trace(error))
    what = f"tui-mail: a fault of its own ended the program ({type(error).__name__})"
    if journal.path.exists():
        return f"{what}; what happened stands in {journal.path}"
    return f"{what}, and {journal.path} could not be written."


def to_the_log() -> None:
    """What goes wrong in threads and destructors goes to the log too, not over the screen."""
    threading.excepthook = _in_thread
    sys.unraisablehook = _unraisable
    logging.captureWarnings(True)


def _in_thread(args: threading.ExceptHookArgs) -> None:
    _log.error("%s ended: %s", args.thread.name if args.thread else "a thread", _trace(args.exc_value))


def _unraisable(args: sys.UnraisableHookArgs) -> None:
    _log.error("%s: %s", args.err_msg or "ignored", _trace(args.exc_value))


def _trace(error: BaseException | None) -> str:
    return "".join(traceback.format_exception(error)).rstrip() if error else "no exception"
