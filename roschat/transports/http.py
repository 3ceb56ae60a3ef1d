"""A listener for HTTP/1.1 in front of `kernel.http.Routes`.

Its connections are in http_channel.py, their requests in http_exchange.py; here is what holds for all of them: security
headers, proxies that are believed, and the redirect from port 80 to https.
"""

import asyncio
import ipaddress
import re
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IProtocolNegotiationFactory
from twisted.web import http
from zope.interface import implementer  # type: ignore[import-untyped]

from roschat.kernel.errors import NotFound, RoschatError
from roschat.kernel.http import Request, Response, Routes, error_response, json_response
from roschat.transports.http_channel import Channel
from roschat.transports.http_exchange import Upgrades
from roschat.transports.settings import Current, Settings

_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


_TwistedFactory: Any = http.HTTPFactory


@implementer(IProtocolNegotiationFactory)
class Site(_TwistedFactory):  # type: ignore[misc]
    """One listener's routes as a protocol factory. With `redirect` what has no route is sent to that https port.

    `inner`: the peer is another process of ours, which vouches for the client's address.
    """

    noisy = False

    def __init__(
        self,
        routes: Routes,
        current: Current,
        *,
        upgrades: Upgrades | None = None,
        redirect: Callable[[], int] | None = None,
        inner: bool = False,
    ) -> None:
        super().__init__()
        self._inner = inner
        self.routes = routes
        self._current = current
        self.upgrades = upgrades
        self._redirect = redirect
        self.tasks: set[asyncio.Task[None]] = set()
        self.channels: set[Channel] = set()
        self._proxies: tuple[list[str], list[Any]] = ([], [])

    @property
    def settings(self) -> Settings:
        """The settings now."""
        return self._current.value

    def buildProtocol(self, addr: object) -> Any:
        """A channel of ours instead of the one that guesses between HTTP versions."""
        channel: Any = Channel()
        channel.factory = self
        channel.site = self
        channel.timeOut = self.settings.header_time
        channel.callLater = self.reactor.callLater
        self.channels.add(channel)
        return channel

    def acceptableProtocols(self) -> list[bytes]:
        """What TLS may negotiate (ALPN, RFC 7301)."""
        return [b"http/1.1"]

    def startFactory(self) -> None:
        """No access log, hence no clock for it."""

    def stopFactory(self) -> None:
        """Nothing was started."""

    def log(self, request: http.Request) -> None:
        """No access log."""

    async def answer(self, request: Request) -> Response:
        """What the routes answer, or the redirect."""
        if self._redirect is not None:
            try:
                self.routes.find(request.method, request.path)
            except NotFound:
                return _redirected(request, self._redirect())
            except RoschatError as error:
                return error_response(error)
        return await self.routes.answer(request)

    def security(self, secure: bool) -> dict[str, str]:
        """Headers that every response has unless it brings its own."""
        headers = {
            "x-content-type-options": "nosniff",
            "content-security-policy": "frame-ancestors 'self'",
            "referrer-policy": "same-origin",
        }
        seconds = self.settings.hsts_seconds
        if secure and seconds:
            headers["strict-transport-security"] = f"max-age={seconds}"
        return headers

    def origin(self, peer: str, secure: bool, headers: dict[str, str]) -> tuple[str, bool, str]:
        """The client's address, whether it came by https, and the host it asked; a trusted proxy is believed."""
        host = headers.get("host", "")
        if self._inner:
            secure = headers.get("x-forwarded-proto") == "https"
            return headers.get("x-forwarded-for", ""), secure, headers.get("x-forwarded-host", host)
        if not self._trusted(peer):
            return peer, secure, host
        address = peer
        for hop in reversed(headers.get("x-forwarded-for", "").split(",")):
            hop = hop.strip()
            if not _is_address(hop):
                break
            address = hop
            if not self._trusted(hop):
                break
        scheme = headers.get("x-forwarded-proto", "").strip().lower()
        return address, scheme == "https" if scheme else secure, headers.get("x-forwarded-host", host)

    async def close(self, patience: float) -> None:
        """Wait for the responses under way, at most `patience` seconds, then close every connection."""
        if self.tasks:
            _, late = await asyncio.wait(set(self.tasks), timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for channel in list(self.channels):
            channel.transport.abortConnection()

    def _trusted(self, address: str) -> bool:
        names = self.settings.trusted_proxies
        if not names:
            return False
        if self._proxies[0] != names:
            self._proxies = (list(names), [ipaddress.ip_network(name, strict=False) for name in names])
        if not _is_address(address):
            return False
        found = ipaddress.ip_address(address)
        return any(found in network for network in self._proxies[1])


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _redirected(request: Request, port: int) -> Response:
    """The same address by https: 301 for a plain GET, else 308, which keeps the method."""
    host, bracket, _ = request.host.partition("]")
    host = host + bracket if bracket else host.partition(":")[0]
    if not _HOST.fullmatch(host):
        return json_response({"error": "bad-request", "text": "The Host header is malformed."}, 400)
    suffix = "" if port == 443 else f":{port}"
    query = f"?{request.query_string}" if request.query_string else ""
    location = f"https://{host}{suffix}{request.path}{query}"
    return Response(301 if request.method in ("GET", "HEAD") else 308, b"", {"location": location})
