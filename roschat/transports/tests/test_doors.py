"""Routes of other processes: their coming and going, cookies, the client's address, sessions that live elsewhere.

What holds for any request is tested in test_http_front.py, which runs here and in another process.
"""

import json
import stat
from pathlib import Path

import aiohttp
import pytest
from websockets.asyncio.client import connect

from roschat.kernel.http import Request, Response, json_response, text_response
from roschat.kernel.unix_path import reachable
from roschat.proto.engineio import join_payload, split_payload
from roschat.transports.doors import SOCKETS, Doors
from roschat.transports.listen import Listeners
from roschat.transports.sockets import Sockets
from roschat.transports.tests.doors import INNER, OUTER, joined
from roschat.transports.tests.served import Served
from roschat.wire.process import PeerGone, PeersAsk

pytestmark = pytest.mark.usefixtures("no_errors")


async def _hello(request: Request) -> Response:
    return text_response("hello")


async def _cookies(request: Request) -> Response:
    return Response(200, b"", cookies=("a=1; Path=/", "b=2"))


async def _about(request: Request) -> Response:
    return json_response([request.address, request.secure, request.host, request.headers.get("x-forwarded-for")])


async def _rest(request: Request) -> Response:
    return text_response("the rest")


def doors_in(folder: Path, name: str) -> list[Path]:
    """The Unix sockets of the inner process."""
    return list(folder.glob(f"{INNER}/*/{name}.sock"))


def _inner(server: Served) -> Listeners:
    listeners = Listeners({}, None, server.settings)
    routes = listeners.routes("console")
    routes.add("GET", "/hello", _hello)
    routes.add("GET", "/cookies", _cookies)
    routes.add("GET", "/about", _about)
    routes.add("GET", "/{rest:path}", _rest)
    return listeners


async def test_own_and_exact_routes_go_before_those_of_others(server: Served, tmp_path: Path) -> None:
    server.listeners.routes("console").add("GET", "/hello", _rest)
    server.listeners.routes("console").add("GET", "/own/{name}", _hello)
    async with joined(server, _inner(server), tmp_path), aiohttp.ClientSession(server.url("console")) as http:
        for path, text in (("/hello", "the rest"), ("/own/x", "hello"), ("/own/x/y", "the rest"), ("/", "the rest")):
            async with http.get(path) as answer:
                assert (answer.status, await answer.text()) == (200, text)


async def test_cookies_and_the_clients_address_arrive(server: Served, tmp_path: Path) -> None:
    async with joined(server, _inner(server), tmp_path), aiohttp.ClientSession(server.url("console")) as http:
        async with http.get("/cookies") as answer:
            assert answer.headers.getall("set-cookie") == ["a=1; Path=/", "b=2"]
        forged = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "Host": "shown"}
        async with http.get("/about", headers=forged) as answer:
            assert await answer.json() == ["127.0.0.1", False, "shown", "127.0.0.1"]


async def test_only_our_account_may_open_a_door(server: Served, tmp_path: Path) -> None:
    async with joined(server, _inner(server), tmp_path):
        (door,) = doors_in(tmp_path, "console")
        assert stat.S_IMODE(door.stat().st_mode) == 0o600
    assert not door.exists()


async def test_a_process_that_is_gone_is_unavailable_until_it_is_back(server: Served, tmp_path: Path) -> None:
    async with (
        joined(server, _inner(server), tmp_path) as (_, inner),
        aiohttp.ClientSession(server.url("console")) as http,
    ):
        await inner.close()
        for _ in range(2):  # before and after the others know of it
            async with http.get("/hello") as answer:
                assert (answer.status, (await answer.json())["error"]) == (503, "unavailable")
            server.bus.publish(PeerGone(INNER))
        again = Doors(server.bus, "again", "", tmp_path, server.settings)
        again.open(_inner(server), [])
        async with http.get("/hello") as answer:
            assert await answer.text() == "hello"
        await again.close()


async def test_processes_with_the_same_routes_take_turns(server: Served, tmp_path: Path) -> None:
    async def second(request: Request) -> Response:
        return text_response("second")

    twin = Listeners({}, None, server.settings)
    twin.routes("console").add("GET", "/hello", second)
    async with joined(server, _inner(server), tmp_path), aiohttp.ClientSession(server.url("console")) as http:
        doors = Doors(server.bus, "twin", "", tmp_path, server.settings)
        doors.open(twin, [])
        server.bus.publish(PeersAsk())
        answers = []
        for _ in range(4):
            async with http.get("/hello") as answer:
                answers.append(await answer.text())
        assert answers == ["hello", "second"] * 2
        await doors.close()


@pytest.fixture
async def elsewhere(server: Served, tmp_path: Path) -> Sockets:
    """The sockets of another process, to which `server` is the way."""
    return Sockets(server.bus, server.settings, server.key, server.clock, process=INNER)


@pytest.mark.parametrize("eio", [3, 4])
async def test_a_session_of_another_process_is_polled_and_upgraded(
    server: Served, elsewhere: Sockets, tmp_path: Path, eio: int
) -> None:
    inner = Listeners({}, elsewhere, server.settings)
    async with joined(server, inner, tmp_path) as (here, _):
        server.sockets._process, server.sockets._elsewhere = OUTER, here
        (path,) = doors_in(tmp_path, SOCKETS)
        with reachable(path) as short:
            async with (
                aiohttp.ClientSession(connector=aiohttp.UnixConnector(short)) as direct,
                direct.get(f"http://x/socket.io/?EIO={eio}&transport=polling") as answer,
            ):
                sid = json.loads(split_payload(eio, await answer.read())[0][1:])["sid"]
        assert sid.startswith(INNER)
        url = f"{server.url('websocket')}/socket.io/?EIO={eio}&transport=polling&sid={sid}"
        async with aiohttp.ClientSession() as http:
            ask = b'420["test-echo",{"text":"x"}]'
            async with http.post(url, data=join_payload(eio, [b"40", ask] if eio == 4 else [ask])) as answer:
                assert (answer.status, await answer.text()) == (200, "ok")
            async with http.get(url) as answer:
                assert split_payload(eio, await answer.read())
        socket = url.replace("http", "ws").replace("transport=polling", "transport=websocket")
        async with connect(socket, ping_interval=None, compression=None) as upgraded:
            await upgraded.send("2probe")
            assert await upgraded.recv() == "3probe"
            await upgraded.send("5")
            big = "y" * 300_000
            await upgraded.send('421["test-echo",{"text":"' + big + '"}]')
            assert big in str(await upgraded.recv())
        async with aiohttp.ClientSession() as http, http.get(url.replace(INNER, "nobody--")) as answer:
            assert (answer.status, (await answer.json())["code"]) == (400, 1)
