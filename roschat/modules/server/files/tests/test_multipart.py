from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.errors import Invalid, TooLarge
from roschat.modules.server.files.multipart import Form

KIND = "multipart/form-data; boundary=line"


def form(*parts: tuple[str, bytes], end: bytes = b"--line--\r\n") -> bytes:
    body = b"".join(
        b"--line\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + data + b"\r\n"
        for head, data in parts
    )
    return body + end


async def in_pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read(body: bytes, size: int = 7, kind: str = KIND) -> tuple[str, bytes]:
    part = await Form(kind, in_pieces(body, size)).file()
    return part.name, b"".join([chunk async for chunk in part.chunks])


@pytest.mark.parametrize("size", [1, 3, 16, 10_000])
async def test_the_file_is_found_among_other_fields(size: int) -> None:
    body = form(
        ('name="note"', b"hello"), ('name="file"; filename="кот.png"', b"\r\n--lin\r\nbytes"), ('name="z"', b"later")
    )
    assert await read(body, size) == ("кот.png", b"\r\n--lin\r\nbytes")


@given(st.binary(max_size=500), st.integers(1, 50))
async def test_any_content_comes_through(content: bytes, size: int) -> None:
    body = form(('name="file"; filename="x"', content)).replace(b"line", b"b" * 40)
    if b"b" * 40 not in content and b"line" not in content:
        assert await read(body, size, "multipart/form-data; boundary=" + "b" * 40) == ("x", content)


async def test_a_second_file_is_passed_over() -> None:
    assert await read(form(('name="file"; filename="a"', b"1"), ('name="file"; filename="b"', b"2"))) == ("a", b"1")


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ('filename="кот.txt"', "кот.txt"),
        ('filename="a%22b.txt"', 'a"b.txt'),
        ('filename="%D0%BA%D0%BE%D1%82 1.txt"', "кот 1.txt"),
        ("filename*=utf-8''%D0%BA%D0%BE%D1%82.txt", "кот.txt"),
        ('filename="100%20.txt"', "100%20.txt"),
        ('filename="%D0%BA%D0.txt"', "%D0%BA%D0.txt"),
        ('filename=""', ""),
    ],
)
async def test_names_as_different_senders_write_them(told: str, name: str) -> None:
    assert (await read(form((f'name="file"; {told}', b""))))[0] == name


async def test_the_rest_of_the_body_is_read_so_that_the_answer_is_heard() -> None:
    read_to_end = False

    async def body() -> AsyncIterator[bytes]:
        nonlocal read_to_end
        yield form(('name="file"; filename="a"', b"1"), end=b"--line\r\nContent-Disposition: form-data; name=x\r\n\r\n")
        yield b"y\r\n--line--\r\n"
        read_to_end = True

    part = await Form(KIND, body()).file()
    assert [chunk async for chunk in part.chunks] == [b"1"]
    assert read_to_end


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("", b""),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=" + "x" * 71, b""),
        (KIND, b""),
        (KIND, form(('name="other"', b"x"))),
        (KIND, b"nonsense that is no form"),
        (KIND, form(('name="file"; filename="a"', b"1"), end=b"")[:-3]),
        (KIND, b"--line\r\nbad header\r\n\r\n"),
    ],
)
async def test_what_is_no_form_with_a_file_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(Invalid):
        await read(body, kind=kind)


async def test_endless_other_fields_are_refused() -> None:
    with pytest.raises(TooLarge):
        await read(form(('name="other"', b"x" * 100_000), ('name="file"; filename="a"', b"1")), 4096)
    with pytest.raises(TooLarge):
        await read(form(('name="file"; filename="a"', b"1")) + b"x" * 100_000, 4096)
