"""Routes, requests and responses without sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from roschat.kernel.errors import NotFound, RoschatError, TooLarge
from roschat.kernel.http import Request, Response, Routes, byte_range, file_response, json_response, text_response


def routes(*patterns: str) -> Routes:
    found = Routes()
    for pattern in patterns:

        async def handler(request: Request, pattern: str = pattern) -> Response:
            return json_response([pattern, request.params])

        found.add("GET", pattern, handler)
    return found


async def answered(found: Routes, path: str, method: str = "GET") -> object:
    response = await found.answer(Request(method, path))
    assert isinstance(response.body, bytes)
    return msgspec.json.decode(response.body)


async def test_the_more_exact_pattern_wins() -> None:
    found = routes("/{rest:path}", "/a/{name}", "/a/b", "/a/{name}/c")
    assert await answered(found, "/a/b") == ["/a/b", {}]
    assert await answered(found, "//a//b") == ["/a/b", {}]
    assert await answered(found, "/a/x") == ["/a/{name}", {"name": "x"}]
    assert await answered(found, "/a/%D1%8F%2F/c") == ["/a/{name}/c", {"name": "я/"}]
    assert await answered(found, "/a/x/y/z") == ["/{rest:path}", {"rest": "a/x/y/z"}]
    assert await answered(found, "/") == ["/{rest:path}", {"rest": ""}]


async def test_a_part_may_have_a_beginning() -> None:
    found = routes(
        "/bot{token}/{method}", "/{kind}/{name}", "/bots/list", "/file/bot{token}/{rest:path}", "/{rest:path}"
    )
    assert await answered(found, "/bot7%3Aab/getMe") == ["/bot{token}/{method}", {"token": "7:ab", "method": "getMe"}]
    assert await answered(found, "/bot/getMe") == ["/{kind}/{name}", {"kind": "bot", "name": "getMe"}]
    assert await answered(found, "/bots/list") == ["/bots/list", {}]
    assert await answered(found, "/file/bot7/a/b") == ["/file/bot{token}/{rest:path}", {"token": "7", "rest": "a/b"}]
    assert await answered(found, "/file/x/a/b") == ["/{rest:path}", {"rest": "file/x/a/b"}]


@pytest.mark.parametrize("path", ["/x/../y", "/x/%2e%2e/y", "/x/%2Fetc", "/x/%00"])
async def test_a_rest_holds_nothing_that_climbs(path: str) -> None:
    with pytest.raises(NotFound):
        routes("/{rest:path}").find("GET", path)


def test_methods() -> None:
    found = routes("/a")
    assert found.find("HEAD", "/a")[0].pattern == "/a"
    with pytest.raises(RoschatError) as caught:
        found.find("POST", "/a")
    assert caught.value.code == "method-not-allowed"
    with pytest.raises(ValueError, match="two handlers"):
        found.add("GET", "/a", lambda request: _fail())


async def _fail() -> Response:
    raise AssertionError


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-0", (0, 1)),
        ("bytes=2-", (2, 8)),
        ("bytes=2-100", (2, 8)),
        ("bytes=-3", (7, 3)),
        ("bytes=-30", (0, 10)),
        ("bytes=5-2", None),
        ("bytes=1-2,4-5", None),
        ("lines=1-2", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=1", None),
    ],
)
def test_ranges(header: str, part: tuple[int, int] | None) -> None:
    assert byte_range(header, 10) == part


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_ranges_outside(header: str, size: int) -> None:
    with pytest.raises(RoschatError) as caught:
        byte_range(header, size)
    assert caught.value.code == "bad-range"


async def test_bodies_have_limits() -> None:
    assert await Request("POST", "/", source=b"abc").body(3) == b"abc"
    with pytest.raises(TooLarge):
        await Request("POST", "/", source=b"abcd").body(3)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"x"

    with pytest.raises(TooLarge):
        await Request("POST", "/", source=chunks()).body(3)
    request = Request("POST", "/", source=chunks())
    request.limit = 2
    with pytest.raises(TooLarge):
        await request.body()
    assert await Request("POST", "/").body() == b""


async def test_a_body_that_is_too_long_for_its_route_is_not_asked_for() -> None:
    found = Routes()
    found.add("POST", "/a", lambda request: _fail(), max_body=10)
    response = await found.answer(Request("POST", "/a", headers={"content-length": "11"}))
    assert response.status == 413


async def test_json_that_does_not_fit_is_a_bad_request() -> None:
    async def handler(request: Request) -> Response:
        return json_response(msgspec.json.decode(await request.body(), type=int))

    found = Routes()
    found.add("POST", "/a", handler)
    for body in (b'"x"', b"{"):
        assert (await found.answer(Request("POST", "/a", source=body))).status == 400
    assert (await found.answer(Request("POST", "/a", source=b"1"))).body == b"1"


def test_queries_and_cookies() -> None:
    request = Request("GET", "//a//b", query="x=1&x=2&y=&z=%D1%8F", headers={"cookie": "a=1; b=2"})
    assert request.path == "/a/b"
    assert request.query == {"x": "1", "y": "", "z": "я"}
    assert request.cookies == {"a": "1", "b": "2"}
    assert Request("GET", "/", headers={"cookie": "\0=;;"}).cookies == {}


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("0123456789")
    whole = file_response(Request("GET", "/"), path)
    assert (whole.status, whole.length, whole.headers["content-type"]) == (200, 10, "text/plain")
    part = file_response(Request("GET", "/", headers={"range": "bytes=2-3"}), path)
    assert (part.status, part.start, part.length) == (206, 2, 2)
    assert part.headers["content-range"] == "bytes 2-3/10"
    with pytest.raises(NotFound):
        file_response(Request("GET", "/"), tmp_path / "b")
    assert text_response("я").body == "я".encode()
