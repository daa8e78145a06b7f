"""Where the program's files live: configuration, data, state and log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_APP = "tui_mail"


@dataclass(frozen=True, slots=True)
class Places:
    """Absolute paths; nothing is made before something is written there."""

    config: Path
    """The file `config.toml`, or what `--config` named."""
    data: Path
    """The folder of the mail and of what waits to be sent."""
    state: Path
    """The file `state.toml`: what the program remembers by itself."""
    log: Path
    """The log file; its rotated ones stand beside it."""


def find(config: Path | None, environ: Mapping[str, str]) -> Places:
    """`TUI_MAIL_DATA` decides over data, state and log; else the folder of a named `config`; else the XDG folders."""
    chosen = config.expanduser().absolute() if config is not None else None
    if override := environ.get("TUI_MAIL_DATA"):
        home = Path(override).expanduser().absolute()
        return Places(chosen or _default_config(), home, home / "state.toml", home / "tui-mail.log")
    if chosen is not None:
        folder = chosen.parent
        return Places(chosen, folder / "data", folder / "state.toml", folder / "tui-mail.log")
    import platformdirs  # not needed where the folder is named

    state = platformdirs.user_state_path(_APP)
    return Places(_default_config(), platformdirs.user_data_path(_APP), state / "state.toml", state / "tui-mail.log")


def _default_config() -> Path:
    import platformdirs  # not needed where the file is named

    return platformdirs.user_config_path(_APP) / "config.toml"


def private_folder(path: Path) -> Path:
    """The folder, made if missing, readable by its owner alone; folders that exist are left as they are."""
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    return missing[0] if missing else path
