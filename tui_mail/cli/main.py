"""The command `tui-mail`: what needs nothing is answered at once, the rest is handed on."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 done, 1 failed, 2 usage or configuration, 130 interrupted."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        if words in (["--version"], ["-V"]):
            from tui_mail import __version__

            print(f"tui-mail {__version__} (Python {sys.version.split()[0]})")
            return 0
        from .commands import dispatch  # argparse and the rest cost more than the two answers above

        return dispatch(words)
    except KeyboardInterrupt:
        return 130
