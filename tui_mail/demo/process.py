"""The demo server as a process of its own, so that it takes no time from the screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from tui_mail.model.errors import MailError


class Child:
    """Starts `python -m tui_mail.demo`; it ends with `stop`, and by itself when this process dies."""

    def __init__(
        self, *, messages: int = 0, capabilities: Iterable[str] | None = None, quirks: Iterable[str] = ()
    ) -> None:
        self._command = [sys.executable, "-m", "tui_mail.demo", "--messages", str(messages)]
        if capabilities is not None:
            self._command += ["--capabilities", " ".join(capabilities)]
        for quirk in quirks:
            self._command += ["--quirk", quirk]
        self._process: subprocess.Popen[str] | None = None
        self.imap_port = 0
        self.smtp_port = 0

    def start(self, timeout: float = 15.0) -> Child:
        """Launches it and returns itself once both ports answer. Raises MailError where it does not come up."""
        self.launch()
        return self.ready(timeout)

    def launch(self) -> None:
        """Begins, and returns at once: what takes time can be done until `ready` is asked."""
        roots = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, roots))},
            start_new_session=True,  # a Ctrl-C in the terminal is not for it
        )

    def ready(self, timeout: float = 15.0) -> Child:
        """Waits for the ports of what was launched. Raises MailError where it does not come up."""
        process = self._process
        if process is None:
            raise MailError("The demo server was not launched.")
        late = threading.Timer(timeout, process.kill)
        late.daemon = True
        late.start()
        line = process.stdout.readline() if process.stdout else ""
        late.cancel()
        try:
            ports = json.loads(line)
            self.imap_port, self.smtp_port = int(ports["imap"]), int(ports["smtp"])
        except (ValueError, KeyError, TypeError) as error:
            process.kill()
            _, words = process.communicate()
            raise MailError(
                "The demo server did not start.", remedy="Try again.", detail=words.strip()[-2000:]
            ) from error
        return self

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def stop(self) -> None:
        """Ends it; harmless when said twice."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Child:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
