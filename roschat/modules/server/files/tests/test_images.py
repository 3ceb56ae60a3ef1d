import io
import struct
import zlib

import pytest
from PIL import Image

from roschat.modules.server.files.images import EDGE, Studio


def encoded(kind: str, size: tuple[int, int] = (1000, 500), mode: str = "RGB", **options: object) -> io.BytesIO:
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode in "LP" else None).save(out, kind, **options)
    return out


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
async def test_dimensions_and_a_small_preview(kind: str) -> None:
    picture = await Studio().look(encoded(kind))
    assert picture is not None
    assert (picture.width, picture.height) == (1000, 500)
    with Image.open(io.BytesIO(picture.preview)) as preview:
        assert preview.format == "WEBP"
        assert preview.size == (EDGE, EDGE // 2)


async def test_a_small_image_is_not_blown_up() -> None:
    picture = await Studio().look(encoded("PNG", (20, 10)))
    assert picture is not None
    with Image.open(io.BytesIO(picture.preview)) as preview:
        assert preview.size == (20, 10)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
async def test_all_kinds_of_pixels(mode: str) -> None:
    picture = await Studio().look(encoded("PNG", (8, 8), mode))
    assert picture is not None
    assert picture.preview


async def test_a_turned_photo_is_measured_as_it_is_shown_and_its_preview_says_nothing_more() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "a camera"
    picture = await Studio().look(encoded("JPEG", exif=exif, comment=b"secret place"))
    assert picture is not None
    assert (picture.width, picture.height) == (500, 1000)
    with Image.open(io.BytesIO(picture.preview)) as preview:
        assert preview.size == (EDGE // 2, EDGE)
        assert not preview.getexif()
    assert b"camera" not in picture.preview
    assert b"secret" not in picture.preview


def bomb(side: int) -> io.BytesIO:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


async def test_a_bomb_is_measured_and_never_unpacked() -> None:
    picture = await Studio().look(bomb(60_000))
    assert picture is not None
    assert (picture.width, picture.height, picture.preview) == (60_000, 60_000, b"")


async def test_broken_pixels_give_dimensions_alone() -> None:
    picture = await Studio().look(bomb(100))
    assert picture is not None
    assert (picture.width, picture.height, picture.preview) == (100, 100, b"")


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"text"])
async def test_what_is_no_image_is_none(content: bytes) -> None:
    assert await Studio().look(io.BytesIO(content)) is None
