"""How the program is: every part is asked, at most a second each, and the worst answer is the whole program's.

A part that is needed and failed makes the program *failed* (503 at /health, so that a balancer goes elsewhere);
anything else that is not well makes it *degraded*. The text says in one line which part has what.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from msgspec import Struct

from roschat.kernel.errors import RoschatError
from roschat.kernel.http import Handler, Request, Response, json_response
from roschat.kernel.metrics import CONTENT_TYPE, Metrics
from roschat.kernel.service import Health, State

log = logging.getLogger(__name__)

LIMIT = 1.0
"""Seconds that a part has to answer."""
ORDER = (State.OK, State.DEGRADED, State.FAILED)

Question = Callable[[], Awaitable[Health]]


class Report(Struct, frozen=True):
    """The whole program and its parts by name."""

    state: State
    text: str
    parts: dict[str, Health]


class Parts:
    """The parts that are asked."""

    def __init__(self, metrics: Metrics) -> None:
        self._parts: dict[str, tuple[Question, bool]] = {}
        self._gauge = metrics.gauge("health", "State of a part: 0 ok, 1 degraded, 2 failed", ["part"])

    def add(self, name: str, question: Question, *, required: bool = True) -> None:
        """Ask this part too. When it is not `required`, its failure only degrades the program."""
        self._parts[name] = (question, required)

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
