"""tui_mail: the mail client for people who live in a terminal."""

__version__ = "0.1.0"  # written here, never asked of importlib.metadata: that costs 32 ms of every start
