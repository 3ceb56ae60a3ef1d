"""What the network monitor looks at beside the settings of others."""

from typing import Annotated

import msgspec
from msgspec import Struct

from roschat.kernel.formats import is_host
from roschat.kernel.options import option


class Settings(Struct, frozen=True):
    """Section `network`."""

    __title__ = ("Network monitor", "Сетевой монитор")

    every: Annotated[int, option("Look every, minutes", "Проверять каждые, минут", ge=1, le=1440)] = 5
    time_servers: Annotated[
        list[str],
        option(
            "Time servers (NTP)",
            "Серверы времени (NTP)",
            description="The clock is compared with them; with none it is not compared.",
            description_ru="С ними сверяются часы сервера; если список пуст, часы не сверяются.",
        ),
    ] = msgspec.field(default_factory=list)
    offset: Annotated[
        float, option("Warn when the clock is off by, s", "Предупреждать при отклонении часов, с", gt=0, le=3600)
    ] = 2.0
    certificate_days: Annotated[
        int,
        option("Warn when a certificate ends within, days", "Предупреждать об окончании сертификата за, дней", ge=1),
    ] = 21
    hosts: Annotated[
        list[str],
        option(
            "More addresses to reach, host:port",
            "Дополнительные адреса, хост:порт",
            description="Besides those that other settings name.",
            description_ru="Кроме тех, что заданы в других настройках.",
        ),
    ] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        """Servers are hosts, with a port where one is needed."""
        for server in self.time_servers:
            host, colon, port = server.partition(":")
            if not _host(host) or (colon and not _port(port)):
                raise ValueError(f"{server!r} is no time server; name it HOST or HOST:PORT")
        for address in self.hosts:
            host, _, port = address.rpartition(":")
            if not _host(host) or not _port(port):
                raise ValueError(f"{address!r} is no address; write it as HOST:PORT")


def _host(host: str) -> bool:
    return is_host(host) or host == "localhost"


def _port(port: str) -> bool:
    return port.isascii() and port.isdigit() and 0 < int(port) < 65536
