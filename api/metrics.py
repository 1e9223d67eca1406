"""What Prometheus asks for: how requests were answered, counted here; how the service is doing, counted in the rows.

The rows are the same for every process, so each of them tells the same figures: take the maximum over processes, not
the sum. Requests are each process' own: take the sum. ``GET /metrics`` needs the token of the settings for it, or an
administrator.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeHistogramMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from api.access import Answered
from api.auth import admitted
from api.deps import Context
from workers.records.figures import Backlog, Figures, Hand, Made, figures
from workers.records.session import Database
from workers.scopes import Scope

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

KEPT_S = 5.0
"""How old figures may be: several who ask at once cost the database one look."""
ANSWER_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STAGE_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0)

GPU = {
    "vram_used": ("imagegen_gpu_memory_bytes", "GPU memory that the worker's models hold."),
    "vram_peak": ("imagegen_gpu_memory_peak_bytes", "The most GPU memory that they ever held."),
    "vram_total": ("imagegen_gpu_memory_size_bytes", "GPU memory that there is."),
    "step_s": ("imagegen_gpu_step_seconds", "Seconds of a denoising step, the middle one of the last 200."),
    "tflops": ("imagegen_gpu_tflops", "TFLOP/s over the last batches."),
    "waiting": ("imagegen_gpu_waiting", "Pictures that wait for the GPU in the worker."),
}
"""What workers tell of their GPUs, and how it is called here."""


class Meters:
    """What one process counts of its own requests, and what it is asked for."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # theirs tells no types
        self.registry = CollectorRegistry()
        self._records: RecordsCollector | None = None
        words = ("method", "route", "status")
        self.requests = Counter(
            "imagegen_http_requests", "Requests answered by this process.", words, registry=self.registry
        )
        self.seconds = Histogram(
            "imagegen_http_request_seconds",
            "Seconds until this process' answer began.",
            ("method", "route"),
            buckets=ANSWER_S,
            registry=self.registry,
        )
        info = Gauge("imagegen_build_info", "Which version this process is of.", ["version"], registry=self.registry)
        info.labels(_version()).set(1)
        ProcessCollector(registry=self.registry)

    def count(self, answered: Answered) -> None:
        """A request was answered. Addresses that lead nowhere are one route: anybody may invent them."""
        route = answered.route or "none"
        self.requests.labels(answered.method, route, str(answered.status)).inc()
        self.seconds.labels(answered.method, route).observe(answered.seconds)

    def records(self, database: Database, alive_for: timedelta) -> RecordsCollector:
        """What tells of this database's rows."""
        if self._records is None or self._records.database is not database:
            self._records = RecordsCollector(database, alive_for)
        return self._records


class RecordsCollector(Collector):
    """The figures of the rows as gauges; those of a few seconds ago where somebody has just asked."""

    def __init__(self, database: Database, alive_for: timedelta) -> None:
        self.database = database
        self.alive_for = alive_for
        self._lock = threading.Lock()
        self._at = -KEPT_S
        self._told: list[Metric] = []

    def collect(self) -> Iterable[Metric]:
        """Every gauge; where the database does not answer, only that it does not."""
        with self._lock:
            if time.monotonic() - self._at >= KEPT_S:
                self._told = list(self._look())
                self._at = time.monotonic()
            return self._told

    def _look(self) -> Iterator[Metric]:
        began = time.monotonic()
        try:
            with self.database.of_all().reading() as session:
                found = figures(session, self.alive_for)
        except SQLAlchemyError as error:
            log.warning("The figures could not be counted: %s", error)
            yield _gauge("imagegen_records_up", "Whether the database told its figures.", 0)
            return
        yield _gauge("imagegen_records_up", "Whether the database told its figures.", 1)
        yield _gauge("imagegen_records_seconds", "Seconds that counting took.", time.monotonic() - began)
        yield from told(found)


def told(found: Figures) -> Iterator[Metric]:
    """The figures as metrics."""
    states = {str(state): number for state, number in found.scenes.items()}
    yield _gauges("imagegen_scenes", "Scenes by state.", "state", states)
    yield from _backlog("imagegen_queue", "scenes that wait for a worker", found.waiting)
    yield _gauge("imagegen_queue_unsent", "Scenes that wait without a message under way.", found.unsent)
    yield _gauge("imagegen_leases_lapsed", "Scenes whose worker was not heard of for its lease.", found.lapsed)
    yield from _backlog("imagegen_preparations", "preparations of previews that wait", found.preparations)
    yield from _backlog("imagegen_outbox", "effects that have not left", found.outbox)
    yield from _backlog("imagegen_deliveries", "deliveries to webhooks that are not taken", found.deliveries)
    yield _gauges("imagegen_webhooks", "Webhooks by state.", "state", found.webhooks)
    yield _gauges("imagegen_failed", "Scenes asked for in the last day that failed.", "error", found.failed)
    yield _gauges("imagegen_verdicts", "The last 500 verdicts.", "verdict", found.verdicts)
    given = sum(found.verdicts.values())
    if given:
        share = found.verdicts["approved"] / given
        yield _gauge("imagegen_approval_ratio", "Share of the last 500 verdicts that approve.", share)
    attempts = {str(number): 0 for number in (1, 2, 3)}
    for made in found.made:
        attempts[str(made.attempt)] = attempts.get(str(made.attempt), 0) + 1
    yield _gauges("imagegen_made", "Scenes made in the last hour, by attempts taken.", "attempts", attempts)
    yield _stages(found.made)
    yield from _workers(found.workers)
    if found.backup_s is not None:
        yield _gauge("imagegen_backup_age_seconds", "Age of the last backup.", found.backup_s)


def _stages(made: Sequence[Made]) -> Metric:
    """How long each stage took in the last hour: a histogram of that hour, not of all time; rates of it mean nothing.

    It is the same from every process and after every restart, which a counter would not be.
    """
    told_ = "Seconds of each stage, of scenes made in the last hour."
    family = GaugeHistogramMetricFamily("imagegen_stage_seconds", told_, labels=("stage",))
    taken: dict[str, list[float]] = {}
    for scene in made:
        for stage, seconds in scene.seconds.items():
            taken.setdefault(stage, []).append(seconds)
    for stage, values in sorted(taken.items()):
        buckets = [(str(edge), sum(value <= edge for value in values)) for edge in STAGE_S]
        family.add_metric([stage], [*buckets, ("+Inf", len(values))], sum(values))
    return family


def _workers(living: Sequence[Hand]) -> Iterator[Metric]:
    yield _gauge("imagegen_workers", "Worker processes that live.", len(living))
    yield _gauges("imagegen_worker_threads", "Scenes it makes at once.", "worker", {w.name: w.threads for w in living})
    yield _gauges("imagegen_worker_busy", "Scenes in its hands.", "worker", {w.name: w.busy for w in living})
    for fact, (name, what) in GPU.items():
        yield _gauges(name, what, "worker", {w.name: w.gpu[fact] for w in living if fact in w.gpu})


def _backlog(name: str, what: str, waiting: Backlog) -> Iterator[Metric]:
    yield _gauge(f"{name}_waiting", f"How many {what}.", waiting.number)
    yield _gauge(f"{name}_oldest_seconds", f"Age of the oldest of the {what}.", waiting.oldest_s)


def _gauge(name: str, told_: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told_, value=value)


def _gauges(name: str, told_: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, told_, labels=(label,))
    for word, value in values.items():
        family.add_metric([word], value)
    return family


def watcher(request: Request) -> None:
    """Whoever may see the metrics. Raises Refused 401 or 403."""
    context: Context = request.app.state.context
    known = context.settings.metrics_token.get_secret_value()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if known and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), known.encode()):
        return
    admitted(request).require(Scope.ADMIN)


@router.get("/metrics")
def metrics(request: Request, _: Annotated[None, Depends(watcher)]) -> Response:
    """Everything that is counted, in Prometheus' text format."""
    context: Context = request.app.state.context
    counted: Meters = request.app.state.meters
    found = generate_latest(counted.registry)
    found += generate_latest(counted.records(context.database, context.settings.alive_for))
    return Response(found, media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _version() -> str:
    try:
        return version("imagegen")
    except PackageNotFoundError:  # run from a tree that is not installed
        return "0"
