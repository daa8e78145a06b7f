"""PNG, JPEG, GIF and WebP as rows of colours. Pillow does it, an optional extra that is imported with the first."""

from __future__ import annotations

import importlib.util
import io

from tui_mail.model.errors import BadInput, Unsupported
from tui_mail.model.picture import Picture

_WIDEST, _HIGHEST = 200, 400
"""Pixels that are kept; a terminal shows no more."""
_MOST_PIXELS = 40_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")


def can_decode() -> bool:
    """Whether Pillow is here."""
    return importlib.util.find_spec("PIL") is not None


def decode(octets: bytes) -> Picture:
    """The first frame on white. Raises BadInput for no picture, or too large a one; Unsupported without Pillow."""
    try:
        from PIL import Image
    except ImportError as error:
        raise Unsupported("Pictures need Pillow.", remedy="pip install 'tui-mail[images]'.") from error
    try:
        with Image.open(io.BytesIO(octets), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > _MOST_PIXELS or not width or not height:
                raise BadInput("The picture is too large to be drawn.")
            image.draft("RGB", (_WIDEST * 2, _HIGHEST * 2))  # JPEG alone: decodes no more than is needed
            image.thumbnail((_WIDEST, _HIGHEST))
            seen = image.convert("RGBA")
            ground = Image.new("RGBA", seen.size, (255, 255, 255, 255))
            small = Image.alpha_composite(ground, seen).convert("RGB")
            return Picture(small.width, small.height, small.tobytes(), width)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, Image.DecompressionBombError) as error:
        raise BadInput("The picture is damaged or none at all.") from error
