"""A trace goes from the request to the append; what follows the log links to it."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from starlette.testclient import TestClient

from os_events import tracing
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from tests.asking import body, opened, registered
from tests.support import an_order
from tests.views import deliver

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    """Given: traces are recorded."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.record_by(provider.get_tracer("test"))
    yield exporter
    tracing.record_by(None)
    provider.shutdown()


def spans(exporter: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in exporter.get_finished_spans() if span.name == name]


def named(span: ReadableSpan) -> str:
    """Name a span as events do, but for what may be done with it."""
    assert span.context
    return f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}"


def cause(log: EventLog) -> str:
    """Name the span that the first event names."""
    [event] = log.read(0, 1)
    return str(event.traceparent).rpartition("-")[0]


def test_a_request_of_nobody_in_particular_begins_a_trace_that_its_event_names(
    client: TestClient, log: EventLog, exporter: InMemorySpanExporter
) -> None:
    registered(client)

    [request] = spans(exporter, "POST /persons")
    [append] = spans(exporter, "log.append")
    assert cause(log) == named(request)
    assert append.parent == request.context
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/persons",
        "http.response.status_code": 201,
    }


def test_a_request_that_belongs_to_a_trace_goes_on_with_it(
    client: TestClient, log: EventLog, exporter: InMemorySpanExporter
) -> None:
    client.post("/persons", json=body("RegisterPerson"), headers={"traceparent": CALLER})

    [request] = spans(exporter, "POST /persons")
    assert request.parent
    assert f"{request.parent.span_id:016x}" == CALLER.split("-")[2]
    assert cause(log) == named(request)


def test_without_traces_an_event_names_the_trace_of_its_caller(
    client: TestClient, log: EventLog
) -> None:
    client.post("/persons", json=body("RegisterPerson"), headers={"traceparent": CALLER})
    registered(client)

    assert [event.traceparent for event in log.read(0, 2)] == [CALLER, None]


def test_a_batch_of_a_follower_links_to_the_requests_behind_its_events(
    client: TestClient, followers: list[Follower], exporter: InMemorySpanExporter
) -> None:
    opened(client)
    deliver(*followers)

    [request] = spans(exporter, "POST /service-orders")
    [batch] = spans(exporter, "follow service-order")
    assert batch.parent is None
    assert request.context
    assert request.context.span_id in [link.context.span_id for link in batch.links]
    assert batch.attributes == {
        "os_events.follower": "service-order",
        "os_events.after": 0,
        "os_events.upto": 2,
    }


def test_a_batch_links_to_each_trace_once_and_to_a_few_only() -> None:
    traces = [f"00-{number:032x}-{1:016x}-01" for number in range(1, 100)]

    links = tracing.links_of([None, "nonsense", *traces, *traces])

    assert len(links) == tracing.MOST_LINKS - 1
    assert {link.context.trace_id for link in links} == set(range(1, tracing.MOST_LINKS))


def test_an_error_is_told_by_its_kind(exporter: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Maria"), tracing.step_span("step", {}):
        int("Maria")

    [step] = spans(exporter, "step")
    assert (step.status.status_code, step.status.description) == (StatusCode.ERROR, "ValueError")
    assert step.events == ()


def test_an_event_recorded_outside_of_any_request_names_no_trace(
    log: EventLog, exporter: InMemorySpanExporter
) -> None:
    log.record_now(an_order())

    assert [event.traceparent for event in log.read(0, 1)] == [None]
    assert exporter.get_finished_spans() == ()
