"""The single looks: a port, a certificate, a name, the time. Each ends within its timeout and says in plain words."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC

from cryptography import x509

from roschat.kernel.clock import Clock
from roschat.kernel.errors import RoschatError
from roschat.modules.ms.network import sntp
from roschat.modules.ms.network.api import CheckKind, NetworkCheck
from roschat.modules.ms.network.targets import Target

TIMEOUT = 5.0
SLOW = 2.0
"""Seconds from which an answer is slow."""
DAY = 86_400

Said = tuple[str, str, str]
"""State, text in English, text in Russian."""


class Prober:
    """Looks at one thing after the other; `limit` seconds each."""

    def __init__(self, clock: Clock, limit: float = TIMEOUT) -> None:
        self._clock = clock
        self._limit = limit

    async def listener(self, name: str, address: str, *, tls: bool, days: int) -> list[NetworkCheck]:
        """One of our own ports, really connected to; of a TLS one the certificate as well."""
        host, _, port = address.rpartition(":")
        host = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))
        found: list[NetworkCheck] = []
        certificate: list[bytes] = []

        async def look() -> Said:
            try:
                certificate.append(await self._greet(host, int(port), tls=tls))
            except ssl.SSLError:
                # Behind a proxy that does TLS a listener is plain.
                await self._greet(host, int(port), tls=False)
                return "ok", "It answers, without TLS.", "Отвечает без TLS."
            return "ok", "It answers.", "Отвечает."

        name = f"{name} {address}"
        found.append(await self._timed(CheckKind.LISTENER, name, address, "/settings/web-server", look))
        if certificate and certificate[0]:
            found.append(await self._certificate(name, address, certificate[0], days))
        return found

    async def host(self, target: Target) -> NetworkCheck:
        """Whether the other side takes a connection (and speaks TLS, when the address says so)."""

        async def look() -> Said:
            await self._greet(target.host, target.port, tls=target.tls)
            return "ok", "It can be reached.", "Доступен."

        where = f"{target.host}:{target.port}"
        return await self._timed(CheckKind.HOST, target.name, where, _page(target.name), look)

    async def name(self, target: Target) -> NetworkCheck:
        """Which addresses DNS knows for a name."""

        async def look() -> Said:
            async with asyncio.timeout(self._limit):
                found = await asyncio.to_thread(socket.getaddrinfo, target.host, None, type=socket.SOCK_STREAM)
            addresses = ", ".join(dict.fromkeys(str(one[4][0]) for one in found))
            return "ok", addresses, addresses

        return await self._timed(CheckKind.DNS, target.name, target.host, _page(target.name), look)

    async def time(self, server: str, most: float) -> NetworkCheck:
        """By how much our clock is off; `most` seconds are let pass."""
        host, _, port = server.partition(":")

        async def look() -> Said:
            found = await asyncio.to_thread(sntp.ask, host, int(port or 123), self._clock.now, min(self._limit, 3.0))
            off = f"{found.offset:+.3f}"
            if abs(found.offset) <= most:
                return "ok", f"The clock differs by {off} s.", f"Отклонение часов {off} с."
            return (
                "degraded",
                f"The clock of this machine is off by {off} s; let it follow a time server.",
                f"Часы сервера отклоняются на {off} с; включите синхронизацию времени.",
            )

        return await self._timed(CheckKind.TIME, server, server, "", look)

    async def _certificate(self, name: str, address: str, der: bytes, days: int) -> NetworkCheck:
        async def look() -> Said:
            ends = x509.load_der_x509_certificate(der).not_valid_after_utc
            left = (ends.timestamp() - self._clock.now()) / DAY
            date = f"{ends.astimezone(UTC):%Y-%m-%d}"
            if left < 0:
                return "failed", f"It ended on {date}; install another.", f"Истёк {date}; установите новый."
            if left < days:
                return (
                    "degraded",
                    f"It ends on {date}, in {left:.0f} days; install another.",
                    f"Истекает {date}, через {left:.0f} дн.; установите новый.",
                )
            return "ok", f"Valid until {date}.", f"Действует до {date}."

        return await self._timed(CheckKind.CERTIFICATE, name, address, "/settings/web-server", look)

    async def _greet(self, host: str, port: int, *, tls: bool) -> bytes:
        """Connect and hang up; the certificate of the other side, if it has one."""
        context = _trusting() if tls else None
        async with asyncio.timeout(self._limit):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
        try:
            session = writer.get_extra_info("ssl_object")
            der = session.getpeercert(binary_form=True) if session is not None else None
            return der or b""
        finally:
            writer.close()
            # The other side may not say goodbye properly; it was there, which is all we asked.
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    async def _timed(
        self, kind: CheckKind, name: str, target: str, fix: str, look: Callable[[], Awaitable[Said]]
    ) -> NetworkCheck:
        began = self._clock.monotonic()
        try:
            state, text, text_ru = await look()
        except (OSError, RoschatError, ValueError, EOFError) as error:
            state, (text, text_ru) = "failed", cause(error)
        duration = self._clock.monotonic() - began
        if state == "ok" and duration > SLOW:
            state, text = "degraded", f"{text} But it took {duration:.1f} s."
            text_ru = f"{text_ru} Но ответ занял {duration:.1f} с."
        return NetworkCheck(kind, name, target, state, text, text_ru, fix, self._clock.now(), round(duration, 4))


def cause(error: Exception) -> tuple[str, str]:
    """Why something could not be reached, in English and Russian."""
    if isinstance(error, TimeoutError):
        return "No answer in time; is a firewall between?", "Нет ответа; возможно, мешает межсетевой экран."
    if isinstance(error, ConnectionRefusedError):
        return "Nobody listens there: the program is stopped, or the port is another.", (
            "Никто не слушает: программа остановлена или порт другой."
        )
    if isinstance(error, socket.gaierror):
        return "DNS does not know this name.", "DNS не знает такого имени."
    if isinstance(error, ssl.SSLError):
        return "It answers, but does not speak TLS.", "Отвечает, но не по TLS."
    if isinstance(error, ConnectionResetError | EOFError):
        return "The other side hung up at once.", "Другая сторона сразу разорвала соединение."
    if isinstance(error, RoschatError):
        return error.text, f"Ответ не похож на ответ сервера времени ({error.text})"
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"It cannot be reached ({reason}).", f"Недоступен ({reason})."


def _trusting() -> ssl.SSLContext:
    """Whether a certificate is trusted is not asked here: only that the other side is there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _page(name: str) -> str:
    """The console's page of the setting that names an address."""
    section, dot, _ = name.partition(".")
    return f"/settings/{section}" if dot and ":" not in name else "/maintenance/network"
