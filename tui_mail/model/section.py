"""One node of a message as its server describes it, so that a part can be had without the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Parameters = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A multipart with its children, or a leaf."""

    number: str
    """RFC 9051 section 6.4.5; empty for a multipart at the root, `1` for the only part of a simple message."""
    type: str
    """Lower case."""
    parameters: Parameters = ()
    encoding: bytes = b""
    size: int = 0
    """Encoded octets."""
    content_id: bytes = b""
    disposition: bytes = b""
    names: Parameters = ()
    """The parameters of the disposition."""
    children: tuple[Section, ...] = ()

    def leaves(self) -> Iterator[Section]:
        """In their order."""
        stack = [self]
        while stack:
            one = stack.pop()
            if one.children:
                stack += reversed(one.children)
            else:
                yield one

    @property
    def decoded_size(self) -> int:
        """About how large it is once decoded: base64 has four signs for three octets, and line ends."""
        return self.size * 57 // 78 if self.encoding.lower() == b"base64" else self.size
