"""Traces, by OpenTelemetry's interface alone: nothing is recorded until ``record_by`` says where.

A request's span is the parent of what is done for it; batches link to the requests behind their
events, by the ``traceparent`` that each event holds (W3C Trace Context).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Link, Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

Attributes = Mapping[str, AttributeValue]

MOST_LINKS = 32  # of one batch
_FORMAT = TraceContextTextMapPropagator()
_tracer: Tracer | None = None


def record_by(tracer: Tracer | None) -> None:
    """Record traces from now on, or no more."""
    global _tracer  # noqa: PLW0603 - one for the process, as the library's own
    _tracer = tracer


def request_span(
    name: str, traceparent: str | None, attributes: Attributes
) -> AbstractContextManager[Span]:
    """Begin the span of a request; that of whoever asks is its parent, where one was sent."""
    parent = _FORMAT.extract({"traceparent": traceparent or ""}) if _tracer else None
    return _span(name, SpanKind.SERVER, attributes, parent)


def step_span(name: str, attributes: Attributes) -> AbstractContextManager[Span]:
    """Begin the span of a step of what is under way."""
    return _span(name, SpanKind.INTERNAL, attributes, None)


def batch_span(
    name: str, kind: SpanKind, traceparents: Iterable[str | None], attributes: Attributes
) -> AbstractContextManager[Span]:
    """Begin the span of a batch: a trace of its own, linked to those that its events name."""
    links = links_of(traceparents) if _tracer else []
    return _span(name, kind, attributes, Context(), links)


def traceparent() -> str | None:
    """Give the trace context of what is under way; None where nothing is recorded."""
    carrier: dict[str, str] = {}
    if trace.get_current_span().is_recording():
        _FORMAT.inject(carrier)
    return carrier.get("traceparent")


def trace_id() -> str | None:
    """Give the id of the trace under way, as log lines tell it; None where nothing is recorded."""
    span = trace.get_current_span()
    return f"{span.get_span_context().trace_id:032x}" if span.is_recording() else None


def link_of(traceparent: str) -> Link | None:
    """Make a link to the span that an event names; None where that is none."""
    context = _FORMAT.extract({"traceparent": traceparent}, Context())
    found = trace.get_current_span(context).get_span_context()
    return Link(found) if found.is_valid else None


def links_of(traceparents: Iterable[str | None]) -> list[Link]:
    """Make links to the spans that the events of a batch name: each once, the first few."""
    named = list(dict.fromkeys(filter(None, traceparents)))[:MOST_LINKS]
    return [link for link in map(link_of, named) if link]


@contextmanager
def _span(
    name: str,
    kind: SpanKind,
    attributes: Attributes,
    parent: Context | None,
    links: Iterable[Link] = (),
) -> Iterator[Span]:
    if _tracer is None:
        yield INVALID_SPAN
        return
    with _tracer.start_as_current_span(
        name,
        parent,
        kind,
        attributes,
        list(links),
        record_exception=False,  # its message may hold what people typed
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_status(StatusCode.ERROR, type(error).__name__)
            raise
