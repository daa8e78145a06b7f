"""PNG, JPEG, GIF and WebP as rows of colours. Pillow does it, an optional extra that is imported with the first."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_mail.model.errors import BadInput, Unsupported
from tui_mail.model.picture import TALLEST, Canvas, Drawing, Picture

from . import sixel

if TYPE_CHECKING:
    from PIL.Image import Image

_WIDEST, _HIGHEST = 200, 400
"""Pixels that are kept for half blocks; they show no more."""
_MOST_PIXELS = 40_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")


def can_decode() -> bool:
    """Whether Pillow is here."""
    return importlib.util.find_spec("PIL") is not None


def _on() -> None:
    """Nobody is in a hurry."""


def decode(octets: bytes, canvas: Canvas | None = None, breathe: Callable[[], None] = _on) -> Picture:
    """The first frame on white, with a drawing for the canvas if there is one.

    `breathe` is called before each of the slow steps, every line of sixels among them; what it raises ends the work.

    Raises BadInput for no picture, or too large a one; Unsupported without Pillow.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise Unsupported("Pictures need Pillow.", remedy="pip install 'tui-mail[images]'.") from error
    try:
        with Image.open(io.BytesIO(octets), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > _MOST_PIXELS or not width or not height:
                raise BadInput("The picture is too large to be drawn.")
            most = _most(canvas)
            image.draft("RGB", (most[0] * 2, most[1] * 2))  # JPEG alone: decodes no more than is needed
            breathe()
            image.thumbnail(most)
            breathe()
            seen = image.convert("RGBA")
            ground = Image.new("RGBA", seen.size, (255, 255, 255, 255))
            whole = Image.alpha_composite(ground, seen).convert("RGB")
            drawing = None if canvas is None else _drawing(whole, width, canvas, breathe)
            whole.thumbnail((_WIDEST, _HIGHEST))
            return Picture(whole.width, whole.height, whole.tobytes(), width, drawing)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, Image.DecompressionBombError) as error:
        raise BadInput("The picture is damaged or none at all.") from error


def _most(canvas: Canvas | None) -> tuple[int, int]:
    """The largest size in pixels that can be shown."""
    if canvas is None:
        return _WIDEST, _HIGHEST
    wide, high = canvas.cell
    return max(_WIDEST, canvas.columns * wide), max(_HIGHEST, TALLEST * high)


def _drawing(image: Image, natural: int, canvas: Canvas, breathe: Callable[[], None]) -> Drawing:
    columns, lines = canvas.box(image.width, image.height, natural)
    wide, high = canvas.cell
    box = columns * wide, lines * high
    if canvas.form == "kitty":
        small = image.copy()
        small.thumbnail(box)  # never larger than it is: the terminal makes it fill its box
        written = io.BytesIO()
        small.save(written, "PNG")
        return Drawing(canvas, columns, lines, png=written.getvalue())
    flat = image.resize(box).quantize(sixel.MOST_COLOURS)
    colours = flat.getpalette() or []
    palette = [colours[at : at + 3] for at in range(0, len(colours), 3)]
    pixels = flat.tobytes()
    step = box[0] * high
    strips = []
    for at in range(0, lines * step, step):
        breathe()
        strips.append(sixel.encode(box[0], high, palette, pixels[at : at + step]))
    return Drawing(canvas, columns, lines, strips=tuple(strips))
