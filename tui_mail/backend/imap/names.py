"""Folder names on the wire: modified UTF-7 (RFC 3501 section 5.1.3), read without ever raising."""

from __future__ import annotations

import binascii
import re

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_UNPRINTABLE = re.compile(r"[^ -~]+|&")


def decode(raw: bytes) -> str:
    """The name for people, not yet cleaned. What is not modified UTF-7 stays as it is: the raw bytes are the key."""
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")  # a server that speaks UTF-8 unasked
    return _SHIFTED.sub(_unshift, text) if "&" in text else text


def encode(name: str) -> bytes:
    """The wire form of a name that a person chose. `decode(encode(name)) == name` for every text."""
    return _UNPRINTABLE.sub(_shift, name).encode("ascii")


def _unshift(match: re.Match[str]) -> str:
    if not match[1]:
        return "&"
    padded = match[1].replace(",", "/") + "=" * (-len(match[1]) % 4)
    try:
        return binascii.a2b_base64(padded).decode("utf-16-be")
    except ValueError:  # binascii.Error and UnicodeDecodeError are
        return match[0]


def _shift(match: re.Match[str]) -> str:
    if match[0] == "&":
        return "&-"
    encoded = binascii.b2a_base64(match[0].encode("utf-16-be", "replace"), newline=False).decode("ascii")
    return "&" + encoded.rstrip("=").replace("/", ",") + "-"
