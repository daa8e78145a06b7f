"""What we say: commands are put together here and nowhere else, and nobody slips a second one in."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from tui_mail.model.errors import BadInput
from tui_mail.model.message import Flags

from .lexer import Response

_FORBIDDEN = re.compile(rb"[\r\n\0]")
_QUOTABLE = re.compile(rb"[ -~]{0,400}\Z")
_LARGE = 1 << 20
_FLAG = re.compile(r"\\?[^\x00-\x20\x7f-\U0010ffff(){%*\"\\\]]+\Z")


@dataclass(frozen=True, slots=True)
class Literal:
    """Octets that go out counted instead of quoted (RFC 9051 section 4.3)."""

    octets: bytes
    is_binary: bool = False
    """Holds NUL, which only BINARY takes (RFC 3516)."""

    def may_be_pushed(self, capabilities: frozenset[str]) -> bool:
        """Whether it goes out unasked (RFC 7888). A large one is asked for, so that a full mailbox can say so first."""
        size = len(self.octets)
        if size > _LARGE or self.is_binary:
            return False
        return "LITERAL+" in capabilities or ("LITERAL-" in capabilities and size <= 4096)

    def mark(self, *, pushed: bool) -> bytes:
        return b"%s{%d%s}" % (b"~" if self.is_binary else b"", len(self.octets), b"+" if pushed else b"")


Part = bytes | Literal


@dataclass(slots=True, eq=False)
class Command:
    """One command on its way, and what came back. Mutable until `is_done`; only its connection writes it."""

    tag: bytes
    parts: tuple[Part, ...]
    wants: frozenset[bytes] = frozenset()
    """The kinds of untagged responses that are its answer."""
    responses: deque[Response] = field(default_factory=deque)
    broken: int = 0
    """How many responses came meanwhile that nobody could read."""
    is_done: bool = False
    is_abandoned: bool = False
    """Whoever asked is gone; its answer is read and dropped before the next command."""
    outcome: bytes = b""
    """`OK`, `NO` or `BAD`."""
    code: bytes = b""
    argument: bytes = b""
    words: str = ""
    """The server's own words, cleaned, secrets masked."""

    @property
    def is_ok(self) -> bool:
        return self.outcome == b"OK"


def checked(part: bytes) -> bytes:
    """The one gate for everything outside a literal. Raises BadInput for CR, LF and NUL: they would begin a command."""
    if _FORBIDDEN.search(part):
        raise BadInput("A line end or a NUL cannot be part of what is asked of the mail server.")
    return part


def string(text: bytes) -> Part:
    """The octets as a quoted string where they may be one, else as a literal."""
    if _QUOTABLE.match(text):
        return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    return Literal(text)


def flag_list(flags: Iterable[str]) -> bytes:
    """`(\\Seen $Junk)`. Raises BadInput for what is no flag."""
    words: Flags = frozenset(flags)
    for word in words:
        if not _FLAG.match(word):
            raise BadInput(f"“{word}” cannot be a flag: letters, digits and a few signs only.")
    return b"(" + " ".join(sorted(words)).encode("ascii") + b")"
