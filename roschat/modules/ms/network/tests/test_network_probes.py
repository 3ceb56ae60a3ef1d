"""The looks of the network monitor at other sides that are there, stopped, slow, or speak nonsense."""

import asyncio
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from roschat.kernel.clock import Clock, ManualClock
from roschat.kernel.options import Option
from roschat.modules.ms.network import sntp
from roschat.modules.ms.network.api import CheckKind
from roschat.modules.ms.network.probes import Prober
from roschat.modules.ms.network.targets import Target, targets


@asynccontextmanager
async def other_side(answer: bytes, *, waits: bool = False) -> AsyncIterator[int]:
    """A TCP server that says something (or nothing, when it `waits`) and hangs up; its port."""
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if waits:
            await done.wait()
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    done.set()
    server.close()
    await server.wait_closed()


@contextmanager
def time_server(answer: Callable[[bytes], bytes | None]) -> Iterator[int]:
    """A UDP server that answers each datagram; its port."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))
    line.settimeout(10)

    def serve() -> None:
        asked, address = line.recvfrom(512)
        if asked and (said := answer(asked)) is not None:
            line.sendto(said, address)

    thread = threading.Thread(target=serve)
    thread.start()
    yield line.getsockname()[1]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waking:
        waking.sendto(b"", line.getsockname())
    thread.join()
    line.close()


def said(now: float, *, first: int = 0x24, stratum: int = 2, origin: bytes | None = None) -> Callable[[bytes], bytes]:
    def answer(asked: bytes) -> bytes:
        stamp = struct.pack("!Q", int((now + sntp.EPOCH) * 2**32))
        return (
            struct.pack("!BBbbII4s", first, stratum, 0, 0, 0, 0, b"RATE") + stamp + (origin or asked[40:48]) + stamp * 2
        )

    return answer


async def test_a_host_that_is_there_is_reached() -> None:
    async with other_side(b"220 hello\r\n") as port:
        found = await Prober(Clock()).host(Target("mail.host", "127.0.0.1", port))
    assert (found.kind, found.state, found.fix) == (CheckKind.HOST, "ok", "/settings/mail")
    assert found.target == f"127.0.0.1:{port}"


async def test_a_stopped_host_is_refused() -> None:
    async with other_side(b"") as port:
        pass
    found = await Prober(Clock()).host(Target("mail.host", "127.0.0.1", port))
    assert found.state == "failed"
    assert "Nobody listens there" in found.text
    assert "Никто не слушает" in found.text_ru


async def test_a_host_that_says_nothing_where_tls_is_wanted_is_given_up() -> None:
    async with other_side(b"", waits=True) as port:
        found = await Prober(Clock(), limit=0.2).host(Target("push.url", "127.0.0.1", port, tls=True))
    assert found.state == "failed"
    assert "No answer in time" in found.text
    assert found.duration < 5


async def test_nonsense_where_tls_is_wanted_is_said() -> None:
    async with other_side(b"this is no handshake\r\n" * 20) as port:
        found = await Prober(Clock()).host(Target("push.url", "127.0.0.1", port, tls=True))
    assert found.state == "failed"
    assert "TLS" in found.text


async def test_one_of_our_ports_behind_a_proxy_answers_without_tls() -> None:
    async with other_side(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        (found,) = await Prober(Clock()).listener("https", f"0.0.0.0:{port}", tls=True, days=20)
    assert found.state == "ok"
    assert "without TLS" in found.text


async def test_a_name_that_nobody_knows() -> None:
    found = await Prober(Clock()).name(Target("mail.host", "no-such-host.invalid", 25))
    assert found.state == "failed"
    assert "DNS" in found.text_ru


@pytest.mark.parametrize(("ahead", "state"), [(0.0, "ok"), (90.0, "degraded"), (-90.0, "degraded")])
async def test_the_clock_is_compared(ahead: float, state: str) -> None:
    clock = ManualClock()
    with time_server(said(clock.now() + ahead)) as port:
        found = await Prober(clock).time(f"127.0.0.1:{port}", most=2.0)
    assert found.state == state
    assert f"{ahead:+.3f}" in found.text or ahead == 0


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda asked: b"short", "5 bytes"),
        (said(0, origin=b"12345678"), "not one to our question"),
        (said(0, stratum=0), "RATE"),
        (said(0, stratum=16), "does not know the time"),
        (said(0, first=0xE4), "does not know the time"),
        (said(0, first=0x23), "not one to our question"),
    ],
)
async def test_a_time_server_that_answers_nonsense_is_not_believed(answer: Callable[[bytes], bytes], text: str) -> None:
    with time_server(answer) as port:
        found = await Prober(Clock()).time(f"127.0.0.1:{port}", most=2.0)
    assert found.state == "failed"
    assert text in found.text


async def test_a_time_server_that_is_silent_is_given_up() -> None:
    with time_server(lambda asked: None) as port:
        found = await Prober(Clock(), limit=0.2).time(f"127.0.0.1:{port}", most=2.0)
    assert found.state == "failed"
    assert "No answer in time" in found.text


def test_targets_are_found_in_the_settings_of_anybody() -> None:
    sections = {
        "mail": (
            Option("on", "yes-no"), Option("host", "text", format="host"), Option("port", "integer", format="port"),
        ),
        "push": (Option("address", "text", format="url"), Option("old", "text", format="url")),
        "connection": (
            Option("address", "text", format="host"),
            Option("http", "integer", format="port"), Option("https", "integer", format="port"),
        ),
        "off": (Option("enabled", "yes-no"), Option("host", "text", format="host")),
        "hidden": (Option("address", "text", format="url", secret=True),),
    }  # fmt: skip
    values: dict[str, dict[str, object]] = {
        "mail": {"on": True, "host": "mail.example.org", "port": 465},
        "push": {"address": "https://push.example.org/x", "old": ""},
        "connection": {"address": "10.0.0.5", "http": 80, "https": 443},
        "off": {"enabled": False, "host": "off.example.org"},
        "hidden": {"address": "https://user:psw@example.org"},
    }
    found = targets(sections, values, ["localhost:99"])
    assert found == [
        Target("connection.address", "10.0.0.5"),
        Target("mail.host", "mail.example.org", 465),
        Target("push.address", "push.example.org", 443, tls=True),
        Target("localhost:99", "localhost", 99),
    ]
    assert [one.named for one in found] == [False, True, True, False]
