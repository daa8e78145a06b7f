"""Pictures made of what came, each on a thread of its own that ends when nobody waits for it any more."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from tui_mail.mime import picture
from tui_mail.model.errors import Cancelled
from tui_mail.model.picture import Canvas, Picture

from .probe import alone


class Decode(Protocol):
    """Octets made a picture, as `mime.picture.decode` does."""

    def __call__(self, octets: bytes, canvas: Canvas | None, breathe: Callable[[], None]) -> Picture: ...


class Painter:
    """As sixels a large picture takes seconds, for which nothing else is to wait."""

    def __init__(self, heed: Callable[[], None], decode: Decode = picture.decode) -> None:
        """`heed` leaves the interpreter to a key that was just pressed."""
        self._heed = heed
        self._decode = decode

    def draw(self, octets: bytes, canvas: Canvas | None) -> Future[Picture]:
        """Fails as `mime.picture.decode` does; a promise that is cancelled ends its work within a line of it."""
        promise: list[Future[Picture]] = []

        def breathe() -> None:
            self._heed()
            if promise and promise[0].cancelled():
                raise Cancelled("Nobody looks at the picture any more.")

        promise.append(alone(lambda: self._decode(octets, canvas, breathe)))
        return promise[0]
