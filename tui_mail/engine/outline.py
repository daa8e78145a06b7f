"""A large letter without what is attached to it, as it is read and as it is kept on this machine."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outlined:
    """A message of the same shape, in which some parts are empty."""

    raw: bytes
    left: Mapping[str, int]
    """The numbers of the parts that were left on the server, and about how large they are once decoded."""

    def packed(self) -> bytes:
        return zlib.compress(json.dumps(self.left).encode() + b"\n" + self.raw, 6)


def unpacked(octets: bytes) -> Outlined | None:
    """What was packed; None where it was damaged meanwhile."""
    try:
        left, _, raw = zlib.decompress(octets).partition(b"\n")
        return Outlined(raw, {str(number): int(size) for number, size in json.loads(left).items()})
    except (zlib.error, ValueError):
        return None  # it is asked for again: the server has it
