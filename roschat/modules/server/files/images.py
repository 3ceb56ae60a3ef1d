"""Dimensions and previews of images.

An image is opened from the disk, in a thread, few at a time. The size it claims is read from its header before a single
pixel is decoded: a small file that would unpack into gigabytes gets dimensions and no preview.
"""

import asyncio
import io
from tempfile import TemporaryFile
from typing import IO

from msgspec import Struct
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})
"""Content types that a preview is made of."""
EDGE = 640
"""Pixels of a preview's longer side."""
MAX_PIXELS = 50_000_000
"""Pixels of the largest image that is decoded; 150 MB in memory for a moment."""
AT_ONCE = 2

# Our own bound is asked before decoding; Pillow's would only warn in the log.
Image.MAX_IMAGE_PIXELS = None


class Picture(Struct, frozen=True):
    """Width and height in pixels as shown (after turning by EXIF), and a WebP preview; empty when none was made."""

    width: int
    height: int
    preview: bytes = b""


class Studio:
    """Looks at images, at most AT_ONCE at the same time."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)

    async def look(self, content: IO[bytes]) -> Picture | None:
        """What an image is; None when it is no image that Pillow can read. The preview has no metadata."""
        async with self._places:
            return await asyncio.to_thread(_look, content)


def spool() -> IO[bytes]:
    """A file without a name for the bytes of one image."""
    return TemporaryFile()


def _look(content: IO[bytes]) -> Picture | None:
    content.seek(0)
    try:
        with Image.open(content, formats=FORMATS) as image:
            width, height = image.size
            # Pillow unpacks a PNG without EXIF to look for some at its end.
            known = image.format == "JPEG" or "exif" in image.info
            if known and image.getexif().get(0x0112, 1) >= 5:  # orientations 5 to 8 lie on their side
                width, height = height, width
            if image.size[0] * image.size[1] > MAX_PIXELS:
                return Picture(width, height)
            try:
                return Picture(width, height, _preview(image))
            except (OSError, ValueError, SyntaxError, EOFError, IndexError):
                return Picture(width, height)  # the header is sound, the pixels are not
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        TypeError,
        ZeroDivisionError,
    ):
        return None


def _preview(image: Image.Image) -> bytes:
    image.draft("RGB", (EDGE, EDGE))  # JPEG is decoded at a fraction of its size
    image.thumbnail((EDGE, EDGE))
    turned = ImageOps.exif_transpose(image)
    plain = turned.convert("RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB")
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()
