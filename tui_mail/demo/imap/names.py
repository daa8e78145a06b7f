"""Folder names between text and modified UTF-7 (RFC 3501 section 5.1.3)."""

from __future__ import annotations

import base64
import binascii
import re

from .syntax import Bad

_SHIFTED = re.compile(r"[^\x20-\x7e]+")
_CODED = re.compile(r"&([A-Za-z0-9+,]*)-")


def encode(name: str) -> bytes:
    escaped = name.replace("&", "&-")
    return _SHIFTED.sub(lambda found: "&" + _base64(found[0]) + "-", escaped).encode("ascii")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")


def decode(raw: bytes) -> str:
    """Raises Bad for what is not modified UTF-7: a client must not make such names."""
    try:
        text = raw.decode("ascii")
        name = _CODED.sub(lambda found: _text(found[1]), text)
    except (UnicodeDecodeError, binascii.Error) as error:
        raise Bad("Folder name is not modified UTF-7") from error
    if encode(name) != raw:
        raise Bad("Folder name is not modified UTF-7")
    return name


def _text(coded: str) -> str:
    if not coded:
        return "&"
    padded = coded.replace(",", "/") + "=" * (-len(coded) % 4)
    return base64.b64decode(padded, validate=True).decode("utf-16-be")
