"""What the pages of several commands have in common: options, and what is said of them."""

from __future__ import annotations

from .manual import Option, Text

HELP = Option("--help", "this page", short="-h")
CONFIG_FILE = Option("--config", "use this configuration", "FILE", kind="file")
FOLDER = Option("--folder", "a folder by name or role (sent, archive); without it, INBOX", "NAME")
ACCOUNT = Option("--account", "name in [accounts.NAME], or address; without it, the first", "NAME")
OFFLINE = Option("--offline", "read what is stored here, ask no server")
JSON = Option("--json", "JSON instead of text")
LIMIT = Option("--limit", "at most so many, the newest (50; 0 is all)", "N", kind="number")
QUERY = Option("--query", "only what matches; tui-mail search --help has the words", "QUERY")
WAIT = """\
What is new is fetched first, unless --offline says not to. While the program itself is
running, its store is read, which it keeps up to date. A server that is silent for
30 seconds, a wrong password and the like are a sentence and exit code 1."""
EXIT_CODES = Text("0 done   1 failed   2 usage or configuration   130 interrupted", "Exit codes")
