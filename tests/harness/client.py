"""A small Socket.IO client for tests: one WebSocket, either generation of the protocol, no reconnecting.

    async with Client(url) as alice:
        await alice.call("login", {"login": "alice", "password": "…"})
        message = await alice.next("message-event", cid=7)

Pings are answered by a task in the background; everything else waits in `events` until somebody asks for it.
"""

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping
from typing import Any, Self

import websockets
from websockets.asyncio.client import ClientConnection, connect

WAIT = 10.0
"""Seconds after which a test that waits has failed."""


def trust_anything() -> ssl.SSLContext:
    """TLS with a server whose certificate was made a moment ago."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Client:
    """See the module docstring. `url` is http(s)://host:port of a listener with sockets; `eio` is 3 or 4."""

    def __init__(self, url: str, eio: int = 4, headers: Mapping[str, str] | None = None) -> None:
        self._url = url.replace("http", "ws", 1).rstrip("/") + f"/socket.io/?EIO={eio}&transport=websocket"
        self._eio = eio
        self._headers = dict(headers or {})
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._last_ack = 0
        self._changed = asyncio.Condition()
        self.sid = ""
        self.handshake: dict[str, Any] = {}
        self.events: list[tuple[str, Any]] = []
        """Events that came and nobody has taken yet, in their order."""
        self.closed = asyncio.Event()
        self.close_code: int | None = None
        self.disconnected = False
        """The server said that we shall not come back."""

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def connect(self) -> Self:
        """Open the socket and the namespace `/`."""
        secure = trust_anything() if self._url.startswith("wss") else None
        self._socket = await connect(
            self._url, ssl=secure, max_size=None, compression=None, additional_headers=self._headers, ping_interval=None
        )
        opened = await self.receive()
        assert opened[0] == "0", opened
        self.handshake = json.loads(opened[1:])
        self.sid = self.handshake["sid"]
        if self._eio == 4:
            await self._socket.send("40")
        connected = await self.receive()
        assert connected.startswith("40"), connected
        self._reader = asyncio.create_task(self._read())
        return self

    async def call(self, event: str, payload: Any = None, timeout: float = WAIT) -> Any:  # noqa: ASYNC109
        """Emit with an ack id; the one argument of the ack."""
        return await asyncio.wait_for(await self.send(event, payload), timeout)

    async def send(self, event: str, payload: Any = None) -> asyncio.Future[Any]:
        """Emit with an ack id without waiting; the future of the ack."""
        self._last_ack += 1
        future = self._acks[self._last_ack] = asyncio.get_running_loop().create_future()
        await self.raw(f"42{self._last_ack}{_dumps([event, payload])}")
        return future

    async def emit(self, event: str, *payload: Any) -> None:
        """Emit without an ack id; without a payload when none is given."""
        await self.raw("42" + _dumps([event, *payload]))

    async def raw(self, packet: str | bytes) -> None:
        """Send an Engine.IO packet as it is."""
        assert self._socket is not None
        await self._socket.send(packet)

    async def next(self, event: str, timeout: float = WAIT, **match: Any) -> Any:  # noqa: ASYNC109
        """The payload of the first event of this name whose fields are as given, taken out of `events`."""

        def found() -> int | None:
            for index, (name, payload) in enumerate(self.events):
                if name == event and all(payload.get(key) == value for key, value in match.items()):
                    return index
            return None

        try:
            async with asyncio.timeout(timeout), self._changed:
                await self._changed.wait_for(lambda: found() is not None or self.closed.is_set())
        except TimeoutError:
            raise AssertionError(f"no {event} {match} came; there is {self.events}") from None
        index = found()
        assert index is not None, f"the socket closed before {event} {match}; there is {self.events}"
        return self.events.pop(index)[1]

    async def wait_closed(self, timeout: float = WAIT) -> int | None:  # noqa: ASYNC109
        """Wait until the server has closed; the close code."""
        await asyncio.wait_for(self.closed.wait(), timeout)
        return self.close_code

    async def stop_reading(self) -> None:
        """Leave what comes to `receive`."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.wait([self._reader])
            self._reader = None

    async def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader
            self._reader = None

    async def receive(self) -> str:
        """The next Engine.IO packet, before `connect` or after `stop_reading`."""
        assert self._socket is not None
        packet = await asyncio.wait_for(self._socket.recv(), WAIT)
        assert isinstance(packet, str)
        return packet

    async def _read(self) -> None:
        assert self._socket is not None
        try:
            async for packet in self._socket:
                assert isinstance(packet, str)
                await self._take(packet)
        except websockets.ConnectionClosedError:
            pass
        finally:
            self.close_code = self._socket.close_code
            self.closed.set()
            async with self._changed:
                self._changed.notify_all()
            for future in self._acks.values():
                if not future.done():
                    future.set_exception(ConnectionError(f"closed with {self.close_code}"))
                    future.exception()

    async def _take(self, packet: str) -> None:
        if packet == "2":
            await self.raw("3")
        elif packet.startswith("41"):
            self.disconnected = True
        elif packet.startswith("43"):
            head, _, arguments = packet[2:].partition("[")
            values = json.loads("[" + arguments)
            assert len(values) == 1, f"an ack must have exactly one argument: {packet}"
            assert isinstance(values[0], dict | list), f"an ack must be an object or an array: {packet}"
            future = self._acks.pop(int(head))
            if not future.done():
                future.set_result(values[0])
        elif packet.startswith("42"):
            name, *payload = json.loads(packet[2:])
            async with self._changed:
                self.events.append((name, payload[0] if payload else None))
                self._changed.notify_all()


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def until(condition: Callable[[], object], timeout: float = WAIT) -> None:  # noqa: ASYNC109
    """Let the loop turn until the condition holds."""
    try:
        async with asyncio.timeout(timeout):
            while not condition():  # noqa: ASYNC110 - the condition is a plain look at some state
                await asyncio.sleep(0)
    except TimeoutError:
        raise AssertionError("what was waited for did not happen") from None
