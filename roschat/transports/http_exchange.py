"""One HTTP request and its response, on twisted.web's `Request`.

The handler starts when the head is complete and reads the body through a `Source`. The response goes out no faster than
the client takes it: this object is the producer of its own body, as Twisted calls that.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from email.utils import formatdate
from pathlib import Path
from typing import Any, Protocol, cast

from twisted.internet.interfaces import IPushProducer
from twisted.web import http
from zope.interface import implementer  # type: ignore[import-untyped]

from roschat.kernel.errors import Invalid
from roschat.kernel.http import Request, Response, error_response
from roschat.transports.http_body import Source, close_chunks, file_chunks, size_of
from roschat.transports.settings import Settings

log = logging.getLogger(__name__)

_TwistedRequest: Any = http.Request


class Upgrades(Protocol):
    """Who takes requests for a WebSocket."""

    def upgrade(self, request: Request) -> Any:
        """The protocol (IProtocol) that takes over the connection, or a Response that refuses."""


class Front(Protocol):
    """What connections ask of their listener."""

    upgrades: Upgrades | None
    tasks: set[asyncio.Task[None]]
    channels: set[Any]

    @property
    def settings(self) -> Settings:
        """The settings now."""

    def answer(self, request: Request) -> Awaitable[Response]:
        """The response to a request; never raises."""

    def security(self, secure: bool) -> dict[str, str]:
        """Headers that every response has unless it brings its own."""

    def origin(self, peer: str, secure: bool, headers: dict[str, str]) -> tuple[str, bool, str]:
        """The client's address, whether it came by https, and the host that it asked."""


@implementer(IPushProducer)
class Exchange(_TwistedRequest):  # type: ignore[misc]
    """One request and its response. The producer of its own response body, as Twisted calls that."""

    channel: Any
    _task: asyncio.Task[None] | None = None
    _drained: asyncio.Future[None] | None = None
    _source: Source | None = None
    _asked: Request | None = None
    whole = False
    """The request's body has come."""

    def parseCookies(self) -> None:
        """Nothing: kernel.http.Request reads cookies when somebody asks."""

    def begin(self, command: bytes, uri: bytes, version: bytes, length: int | None) -> None:
        """The head is complete: find the handler and start it."""
        self.method, self.uri, self.clientproto = command, uri, version
        self.path = uri.partition(b"?")[0]
        request = self._request(length)
        if request is None:
            self._start(error_response(Invalid("The request line or the Host header is malformed.")))
            return
        self._start(self.channel.site.answer(request))

    def upgraded(self) -> Any:
        """The protocol that takes the connection over when this asks for a WebSocket; a refusal is answered here."""
        site = self.channel.site
        wanted = (self.requestHeaders.getRawHeaders(b"upgrade") or [b""])[0]
        if site.upgrades is None or wanted.lower() != b"websocket" or self.method != b"GET":
            return None
        request = self._request(0)
        found = site.upgrades.upgrade(request) if request is not None else error_response(Invalid("Malformed request."))
        if not isinstance(found, Response):
            return found
        self._start(found)
        return None

    def handleContentChunk(self, data: bytes) -> None:
        """A part of the body came."""
        if self._source is not None and not self.finished:
            self._source.put(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """The body is complete."""
        self.whole = True
        if self._source is not None:
            self._source.end()

    def connectionLost(self, reason: Any) -> None:
        """The client is gone. A GET, or what waits for news, loses its handler too; others finish what they began."""
        if self._source is not None:
            self._source.lose()
        self.stopProducing()
        super().connectionLost(reason)
        if self._task is not None and self._asked is not None and self._asked.ends_with_client:
            self._task.cancel()

    # Producer of the response body: the transport says when its buffer is full.

    def pauseProducing(self) -> None:
        """Write no more until `resumeProducing`."""
        if self._drained is None:
            self._drained = asyncio.get_running_loop().create_future()

    def resumeProducing(self) -> None:
        """Write on."""
        if self._drained is not None:
            self._drained.set_result(None)
            self._drained = None

    def stopProducing(self) -> None:
        """The consumer is gone; whoever waits finds out."""
        self.resumeProducing()

    def _request(self, length: int | None) -> Request | None:
        site = self.channel.site
        headers: dict[str, str] = {}
        for name, values in self.requestHeaders.getAllRawHeaders():
            headers[name.decode("latin-1").lower()] = (
                (b"; " if name == b"Cookie" else b", ").join(values).decode("latin-1")
            )
        target = self.uri.decode("latin-1")
        if "://" in target[:8]:
            target = "/" + target.split("://", 1)[1].partition("/")[2]
        if not target.startswith("/"):
            return None
        path, _, query = target.partition("?")
        peer = getattr(self.client, "host", "")
        address, secure, host = site.origin(peer, self.channel.isSecure(), headers)
        source: Any = b""
        if length != 0:
            transport = self.channel.transport
            self._source = source = Source(transport.pauseProducing, transport.resumeProducing, self._continue)
        self._asked = Request(
            self.method.decode("latin-1"),
            path,
            query=query,
            headers=headers,
            source=source,
            address=address,
            secure=secure,
            host=host,
        )
        return self._asked

    def _continue(self) -> None:
        """The handler wants the body: invite a client that waits for that (RFC 9110 section 10.1.1)."""
        expect = self.requestHeaders.getRawHeaders(b"expect")
        if (
            expect
            and expect[0].lower() == b"100-continue"
            and self.clientproto == b"HTTP/1.1"
            and not self.startedWriting
        ):
            self.channel.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _start(self, answer: "Response | Any") -> None:
        self._task = asyncio.create_task(self._respond(answer))
        self.channel.site.tasks.add(self._task)
        self._task.add_done_callback(self.channel.site.tasks.discard)

    async def _respond(self, answer: "Response | Any") -> None:
        """Write the response. Never raises."""
        try:
            response = answer if isinstance(answer, Response) else await answer
            if self._disconnected:
                if isinstance(response.body, AsyncIterator):
                    await close_chunks(response.body)
                return
            await self._write_response(response)
            if not self._disconnected:
                self.finish()
        except TimeoutError:
            self._break_off()
        except Exception:
            log.exception("the answer to %s %s broke off", self.method, self.path)
            self._break_off()

    def _break_off(self) -> None:
        """End the connection: the client must not take half of a response for the whole."""
        if not self._disconnected:
            self.channel.persistent = False
            self.channel.transport.abortConnection()

    async def _write_response(self, response: Response) -> None:
        size = size_of(response)
        self.setResponseCode(response.status)
        for name, value in {**self.channel.site.security(self.channel.isSecure()), **response.headers}.items():
            if value:
                self.responseHeaders.setRawHeaders(name, [value])
        self.responseHeaders.setRawHeaders("date", [formatdate(usegmt=True)])
        for cookie in response.cookies:
            self.responseHeaders.addRawHeader("set-cookie", cookie)
        if size is not None and response.status not in http.NO_BODY_CODES:
            self.responseHeaders.setRawHeaders("content-length", [str(size)])
        if not self.whole:
            self.channel.persistent = False
        if not self.channel.persistent:
            self.responseHeaders.setRawHeaders("connection", ["close"])
        body = response.body
        if self.method == b"HEAD" or response.status in http.NO_BODY_CODES:
            self.write(b"")
            if isinstance(body, AsyncIterator):
                await close_chunks(body)
            return
        if isinstance(body, bytes):
            self.write(body)
            return
        self.registerProducer(self, True)
        try:
            await self._stream(file_chunks(body, response.start, cast(int, size)) if isinstance(body, Path) else body)
        finally:
            if not self._disconnected:
                self.unregisterProducer()

    async def _stream(self, chunks: AsyncIterator[bytes]) -> None:
        try:
            async for chunk in chunks:
                if self._disconnected:
                    return
                self.write(chunk)
                if self._drained is not None:
                    async with asyncio.timeout(self.channel.site.settings.idle_time):
                        await self._drained
        finally:
            await close_chunks(chunks)
