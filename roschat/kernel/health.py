"""How the program is: every part is asked, at most a second each, and the worst answer is the whole program's.

A part that is needed and failed makes the program *failed* (503 at /health, so that a balancer goes elsewhere);
anything else that is not well makes it *degraded*. The text says in one line which part has what.
"""

import asyncio
import ipaddress
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from msgspec import Struct

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Denied, Invalid, RoschatError, Unavailable
from roschat.kernel.formats import is_network
from roschat.kernel.http import Handler, Request, Response, json_response
from roschat.kernel.metrics import CONTENT_TYPE, Metrics
from roschat.kernel.options import option
from roschat.kernel.service import Health, State
from roschat.kernel.settings import Live
from roschat.wire.declare import CONSOLE, declared
from roschat.wire.rest import COOKIE

log = logging.getLogger(__name__)

LIMIT = 1.0
"""Seconds that a part has to answer."""
ORDER = (State.OK, State.DEGRADED, State.FAILED)

Question = Callable[[], Awaitable[Health]]


class Settings(Struct, frozen=True):
    """Section `health`."""

    __title__ = ("Health checks", "Проверки состояния")

    networks: Annotated[
        list[str],
        option(
            "Networks that may read /health and /metrics",
            "Сети, которым доступны /health и /metrics",
            description="Addresses or networks; others need an API key or a console session.",
            description_ru="Адреса или сети; остальным нужен ключ API или вход в консоль.",
        ),
    ] = msgspec.field(default_factory=lambda: ["127.0.0.0/8", "::1"])

    def __post_init__(self) -> None:
        """Every entry is an address or a network."""
        for network in self.networks:
            if not is_network(network):
                raise ValueError(f"{network!r} is no address or network such as 10.0.0.0/8")

    def allow(self, address: str) -> bool:
        """Whether an address belongs to the networks."""
        try:
            host = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(host, ipaddress.IPv6Address) and host.ipv4_mapped is not None:
            host = host.ipv4_mapped
        return any(host in ipaddress.ip_network(network, strict=False) for network in self.networks)


class Report(Struct, frozen=True):
    """The whole program and its parts by name."""

    state: State
    text: str
    parts: dict[str, Health]


class Parts:
    """The parts that are asked."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self._parts: dict[str, tuple[Question, bool]] = {}
        self._gauge = metrics.gauge("health", "State of a part: 0 ok, 1 degraded, 2 failed", ["part"])

    def add(self, name: str, question: Question, *, required: bool = True) -> None:
        """Ask this part too. When it is not `required`, its failure only degrades the program."""
        self._parts[name] = (question, required)

    def required(self, name: str) -> bool:
        """Whether the program cannot do without a part."""
        return self._parts[name][1]

    async def report(self) -> Report:
        """Ask all parts at once."""
        answers = await asyncio.gather(*(_ask(name, question) for name, (question, _) in self._parts.items()))
        parts = dict(zip(self._parts, answers, strict=True))
        worst = State.OK
        for name, health in parts.items():
            self._gauge.labels(name).set(ORDER.index(health.state))
            limit = State.FAILED if self._parts[name][1] else State.DEGRADED
            worst = max(worst, min(health.state, limit, key=ORDER.index), key=ORDER.index)
        text = " ".join(f"{name}: {health.text}" for name, health in parts.items() if health.state is not State.OK)
        return Report(worst, text, parts)


def failed(text: str) -> Question:
    """A part that is gone for good, with the reason."""

    async def ask() -> Health:
        return Health(State.FAILED, text)

    return ask


def said(question: Callable[[], str]) -> Question:
    """A question to a part that answers at once with an empty text or a sentence about its failure."""

    async def ask() -> Health:
        text = question()
        return Health(State.FAILED, text) if text else Health()

    return ask


def said_later(question: Callable[[], Awaitable[str]]) -> Question:
    """The same of a part that has to look first."""

    async def ask() -> Health:
        text = await question()
        return Health(State.FAILED, text) if text else Health()

    return ask


def health_handler(parts: Parts, *, public: bool = False) -> Handler:
    """GET /health: the report as JSON, with 200, or 503 when failed.

    What is wrong with which part names folders and versions; the `public` only learns the state of the whole.
    """

    async def health(request: Request) -> Response:
        report = await parts.report()
        return json_response(
            {"state": report.state} if public else report, 503 if report.state is State.FAILED else 200
        )

    return health


def metrics_handler(metrics: Metrics) -> Handler:
    """GET /metrics: all numbers in Prometheus' format."""

    async def numbers(request: Request) -> Response:
        return Response(200, metrics.text(), {"content-type": CONTENT_TYPE, "cache-control": "no-store"})

    return numbers


def watched(handler: Handler, settings: Live[Settings], bus: Bus) -> Handler:
    """A handler for addresses that the settings name, and for those who show a console session or an API key."""

    async def guarded(request: Request) -> Response:
        if not settings.value.allow(request.address):
            await _authenticate(request, bus)
        return await handler(request)

    return guarded


async def _authenticate(request: Request, bus: Bus) -> None:
    """Ask the module that knows console users. Raises its refusal, or Denied when there is none."""
    refusal = f"{request.address} may not read {request.path}; add it to the setting health.networks, or sign in."
    declaration = declared("authenticate-console")
    if declaration is None:
        raise Denied(refusal)
    cookie = request.cookies.get(COOKIE, "")
    authorization = request.headers.get("authorization", "")
    if not cookie and not authorization:
        raise Denied(refusal)
    question = {
        "cookie": cookie,
        "authorization": authorization,
        "address": request.address,
        "access": sorted(CONSOLE),
        "tag": "monitor",
    }
    try:
        await bus.call(declaration.decode(msgspec.json.encode(question)))
    except (Invalid, Unavailable):
        raise Denied(refusal) from None


async def _ask(name: str, question: Question) -> Health:
    try:
        async with asyncio.timeout(LIMIT):
            return await question()
    except TimeoutError:
        return Health(State.FAILED, f"no answer within {LIMIT:g} s; see the log and the load of the machine.")
    except RoschatError as error:
        return Health(State.FAILED, error.text)
    except Exception:
        log.exception("the health of %s could not be asked", name)
        return Health(State.FAILED, "its health check fails; the log has the cause.")
