"""Numbers that the process tells Prometheus, in one registry of its own.

Every name gets the prefix `roschat_`. Asking for a metric again gives the same object, so two parts of the program, or
two runs in one test process, need not know of each other. Label values must come from small closed sets (event names,
never contacts).
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.metrics import MetricWrapperBase

PREFIX = "roschat_"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Buckets of a histogram when it names none: half a millisecond to ten seconds."""

M = TypeVar("M", bound=MetricWrapperBase)


class Metrics:
    """The registry of a process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._known: dict[str, MetricWrapperBase] = {}

    def counter(self, name: str, text: str, labels: Sequence[str] = ()) -> Counter:
        """A number that only grows; `_total` is added to its name."""
        return self._metric(Counter, name, lambda full: Counter(full, text, labels, registry=self.registry))

    def gauge(self, name: str, text: str, labels: Sequence[str] = ()) -> Gauge:
        """A number that goes up and down; `set_function` makes it a question asked at every scrape."""
        return self._metric(Gauge, name, lambda full: Gauge(full, text, labels, registry=self.registry))

    def histogram(
        self, name: str, text: str, labels: Sequence[str] = (), buckets: Sequence[float] = SECONDS
    ) -> Histogram:
        """How values are spread; seconds unless other buckets are given."""
        return self._metric(
            Histogram, name, lambda full: Histogram(full, text, labels, buckets=buckets, registry=self.registry)
        )

    def drop(self, metric: MetricWrapperBase) -> None:
        """Forget a metric with its values and callbacks; asked for again it is a new one."""
        name = next((name for name, known in self._known.items() if known is metric), "")
        if name:
            del self._known[name]
            self.registry.unregister(metric)

    def queues(self) -> dict[str, float]:
        """Gauges called `queue_…` or `calls`, without labels, by name: what waits, what goes on."""
        found: dict[str, float] = {}
        for full, metric in self._known.items():
            name = full.removeprefix(PREFIX)
            if isinstance(metric, Gauge) and (name.startswith("queue_") or name == "calls"):
                found[name] = sum(sample.value for one in metric.collect() for sample in one.samples)
        return found

    def text(self) -> bytes:
        """Everything in Prometheus' text format, of type CONTENT_TYPE."""
        return generate_latest(self.registry)

    def _metric(self, kind: type[M], name: str, make: Callable[[str], M]) -> M:
        full = name if name.startswith(PREFIX) else PREFIX + name
        known = self._known.get(full)
        if known is None:
            known = self._known[full] = make(full)
        if type(known) is not kind:
            raise ValueError(f"metric {full} is a {type(known).__name__} and cannot be a {kind.__name__} as well")
        return known
