"""winmail.dat: files packed as Outlook packs them for people who have no Outlook (MS-OXTNEF)."""

from __future__ import annotations

import struct
from collections.abc import Iterable

_SIGNATURE = 0x223E9F78
_MESSAGE, _ATTACHMENT = 1, 2
_VERSION, _RENDERING, _TITLE, _DATA = 0x00089006, 0x00069002, 0x00018010, 0x0006800F


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Names in ASCII, and octets."""
    out = struct.pack("<IH", _SIGNATURE, 1) + _attribute(_MESSAGE, _VERSION, struct.pack("<I", 0x00010000))
    for name, data in files:
        out += _attribute(_ATTACHMENT, _RENDERING, bytes(14))
        out += _attribute(_ATTACHMENT, _TITLE, name.encode("ascii") + b"\0")
        out += _attribute(_ATTACHMENT, _DATA, data)
    return out


def _attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
