"""The two streams of COMPRESS=DEFLATE (RFC 4978); knows nothing of sockets."""

from __future__ import annotations

import zlib

_RAW = -15
"""Deflate without a header, the largest window."""
_AT_ONCE = 1 << 18
"""Octets unpacked at a time: a few that would unfold to gigabytes fill no memory."""


class Garbled(Exception):
    """What came is no deflate stream."""


class Deflation:
    """What one connection says and hears once both sides compress."""

    def __init__(self) -> None:
        self._out = zlib.compressobj(wbits=_RAW)
        self._in = zlib.decompressobj(wbits=_RAW)
        self._packed = b""
        """What came and is not unpacked yet."""

    def pack(self, octets: bytes) -> bytes:
        return self._out.compress(octets) + self._out.flush(zlib.Z_SYNC_FLUSH)

    def feed(self, octets: bytes) -> None:
        self._packed += octets

    def unpack(self) -> bytes:
        """The next stretch; empty where more must come first. Raises Garbled."""
        while self._packed:
            try:
                octets = self._in.decompress(self._packed, _AT_ONCE)
            except zlib.error as error:
                raise Garbled(str(error)) from error
            if self._in.eof:
                raise Garbled("the stream ended")
            self._packed = self._in.unconsumed_tail
            if octets:
                return octets
        return b""
