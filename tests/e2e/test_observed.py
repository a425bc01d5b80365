"""The running program from where operators sit: its traces, its metrics, its log lines."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from os_events.bootstrap.databases import LOG
from os_events.eventlog.embedded import Server
from os_events.projections.order_board.board import OrderBoard
from tests.asking import body
from tests.brokers.real import RealKafka
from tests.campaign.prometheus import free_row
from tests.collectors import Collector, collecting
from tests.e2e.processes import ask, in_time
from tests.e2e.programs import Program, running

TOPIC = "os.order.events.v1"
MARK = "CANARIO"
PERSON = {
    "name": f"{MARK} da Silva",
    "phones": ["+5511987650001"],
    "emails": [f"{MARK.lower()}@example.com"],
}
TYPED = (MARK, MARK.lower(), "987650001")
BOARD = OrderBoard.derivation.name


class Seen(NamedTuple):
    """A program, its collector, its ports, and all that it answered."""

    program: Program
    collector: Collector
    metrics: range
    key: str
    answers: list[Any]

    def ask(self, path: str, asked: Any = None) -> tuple[int, Any]:
        """Ask the API as its manager, and keep the answer."""
        status, answer = ask(self.program, path, self.key, asked)
        self.answers.append(answer)
        return status, answer

    @property
    def folder(self) -> Path:
        return Path(self.program.environment["OS_EVENTS_DATA_DIRECTORY"])

    def lines(self) -> list[str]:
        """Give what it wrote to standard error."""
        return (self.folder.parent / "errors").read_text().splitlines()


@contextmanager
def observed(ports: int, **settings: str) -> Iterator[Seen]:
    """Run everything, with traces and metrics."""
    first = free_row(ports)
    with collecting() as collector:
        told = {"OS_EVENTS_METRICS_PORT": str(first), "OS_EVENTS_OTLP_ENDPOINT": collector.address}
        with running(None, empty=True, **told, **settings) as program:
            key = program.ask("keys", "new", "--role", "manager", "--quiet").strip()
            yield Seen(program, collector, range(first, first + ports), key, [])


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    with observed(2) as found:
        yield found


def got(port: int, path: str, **headers: str) -> tuple[int, str, str]:
    """Ask; give status, id of the request, and answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Request-Id", ""), answer.read().decode()


def opened(seen: Seen, **person: Any) -> str:
    """When: a customer asks for something; give the place of the order."""
    _, customer = seen.ask("/persons", body("RegisterPerson", **person))
    _, units = seen.ask("/units")
    asked = body(
        "OpenServiceOrder",
        customer_id=customer["aggregate_id"],
        unit_id=units[0]["unit_id"],
        previous_order_id=None,
        reported_problem=f"{MARK}: não liga",
    )
    status, order = seen.ask("/service-orders", asked)
    assert status == 201, order
    return f"/service-orders/{order['aggregate_id']}"


def linked(seen: Seen, name: str, span: Any) -> bool:
    links = (link for one in seen.collector.spans(name) for link in one.links)
    return (span.trace_id, span.span_id) in {(link.trace_id, link.span_id) for link in links}


def test_one_trace_goes_from_the_request_to_the_append_and_the_follower(seen: Seen) -> None:
    opened(seen)

    assert in_time(lambda: bool(seen.collector.spans("POST /service-orders")))
    [request] = seen.collector.spans("POST /service-orders")
    appends = {span.parent_span_id: span.trace_id for span in seen.collector.spans("log.append")}
    assert appends[request.span_id] == request.trace_id
    assert in_time(lambda: linked(seen, "follow service-order", request))


def test_what_is_sent_to_kafka_links_to_the_request_behind_it(mortal_kafka: RealKafka) -> None:
    broker = {"OS_EVENTS_KAFKA_BROKERS": mortal_kafka.brokers, "OS_EVENTS_KAFKA_REPLICATION": "1"}
    with observed(3, **broker) as seen:
        seen.program.ask("kafka", "topics", "apply")
        opened(seen)

        assert in_time(lambda: bool(seen.collector.spans("POST /service-orders")))
        [request] = seen.collector.spans("POST /service-orders")
        assert in_time(lambda: linked(seen, f"send {TOPIC}", request))


def refused_and_failing(seen: Seen, place: str) -> None:
    """When: whatever can go wrong with what somebody typed does."""
    seen.ask("/persons", body("RegisterPerson", name=MARK * 1000))
    seen.ask("/persons", {"nome": MARK})
    seen.ask("/service-orders", body("OpenServiceOrder", reported_problem=MARK, unit_id=MARK))
    seen.ask(f"/service-orders/{MARK}")
    seen.ask(f"/service-orders?text={MARK}")
    seen.ask(f"{place}/notes", body("AddNote", text=f"{MARK} {MARK}"))
    seen.ask(f"{place}/closings", body("CloseServiceOrder", summary=MARK))
    seen.answers.append(ask(seen.program, place, f"ose_live_{MARK}")[1])
    with (
        Server(seen.folder, allow_root=True) as server,
        psycopg.connect(server.admin_url(LOG), autocommit=True) as admin,
    ):
        admin.execute(f"ALTER TABLE read.{BOARD} ADD CONSTRAINT closed CHECK (false) NOT VALID")
        opened(seen, **PERSON)
        admin.execute(f"ALTER TABLE read.{BOARD} RENAME COLUMN order_id TO closed")
        status, _ = seen.ask("/service-orders")
    assert status == 500


def test_nothing_that_somebody_typed_is_in_lines_metrics_traces_or_problems(seen: Seen) -> None:
    place = opened(seen, **PERSON)
    refused_and_failing(seen, place)
    assert in_time(lambda: any("follower stopped" in line for line in seen.lines()))
    assert in_time(lambda: any(b"closings" in one for one in seen.collector.requests))

    problems = [answer for answer in seen.answers if isinstance(answer, dict) and "type" in answer]
    told = [
        *seen.lines(),
        *(got(port, "/metrics")[2] for port in seen.metrics),
        *(str(span) for span in seen.collector.all_spans()),
        *(json.dumps(problem, ensure_ascii=False) for problem in problems),
    ]

    assert len(problems) > 5
    assert any("unexpected error" in line for line in seen.lines())
    assert [text for text in told if any(typed in text for typed in (*TYPED, seen.key))] == []


def test_a_line_of_the_log_names_the_request_that_its_answer_names(seen: Seen) -> None:
    bearer = f"Bearer {seen.key}"
    status, request, _ = got(seen.program.port, "/service-orders", Authorization=bearer)

    found = [json.loads(line) for line in seen.lines() if "unexpected error" in line]

    assert status == 500
    assert request in [line["request"] for line in found]
    assert {len(line["trace"]) for line in found} == {32}
