"""HTTP by hand and by a client: bodies, files, errors, headers, proxies, the redirect."""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path, PosixPath
from typing import Any, BinaryIO

import aiohttp
import pytest

from roschat.kernel.errors import Invalid, Unavailable
from roschat.kernel.http import Request, Response, Routes, file_response, json_response, text_response
from roschat.transports.http_body import file_chunks
from roschat.transports.listen import Listeners
from roschat.transports.settings import Settings
from roschat.transports.tests.doors import joined
from roschat.transports.tests.served import Served
from tests.harness.client import until

pytestmark = pytest.mark.usefixtures("no_errors")


class Pages:
    """Handlers that tests ask."""

    def __init__(self, routes: Routes, folder: Path) -> None:
        self.folder = folder
        self.taken = 0
        self.closed = False
        self.go_on = asyncio.Event()
        self.waits = False
        self.cancelled = False
        routes.add("GET", "/hello", self.hello)
        routes.add("GET", "/about", self.about)
        routes.add("POST", "/body", self.body, max_body=1000)
        routes.add("POST", "/stream", self.stream, max_body=None)
        routes.add("POST", "/refuse", self.refuse, max_body=None)
        routes.add("GET", "/file", self.file)
        routes.add("GET", "/endless", self.endless)
        routes.add("GET", "/broken", self.broken)
        routes.add("GET", "/away", self.away)
        routes.add("GET", "/wait", self.wait)

    async def hello(self, request: Request) -> Response:
        return text_response("hello", headers={"x-frame": "1"})

    async def about(self, request: Request) -> Response:
        return json_response([request.address, request.secure, request.host, request.path, request.query_string])

    async def body(self, request: Request) -> Response:
        return Response(200, await request.body())

    async def stream(self, request: Request) -> Response:
        async for chunk in request.chunks():
            self.taken += len(chunk)
            await self.go_on.wait()
        return json_response(self.taken)

    async def refuse(self, request: Request) -> Response:
        raise Invalid("No.")

    async def file(self, request: Request) -> Response:
        return file_response(request, self.folder / "file.bin")

    async def endless(self, request: Request) -> Response:
        return Response(200, self.chunks())

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            while True:
                self.taken += 100_000
                yield b"x" * 100_000
                await asyncio.sleep(0)
        finally:
            self.closed = True

    async def broken(self, request: Request) -> Response:
        raise ZeroDivisionError

    async def away(self, request: Request) -> Response:
        raise Unavailable("The database is away.")

    async def wait(self, request: Request) -> Response:
        self.waits = True
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        raise AssertionError


@pytest.fixture(params=["here", "in another process"])
async def pages(request: pytest.FixtureRequest, server: Served, tmp_path: Path) -> AsyncIterator[Pages]:
    for name in ("http", "https"):
        server.listeners.routes(name).add("GET", "/only", lambda request: _ok())
    if request.param == "here":
        yield Pages(server.listeners.routes("console"), tmp_path)
        return
    inner = Listeners({}, None, server.settings)
    pages = Pages(inner.routes("console"), tmp_path)
    async with joined(server, inner, tmp_path):
        yield pages


async def _ok() -> Response:
    return text_response("ok")


class Raw:
    """A connection on which a test writes what it likes."""

    def __init__(self, server: Served, name: str = "console") -> None:
        self._port = server.opened[name].port

    async def __aenter__(self) -> "Raw":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port, limit=10_000_000)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.writer.close()

    async def ask(self, request: str | bytes) -> tuple[int, dict[str, str], bytes]:
        self.writer.write(request.encode() if isinstance(request, str) else request)
        return await self.response()

    async def response(self) -> tuple[int, dict[str, str], bytes]:
        async with asyncio.timeout(10):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {}
            for line in head[1:-2]:
                name, _, value = line.partition(": ")
                headers[name.lower()] = value
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(head[0].split()[1]), headers, body

    async def drip(self) -> None:
        """A header line from time to time, for ever."""
        while not self.writer.is_closing():
            self.writer.write(b"X: 1\r\n")
            await asyncio.sleep(0.02)

    async def ended(self) -> bytes:
        async with asyncio.timeout(10):
            return await self.reader.read()


async def test_keep_alive_pipelining_and_head(server: Served, pages: Pages) -> None:
    async with Raw(server) as raw:
        one = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
        raw.writer.write((one * 3).encode())
        for _ in range(3):
            status, headers, body = await raw.response()
            assert (status, body) == (200, b"hello")
        assert "server" not in headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "frame-ancestors 'self'"
        assert headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in headers
        raw.writer.write(b"HEAD //hello HTTP/1.1\r\nHost: a\r\n\r\n")
        head = await raw.reader.readuntil(b"\r\n\r\n")
        assert b"Content-Length: 5" in head
        status, _, body = await raw.ask(one.replace("1.1\r", "1.1\r\nConnection: close\r", 1))
        assert (status, body) == (200, b"hello")
        assert await raw.ended() == b""


async def test_bodies_by_length_and_chunked(server: Served, pages: Pages) -> None:
    async with Raw(server) as raw:
        assert (await raw.ask("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"))[2] == b"abc"
        head = "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        assert (await raw.ask(head + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))[2] == b"abcde"
        assert (await raw.ask("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"))[2] == b""


async def test_a_body_is_refused_before_it_is_sent(server: Served, pages: Pages) -> None:
    async with Raw(server) as raw:
        status, headers, body = await raw.ask(
            "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"
        )
        assert (status, headers["connection"]) == (413, "close")
        assert json.loads(body)["error"] == "too-large"


async def test_a_chunked_body_is_counted(server: Served, pages: Pages) -> None:
    async with Raw(server) as raw:
        head = "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        status, headers, _ = await raw.ask(head + "3E9\r\n" + "x" * 1001 + "\r\n")
        assert (status, headers["connection"]) == (413, "close")


async def test_a_client_that_goes_on_sending_can_read_the_refusal(server: Served, pages: Pages) -> None:
    async with Raw(server) as raw:
        raw.writer.write(b"POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
        for _ in range(50):
            raw.writer.write(b"x" * 100_000)
        status, _, body = await raw.response()
        assert (status, json.loads(body)["text"]) == (400, "No.")


async def test_expecting_clients_are_invited(server: Served, pages: Pages) -> None:
    async with Raw(server) as raw:
        raw.writer.write(b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert await raw.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert (await raw.ask("abc"))[2] == b"abc"


async def test_a_slow_reader_of_a_body_slows_the_sender(server: Served, pages: Pages) -> None:
    async with Raw(server) as raw:
        raw.writer.write(b"POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n")
        sent = 0
        while sent < 50_000_000 and not raw.writer.transport.get_write_buffer_size():
            raw.writer.write(b"x" * 100_000)
            sent += 100_000
            for _ in range(20):
                await asyncio.sleep(0)
        assert pages.taken < 1_000_000
        assert sent < 40_000_000
        pages.go_on.set()
        raw.writer.write(b"x" * (50_000_000 - sent))
        assert (await raw.response())[2] == b"50000000"


async def test_a_slow_reader_of_a_response_slows_the_handler(server: Served, pages: Pages) -> None:
    async with Raw(server) as raw:
        raw.writer.write(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        await raw.reader.readuntil(b"\r\n\r\n")
        raw.reader._transport.pause_reading()  # type: ignore[attr-defined]
        last = -1
        while pages.taken != last:
            last = pages.taken
            await asyncio.sleep(0.05)
        assert pages.taken < 50_000_000
    await until(lambda: pages.closed)


async def test_files_and_ranges(server: Served, pages: Pages) -> None:
    content = bytes(range(256)) * 5000
    (pages.folder / "file.bin").write_bytes(content)
    async with aiohttp.ClientSession(server.url("console")) as http:
        async with http.get("/file") as answer:
            assert await answer.read() == content
            assert answer.headers["accept-ranges"] == "bytes"
            tag = answer.headers["etag"]
        for header, start, end in [("bytes=10-19", 10, 20), ("bytes=1279990-", 1279990, None), ("bytes=-5", -5, None)]:
            async with http.get("/file", headers={"range": header}) as answer:
                assert answer.status == 206
                assert await answer.read() == content[start:end]
        async with http.get("/file", headers={"range": "bytes=9999999-"}) as answer:
            assert answer.status == 416
        async with http.get("/file", headers={"range": "bytes=0-1", "if-range": '"other"'}) as answer:
            assert answer.status == 200
        async with http.get("/file", headers={"if-none-match": tag}) as answer:
            assert answer.status == 304
        async with http.head("/file") as answer:
            assert answer.headers["content-length"] == str(len(content))


async def test_errors_are_json(server: Served, pages: Pages, caplog: pytest.LogCaptureFixture) -> None:
    async with aiohttp.ClientSession(server.url("console")) as http:
        for path, status, code in [
            ("/nothing", 404, "not-found"),
            ("/away", 503, "unavailable"),
            ("/broken", 500, "unknown"),
        ]:
            async with http.get(path) as answer:
                assert (answer.status, (await answer.json())["error"]) == (status, code)
        async with http.post("/hello") as answer:
            assert answer.status == 405
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["GET /broken failed"]
    caplog.clear()


async def test_a_get_without_a_client_is_cancelled(server: Served, pages: Pages) -> None:
    async with Raw(server) as raw:
        raw.writer.write(b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        await until(lambda: pages.waits)
    await until(lambda: pages.cancelled)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET /hello HTTP/1.1\r\n" + b"X: 1\r\n" * 200 + b"\r\n",
        b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET hello HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
async def test_malformed_requests_are_400(server: Served, pages: Pages, request_bytes: bytes) -> None:
    async with Raw(server) as raw:
        status, _, body = await raw.ask(request_bytes)
        assert status == 400
        assert json.loads(body)["error"] == "bad-request"


async def test_a_slow_head_is_cut_off(server: Served, pages: Pages) -> None:
    server.settings.value = Settings(header_time=0.2)
    async with Raw(server) as raw:
        raw.writer.write(b"GET /hello HTTP/1.1\r\n")
        drips = asyncio.create_task(raw.drip())
        with contextlib.suppress(ConnectionError):
            assert await raw.ended() == b""
        drips.cancel()


async def test_a_connection_that_rests_is_closed(server: Served, pages: Pages) -> None:
    server.settings.value = Settings(idle_time=0.2)
    async with Raw(server) as raw:
        assert (await raw.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"))[0] == 200
        with contextlib.suppress(ConnectionError):
            assert await raw.ended() == b""


async def test_proxies_are_believed_when_they_are_configured(server: Served, pages: Pages) -> None:
    ask = (
        "GET /about?a=%20 HTTP/1.1\r\nHost: real\r\nX-Forwarded-For: 6.6.6.6, 9.9.9.9, 10.0.0.2\r\n"
        "X-Forwarded-Proto: https\r\nX-Forwarded-Host: shown\r\n\r\n"
    )
    async with Raw(server) as raw:
        assert json.loads((await raw.ask(ask))[2]) == ["127.0.0.1", False, "real", "/about", "a=%20"]
        server.settings.value = Settings(trusted_proxies=["127.0.0.0/8", "10.0.0.2"])
        assert json.loads((await raw.ask(ask))[2]) == ["9.9.9.9", True, "shown", "/about", "a=%20"]


async def test_port_80_redirects(server: Served, pages: Pages) -> None:
    https = server.opened["https"].port
    async with Raw(server, "http") as raw:
        status, headers, _ = await raw.ask("GET //a/b?c=d HTTP/1.1\r\nHost: name.example:80\r\n\r\n")
        assert (status, headers["location"]) == (301, f"https://name.example:{https}/a/b?c=d")
        status, headers, _ = await raw.ask("POST /a HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 0\r\n\r\n")
        assert (status, headers["location"]) == (308, f"https://[::1]:{https}/a")
        assert (await raw.ask("GET /only HTTP/1.1\r\nHost: a\r\n\r\n"))[2] == b"ok"
        assert (await raw.ask("GET /a HTTP/1.1\r\nHost: a/../b\r\n\r\n"))[0] == 400


async def test_https_says_so(server: Served, pages: Pages) -> None:
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as http,
        http.get(server.url("https") + "/only") as answer,
    ):
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_a_file_whose_reader_goes_away_while_it_is_opened_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"x")
    opened: list[BinaryIO] = []
    may_open, is_open = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    class Slow(PosixPath):
        def open(self, *args: Any, **more: Any) -> Any:
            may_open.wait(10)
            opened.append(super().open(*args, **more))
            loop.call_soon_threadsafe(is_open.set)
            return opened[0]

    reading = asyncio.ensure_future(anext(file_chunks(Slow(path), 0, 1)))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    may_open.set()
    await asyncio.wait_for(is_open.wait(), 10)
    await until(lambda: opened[0].closed)
