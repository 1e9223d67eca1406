"""Traces, as an option: one from the request that asked for a scene through every stage of its making.

Spans go to an OpenTelemetry collector when the settings name one (``traces_url``) and the extra ``traces`` is there;
without settings nothing here costs anything. A scene's row carries the request's trace, so it is found again by
whichever worker makes the scene, also after a lost message or a lost worker.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from imagegen.protocols import Progress
from workers.errors import SettingsError
from workers.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Tracer

Note = Callable[..., None]
"""Adds facts to a span; ``name`` renames it, ``failed`` says that it went wrong and how."""

TRACEPARENT = "traceparent"

_tracer: Tracer | None = None
"""Like OpenTelemetry's own: one for each process."""


def configure(settings: Settings, service: str) -> Callable[[], None]:
    """Send spans where the settings say; what is given back sends the last ones. Raises SettingsError."""
    if not settings.traces_url:
        return lambda: None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise SettingsError(
            "IMAGEGEN_TRACES_URL is set, and the package for it is not installed.",
            hint="pip install 'imagegen[traces]'",
            where="traces_url",
        ) from error
    exporter = OTLPSpanExporter(endpoint=settings.traces_url, timeout=5)
    provider = _provide(service, exporter, BatchSpanProcessor)
    return provider.shutdown


def stop() -> None:
    """Nothing is traced any more."""
    globals().update(_tracer=None)


@contextmanager
def collected(exporter: SpanExporter, service: str = "test") -> Iterator[None]:
    """For as long as this lasts every span goes to ``exporter`` at once."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: PLC0415 - an extra

    provider = _provide(service, exporter, SimpleSpanProcessor)
    try:
        yield
    finally:
        provider.shutdown()
        stop()


@contextmanager
def span(name: str, parent: str | None = None, **facts: Any) -> Iterator[Note]:
    """A span around what is done; it gives a function that adds facts.

    ``parent``: a ``traceparent`` (W3C Trace Context), from a request's header or a scene's row; without one the span
    belongs to whatever is under way.
    """
    if _tracer is None:
        yield lambda **_: None
        return
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - an extra

    context = _context(parent)
    with _tracer.start_as_current_span(name, context=context, record_exception=False, attributes=_told(facts)) as one:

        def add(*, name: str = "", failed: str = "", **more: Any) -> None:
            if name:
                one.update_name(name)
            if failed:
                one.set_status(Status(StatusCode.ERROR, failed))
            one.set_attributes(_told(more))

        yield add


def traceparent() -> str | None:
    """The span that is under way, for a row or a header; None where there is none."""
    if _tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415 - an extra

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get(TRACEPARENT)


@contextmanager
def stages(progress: Progress) -> Iterator[Progress]:
    """A span for each stage that ``progress`` is told of, until the next one begins or this ends."""
    if _tracer is None:
        yield progress
        return
    tracer, current = _tracer, ""
    with contextlib.ExitStack() as open_:

        def tell(stage: str, share: float) -> None:
            nonlocal current
            if stage != current:
                open_.close()
                open_.enter_context(tracer.start_as_current_span(stage, record_exception=False))
                current = stage
            progress(stage, share)

        yield tell


def _provide(service: str, exporter: SpanExporter, processor: Callable[[SpanExporter], Any]) -> TracerProvider:
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(processor(exporter))
    globals().update(_tracer=provider.get_tracer("imagegen"))
    return provider


def _context(parent: str | None) -> Any:
    if not parent:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415 - an extra

    return TraceContextTextMapPropagator().extract({TRACEPARENT: parent})


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("__", "."): value for name, value in facts.items() if value is not None}
