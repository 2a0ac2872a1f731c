"""Figures for an operator's Prometheus. Each one's help is the question it answers; docs/operating.md has the alerts.

Labels are names of our own code and schema or a brand's name, so their number is bounded; nothing personal is in them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shuke.kit import db

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
MOST_NAMES = 200
OTHER = "other"

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

REQUEST_SECONDS = Histogram(
    "shuke_request_seconds",
    "How long do people wait for an answer, by what they asked for?",
    ["operation"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
REQUESTS = Counter(
    "shuke_requests", "How many requests were answered, and how?", ["operation", "status"], registry=REGISTRY
)
SURPRISES = Counter(
    "shuke_surprises", "How often did something break that should not (its id is in the log)?", registry=REGISTRY
)
STREAMS = Gauge("shuke_live_streams", "How many screens are kept live by this process?", registry=REGISTRY)
DELIVERIES = Counter(
    "shuke_deliveries", "How many effects of events succeeded or stumbled?", ["handler", "result"], registry=REGISTRY
)
PUSHES = Counter("shuke_pushes", "What became of tries to push a reminder?", ["result"], registry=REGISTRY)
SWEPT = Counter("shuke_swept_rows", "How many timers went off?", ["sweep"], registry=REGISTRY)
SWEEP_SECONDS = Histogram(
    "shuke_sweep_seconds",
    "How long does one look at the timers take?",
    ["sweep"],
    buckets=(0.01, 0.1, 0.5, 1, 5, 30, 120),
    registry=REGISTRY,
)
JOBS = Counter("shuke_jobs", "How many long jobs succeeded or failed?", ["job", "result"], registry=REGISTRY)
IMPORT_ROWS = Counter(
    "shuke_import_rows", "What became of the rows of files, rehearsals included?", ["verdict"], registry=REGISTRY
)


@dataclass(slots=True)
class Figures:
    """Gauges worked out elsewhere (by asking the database): name -> (help, label name, label value -> figure)."""

    latest: Mapping[str, tuple[str, str, Mapping[str, float]]] = field(default_factory=dict)


class _Asked(Collector):
    """What is looked up when somebody asks."""

    def collect(self) -> Iterable[Metric]:
        pool = GaugeMetricFamily(
            "shuke_pool_connections", "Do requests wait for the database's connections?", labels=["state"]
        )
        for state, number in db.pool_use().items():
            pool.add_metric([state], number)
        yield pool
        for name, (question, label, values) in FIGURES.latest.items():
            gauges = GaugeMetricFamily(name, question, labels=[label] if label else [])
            for value, figure in values.items():
                gauges.add_metric([value] if label else [], figure)
            yield gauges


FIGURES = Figures()
REGISTRY.register(_Asked())
_names: set[str] = set()


def operation(name: str) -> str:
    """The label for an operation's name. Combinations of fields are the client's choice: further ones share a label."""
    if name not in _names:
        if len(_names) >= MOST_NAMES:
            return OTHER
        _names.add(name)
    return name


def text() -> bytes:
    """Everything, as Prometheus reads it."""
    return generate_latest(REGISTRY)
