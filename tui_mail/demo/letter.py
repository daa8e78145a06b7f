"""A stored letter: its bytes, when the server took it, and what is cheap to know of it."""

from __future__ import annotations

from typing import Protocol


class Letter:
    """One message as bytes. `structure` is the server's own note of the parsed MIME tree, filled when first asked."""

    __slots__ = ("date", "head", "raw", "structure")

    def __init__(self, raw: bytes, date: int, *, structure: object | None = None) -> None:
        self.raw = raw
        self.date = date
        """INTERNALDATE, seconds since 1970 UTC."""
        end = raw.find(b"\r\n\r\n")
        self.head = len(raw) if end < 0 else end + 4
        """Where the body begins."""
        self.structure = structure

    @property
    def header(self) -> bytes:
        return self.raw[: self.head]

    @property
    def body(self) -> bytes:
        return self.raw[self.head :]


class Maker(Protocol):
    """Makes the n-th letter of a generated series on demand, the same one every time."""

    def letter(self, n: int) -> Letter: ...

    def date(self, n: int) -> int:
        """The INTERNALDATE of letter n without building it."""
        ...


class Shelf:
    """Every letter of the demo by number: stored ones, and series that are built when asked."""

    _SERIES = 1 << 40
    """Numbers from here on belong to series 0, from twice here to series 1, and so on."""

    __slots__ = ("_makers", "_stored")

    def __init__(self) -> None:
        self._stored: list[Letter] = []
        self._makers: list[Maker] = []

    def put(self, letter: Letter) -> int:
        self._stored.append(letter)
        return len(self._stored) - 1

    def series(self, maker: Maker) -> int:
        """Adds a series; returns the number of its letter 0."""
        self._makers.append(maker)
        return len(self._makers) * self._SERIES

    def get(self, number: int) -> Letter:
        if number < self._SERIES:
            return self._stored[number]
        return self._makers[number // self._SERIES - 1].letter(number % self._SERIES)

    def date(self, number: int) -> int:
        if number < self._SERIES:
            return self._stored[number].date
        return self._makers[number // self._SERIES - 1].date(number % self._SERIES)
