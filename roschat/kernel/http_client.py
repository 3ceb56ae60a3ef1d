"""HTTP requests to other servers: webhooks, connectors, pictures from the web. One request, one answer, held in memory.

What a peer does wrong ends as `PeerFailed` with one sentence: not there, too slow, too much, not HTTP, a certificate
that nobody vouches for. Redirects are not followed and cookies not kept. A name is looked up here and the connection
goes to the very address that was checked, so a peer cannot point a name that passed the check at the inside.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from OpenSSL.SSL import Error as TlsError
from twisted.internet import ssl
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.error import ConnectError, ConnectionLost
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.ssl import Certificate, trustRootFromCertificates
from twisted.python.failure import Failure
from twisted.web.client import URI, Agent, BrowserLikePolicyForHTTPS, ResponseDone
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgentEndpointFactory, IBodyProducer
from zope.interface import implementer  # type: ignore[import-untyped]

from roschat.kernel.aio import to_future
from roschat.kernel.errors import Invalid, Unavailable

_Agent: Any = Agent
_Policy: Any = BrowserLikePolicyForHTTPS
_Failure: Any = Failure
_trust_in: Any = trustRootFromCertificates
_platform: Any = ssl.platformTrust
"""Untyped: half of Twisted has annotations."""

CONNECT = 10.0
"""Seconds to reach a peer."""
TIMEOUT = 30.0
"""Seconds for the whole request when the caller names none."""
LIMIT = 1_048_576
"""Bytes of an answer when the caller names none."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for IPv4 ones (RFC 6052)."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed = Callable[[Address], bool]


class PeerFailed(Unavailable):
    """The other side is away, too slow, too talkative, or does not speak HTTP or TLS as it must."""


class Answer(Struct, frozen=True):
    """What a peer answered; header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes


def anywhere(address: Address) -> bool:
    """Every address that one machine has; not those that are nobody's or belong to the link alone."""
    return not (address.is_unspecified or address.is_multicast or address.is_link_local)


def public(address: Address) -> bool:
    """Addresses of the public Internet alone: nothing of this machine or of a private network."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if address in NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


class HttpClient:
    """See the module docstring. `connect` is in seconds for one address."""

    def __init__(self, *, connect: float = CONNECT) -> None:
        self._connect = connect

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - the whole request, this is what callers set
        limit: int = LIMIT,
        allowed: Allowed = anywhere,
        trust: bytes = b"",
    ) -> Answer:
        """Send one request; the answer of any status.

        `allowed` says which addresses may be spoken to. `trust` is a PEM certificate to believe instead of those that
        the machine believes. Raises Invalid for an address that is none or not allowed, PeerFailed for the rest.
        """
        check_url(url)
        host = urlsplit(url).hostname or ""
        try:
            async with asyncio.timeout(timeout):
                address = await _look_up(host, urlsplit(url).port, allowed)
                return await self._exchange(method, url, dict(headers or {}), body, limit, address, trust)
        except TimeoutError:
            raise PeerFailed(f"{host} did not answer within {timeout:g} s.") from None

    async def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes, limit: int, address: str, trust: bytes
    ) -> Answer:
        host = urlsplit(url).hostname
        agent = _Agent.usingEndpointFactory(_reactor(), _Endpoints(address, self._connect, trust))
        sent = Headers({name: [value] for name, value in {"user-agent": "roschat", **headers}.items()})
        try:
            response: Any = await to_future(
                agent.request(method.encode(), url.encode(), sent, _Once(body) if body else None)
            )
            collected = _Collected(limit)
            response.deliverBody(collected)
            try:
                content = await to_future(collected.whole)
            except asyncio.CancelledError:
                collected.abort()
                raise
        except PeerFailed:
            raise
        except ConnectError as error:
            raise PeerFailed(f"{host} cannot be reached: {error}.") from None
        except Exception as error:  # twisted.web has a family of its own for each way to break a connection
            raise PeerFailed(f"{host} did not answer as HTTP demands: {_reason(error)}.") from None
        names = {name.decode("latin-1").lower(): b", ".join(v).decode("latin-1") for name, v in _headers(response)}
        return Answer(int(response.code), names, content)


def check_url(url: str) -> None:
    """An absolute http or https address without a password in it. Raises Invalid."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not url.isascii() or not url.isprintable() or " " in url:
        raise Invalid(
            f"{url[:100]!r} is not an address like https://host/path; spaces and letters beyond ASCII are %XX."
        )
    if parts.username is not None:
        raise Invalid(f"The address for {parts.hostname} holds a name or password; leave them out.")


async def _look_up(host: str, port: int | None, allowed: Allowed) -> str:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except OSError:
        raise PeerFailed(f"There is no host {host[:100]!r}.") from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    for address in addresses:
        if allowed(ipaddress.ip_address(address)):
            return address
    raise Invalid(f"{host[:100]!r} is at {addresses[0]}, an address that may not be asked from here.")


@implementer(IAgentEndpointFactory)
class _Endpoints:
    """Goes to one address, whatever the name in the URL; the certificate must still be the name's."""

    def __init__(self, address: str, wait: float, trust: bytes) -> None:
        self._address = address
        self._wait = wait
        self._trust = trust

    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:
        kind: Any = TCP6ClientEndpoint if ":" in self._address else TCP4ClientEndpoint
        tcp: IStreamClientEndpoint = kind(_reactor(), self._address, uri.port, timeout=self._wait)
        if uri.scheme != b"https":
            return tcp
        roots = _trust_in([Certificate.loadPEM(self._trust)]) if self._trust else _platform()
        return wrapClientTLS(_Policy(roots).creatorForNetloc(uri.host, uri.port), tcp)


@implementer(IBodyProducer)
class _Once:
    """A body that is in memory."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.length = len(body)

    def startProducing(self, consumer: Any) -> "Deferred[None]":
        consumer.write(self._body)
        done: Deferred[None] = Deferred()
        done.callback(None)
        return done

    def pauseProducing(self) -> None:
        """Everything is written already."""

    def resumeProducing(self) -> None:
        """Everything is written already."""

    def stopProducing(self) -> None:
        """Everything is written already."""


class _Collected(Protocol):
    """The body of an answer up to a limit."""

    def __init__(self, limit: int) -> None:
        self.whole: Deferred[bytes] = Deferred()
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._over = False

    def dataReceived(self, data: bytes) -> None:
        if self._over:
            return
        self._size += len(data)
        self._parts.append(data)
        if self._size > self._limit:
            self._over = True
            self.abort()
            self._fail(PeerFailed(f"The answer has more than {self._limit} bytes."))

    def connectionLost(self, reason: Any = connectionDone) -> None:
        if self.whole.called:
            return
        # PotentialDataLoss: an answer without a length, which ends with its connection.
        if reason.check(ResponseDone, PotentialDataLoss):
            self.whole.callback(b"".join(self._parts))
        else:
            self._fail(PeerFailed("The connection broke in the middle of the answer."))

    def abort(self) -> None:
        """Hang up."""
        transport: Any = self.transport
        hang_up = getattr(transport, "abortConnection", None) or getattr(transport, "loseConnection", None)
        if hang_up is not None:
            hang_up()

    def _fail(self, error: Exception) -> None:
        if not self.whole.called:
            self.whole.errback(_Failure(error))


def _reactor() -> Any:
    # Imported late: whoever starts the program decides which reactor there is.
    from twisted.internet import reactor

    return reactor


def _headers(response: Any) -> list[tuple[bytes, list[bytes]]]:
    return list(response.headers.getAllRawHeaders())


def _reason(error: BaseException) -> str:
    reasons = getattr(error, "reasons", None)
    if reasons:
        error = reasons[0].value
    if isinstance(error, TlsError):
        return "its certificate or its TLS is not good" + (
            f" ({error.args[0][0][2]})" if error.args and error.args[0] else ""
        )
    if isinstance(error, ConnectionLost):
        return "the connection was cut"
    return f"{type(error).__name__} {error}".strip()
