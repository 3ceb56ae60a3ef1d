import asyncio
import json

import pytest

from roschat.kernel import health
from roschat.kernel.errors import Unavailable
from roschat.kernel.health import Parts, failed, health_handler, metrics_handler, said, said_later
from roschat.kernel.http import Request
from roschat.kernel.metrics import Metrics
from roschat.kernel.service import Health, State


async def _fine() -> Health:
    return Health()


async def _tired() -> Health:
    return Health(State.DEGRADED, "The disk is nearly full.")


async def test_all_well_is_200() -> None:
    parts = Parts(Metrics())
    parts.add("one", _fine)
    parts.add("two", said(lambda: ""))
    response = await health_handler(parts)(Request("GET", "/health"))
    assert response.status == 200
    assert isinstance(response.body, bytes)
    assert json.loads(response.body)["state"] == "ok"


async def test_a_needed_part_that_failed_is_503_with_its_reason() -> None:
    async def away() -> str:
        return "The database is away."

    parts = Parts(Metrics())
    parts.add("database", said_later(away))
    parts.add("one", _tired)
    response = await health_handler(parts)(Request("GET", "/health"))
    assert response.status == 503
    report = await parts.report()
    assert report.state is State.FAILED
    assert report.text == "database: The database is away. one: The disk is nearly full."


async def test_a_part_that_can_be_missed_only_degrades() -> None:
    parts = Parts(Metrics())
    parts.add("one", _fine)
    parts.add("extra", failed("It did not start."), required=False)
    report = await parts.report()
    assert report.state is State.DEGRADED
    assert report.parts["extra"].state is State.FAILED


async def test_silence_errors_and_defects_are_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LIMIT", 0.02)

    async def silent() -> Health:
        await asyncio.Event().wait()
        raise AssertionError

    async def away() -> Health:
        raise Unavailable("The store is away.")

    async def broken() -> Health:
        raise ZeroDivisionError

    parts = Parts(Metrics())
    for name, question in {"silent": silent, "away": away, "broken": broken}.items():
        parts.add(name, question)
    report = await parts.report()
    assert {part.state for part in report.parts.values()} == {State.FAILED}
    assert "no answer" in report.parts["silent"].text
    assert report.parts["away"].text == "The store is away."


async def test_states_are_metrics_too() -> None:
    metrics = Metrics()
    parts = Parts(metrics)
    parts.add("one", _tired)
    await parts.report()
    response = await metrics_handler(metrics)(Request("GET", "/metrics"))
    assert isinstance(response.body, bytes)
    assert b'roschat_health{part="one"} 1.0' in response.body


def test_a_metric_asked_for_twice_is_the_same_and_of_one_kind() -> None:
    metrics = Metrics()
    counter = metrics.counter("things", "Things", ["kind"])
    assert metrics.counter("roschat_things", "Things", ["kind"]) is counter
    counter.labels("a").inc()
    assert b'roschat_things_total{kind="a"} 1.0' in metrics.text()
    with pytest.raises(ValueError, match="roschat_things"):
        metrics.gauge("things", "Things")
