"""How long from exec to the first row of the inbox, in a pseudo-terminal, with mail that is stored already.

    python bench/start.py [RUNS]

The yardstick in the same run is `python -c 'import textual.app'`, which every Textual program pays. Minima of all runs.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from tui_mail.demo.process import Child

ROW = b"Jonna"
"""Stands in the second row of the demo's inbox, and nowhere above it."""
CONFIG = """
[accounts.demo]
address = "demo@example.org"
imap = {{ host = "127.0.0.1", port = {imap}, security = "none" }}
smtp = {{ host = "127.0.0.1", port = {smtp}, security = "none" }}
password_command = ["echo", "demo"]
"""


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder, Child() as server:
        config = Path(folder) / "config.toml"
        config.write_text(CONFIG.format(imap=server.imap_port, smtp=server.smtp_port))
        tui(config, linger=8.0)  # fetches the mail
        ours, bare = [], []
        for _ in range(runs):
            bare.append(toolkit())
            ours.append(tui(config))
    print(f"exec to the first inbox row  {min(ours) * 1000:6.0f} ms")
    print(f"python -c import textual.app {min(bare) * 1000:6.0f} ms")
    print(f"ratio                        {min(ours) / min(bare):6.2f}")


def toolkit() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import textual.app"], check=True)
    return time.perf_counter() - begun


def tui(config: Path, *, linger: float = 0.0) -> float:
    """Seconds until the row is written; the program goes on for `linger` seconds and is then told to end."""
    begun = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
        os.execv(sys.executable, [sys.executable, "-m", "tui_mail", "--config", str(config)])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen, written = 0.0, b""
    try:
        while not seen or time.perf_counter() - begun < linger:
            if select.select([terminal], [], [], 0.2)[0]:
                written += os.read(terminal, 65536)
            if not seen and ROW in written:
                seen = time.perf_counter() - begun
            if not seen and time.perf_counter() - begun > 30:
                raise SystemExit("The inbox never came.")
    finally:
        os.kill(pid, signal.SIGTERM)
        drain(terminal)
        os.waitpid(pid, 0)
        os.close(terminal)
    return seen


def drain(terminal: int) -> None:
    """Takes what is still written, or the program would wait for its terminal."""
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass  # EIO: it has ended


if __name__ == "__main__":
    main()
