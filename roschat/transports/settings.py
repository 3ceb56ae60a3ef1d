"""Limits and addresses of the transports, live: a change counts from the next use on."""

from typing import Annotated, Protocol

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=1)]
Span = Annotated[float, Meta(gt=0)]


class Settings(Struct, frozen=True):
    """Times in seconds, sizes in bytes."""

    __title__ = ("Connections of clients", "Подключения клиентов")

    max_packet: Annotated[int, Meta(ge=1024)] = 1_048_576
    """Largest WebSocket message and largest posted polling payload."""
    max_unsent: Annotated[int, Meta(ge=65_536)] = 8_388_608
    """A socket whose reader is behind by more than this is closed; the client comes back and asks what changed."""
    sessions_per_address: Count = 10_000
    """Sockets from one address; a whole office may stand behind one."""
    strangers_per_address: Count = 2_000
    """Sockets from one address that have not signed in."""
    sign_in_time: Annotated[float, Meta(ge=10)] = 30.0
    """A socket that has not signed in by then is closed. Bot SDKs sleep 2 s between connecting and start-bot."""
    in_flight: Count = 64
    """Commands of one socket that are worked on at once; beyond that the socket is not read."""
    packets_per_second: Count = 200
    """What one socket may send on average."""
    packets_burst: Count = 2_000
    """What one socket may send at once."""
    faults: Count = 20
    """Payloads that are no JSON or not of the declared form before a socket is closed."""
    ping_interval: Span = 5.0
    """Engine.IO 3: how often clients are told to ping."""
    ping_timeout: Span = 12.0
    """Engine.IO 3: silence of interval and timeout together ends a socket."""
    ping_interval_4: Span = 25.0
    """Engine.IO 4: how often the server pings."""
    ping_timeout_4: Span = 20.0
    """Engine.IO 4: how long the answer may take."""
    compression: bool = False
    """Offer permessage-deflate; it costs about 30 KiB of memory and much of the speed per socket."""
    trusted_proxies: list[str] = []
    """Addresses or networks whose X-Forwarded-For, -Proto and -Host are believed."""
    header_time: Span = 10.0
    """How long the head of a request may take."""
    idle_time: Span = 75.0
    """How long a connection may rest between requests or inside a body."""
    hsts_seconds: Annotated[int, Meta(ge=0)] = 31_536_000
    """Strict-Transport-Security on https; 0 leaves it out."""


class Current(Protocol):
    """Live settings: `kernel.settings.Live[Settings]`, or `Fixed`."""

    @property
    def value(self) -> Settings:
        """The settings now."""


class Fixed:
    """Settings that stay as they are, for tools and tests."""

    def __init__(self, value: Settings | None = None) -> None:
        self.value = value or Settings()
