"""Where every test runs: a home of its own, no keyring of the user, and the servers that a test can ask for."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile

from tests.servers import demo_server, dovecot, poor_dovecot, sink

__all__ = ["demo_server", "dovecot", "poor_dovecot", "sink"]

_HOME = tempfile.mkdtemp(prefix="tui-mail-tests-")
os.environ["HOME"] = _HOME
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
for _name, _folder in {"CONFIG": ".config", "DATA": ".local/share", "STATE": ".local/state", "CACHE": ".cache"}.items():
    os.environ[f"XDG_{_name}_HOME"] = os.path.join(_HOME, _folder)
for _name in ("TUI_MAIL_DATA", "VISUAL", "EDITOR", "MAIL"):
    os.environ.pop(_name, None)

# A shell that starts the tests in the background has them ignore ^C, and so would every program they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What was imported stays: a search for garbage that looks at all of it every few messages is a quarter of what the
    tests of the screens cost."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)
