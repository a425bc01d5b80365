"""Exports of a real log: the same position gives the same bytes, and nothing personal leaves."""

import json
from io import BytesIO
from itertools import takewhile
from typing import Any

import pyarrow.parquet as pq
import pytest

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.reopening import ReopeningCause, ReopenServiceOrder
from os_events.eventlog.log import EventLog
from os_events.exports import orders, parquet, xes
from os_events.exports.orders import Orders
from os_events.followers.histories import by_aggregate
from os_events.projections.facts import FACTS
from os_events.values.personal import personal_fields
from os_events.values.scalars import texts
from tests.exports import made_of, ocel_of, xes_of
from tests.golden.lives import lives
from tests.support import BECAUSE, an_order, ask, facts, later
from tests.views import a_life, a_person

RECOGNISABLE = 6  # signs
TABLES = [one.name for one in FACTS]
REOPENING = ReopenServiceOrder(cause=ReopeningCause.OTHER)


def parquet_of(log: EventLog, position: int | None = None) -> dict[str, bytes]:
    files = {name: BytesIO() for name in TABLES}
    parquet.write(log, files, FACTS, made_of(log, position))
    return {name: file.getvalue() for name, file in files.items()}


def all_of(log: EventLog, position: int | None = None) -> dict[str, bytes]:
    """When: everything is exported."""
    logs = {"xes": xes_of(log, position).encode(), "ocel": ocel_of(log, position).encode()}
    return logs | parquet_of(log, position)


def personal_texts(aggregates: list[Any]) -> set[str]:
    """Given: every personal value that somebody told, and that nothing else looks like."""
    found = (one for each in aggregates for fact in facts(each) for one in personal_fields(fact))
    return {text for one in found for text in texts([one.value]) if len(text) >= RECOGNISABLE}


def commitments(log: EventLog) -> set[str]:
    """Give what the log holds in the place of personal values."""
    events = log.read(0, log.head())
    return {one.value.commitment for event in events for one in personal_fields(event)}


def readable(name: str, data: bytes) -> str:
    """Give what a file says, without its compression."""
    return str(pq.read_table(BytesIO(data)).to_pydict()) if name in TABLES else data.decode()


def test_the_same_position_gives_the_same_bytes_whatever_came_later(log: EventLog) -> None:
    order = a_life()
    log.record_now(order)
    log.record_now(an_order())
    before, position = all_of(log), log.head()
    log.record_now(a_life())
    late = log.load(type(order), order.id)
    log.record_now(ask(late, REOPENING, later(30), reason=BECAUSE))

    again, now = all_of(log, position), all_of(log)

    assert again == before
    assert [name for name in before if now[name] == before[name]] == []


def test_how_many_are_read_at_once_changes_nothing(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    [log.record_now(a_life()) for _ in range(5)]
    before = all_of(log)

    monkeypatch.setattr(orders, "CHUNK", 2)
    monkeypatch.setattr(parquet, "CHUNK", 2)

    assert all_of(log) == before


def test_every_fact_of_every_order_is_in_the_logs(log: EventLog) -> None:
    [log.record_now(one) for one in (a_life(), a_person(), an_order())]

    events = json.loads(ocel_of(log))["events"]

    positions = [{a["name"]: a["value"] for a in one["attributes"]}["position"] for one in events]
    told = [one for one in log.read(0, log.head()) if OrderHistory.has(one.TOPIC)]
    assert positions == [one.position for one in told]
    assert xes_of(log).count("<event>") == len(told) == 23


def test_a_log_is_written_while_it_is_read(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "CHUNK", 2)
    [log.record_now(an_order()) for _ in range(5)]
    told: list[int] = []
    found = Orders(log, log.head(), lambda done, _: told.append(done))

    pieces = xes.document(found, made_of(log))
    first = list(takewhile(lambda piece: piece != "</trace>\n", pieces))

    assert first[-1].startswith("<event>")
    assert told == [0]


def test_nothing_personal_leaves_and_no_commitment(log: EventLog) -> None:
    repaired, _, customer, _ = lives()
    told = [repaired, customer, a_person(name="Zenóbia Quixadá")]
    secrets = personal_texts(told)
    [log.record_now(one) for one in told]
    forbidden = secrets | commitments(log) | {"$commitment", "$key"}

    found = {name: readable(name, data) for name, data in all_of(log).items()}

    assert "Zenóbia Quixadá" in secrets
    assert min(len(secrets), len(commitments(log))) > 20
    assert [(name, one) for name, text in found.items() for one in forbidden if one in text] == []


def test_a_parquet_file_holds_the_rows_that_the_log_gives(log: EventLog) -> None:
    [log.record_now(one) for one in (a_life(), an_order())]
    histories = by_aggregate(log.read(0, log.head(), ["service-order.%"]))
    rows = [row for events in histories.values() for row in FACTS[0].rows(OrderHistory.of(events))]

    table = pq.read_table(BytesIO(parquet_of(log)[FACTS[0].name]))

    assert table.column("order_number").to_pylist() == [row.order_number for row in rows]
    assert table.column("since").to_pylist() == [row.since for row in rows]
    assert table.column("unit_id").to_pylist() == [str(row.unit_id) for row in rows]


@pytest.mark.parametrize("name", TABLES)
def test_a_parquet_file_says_what_it_is_and_of_what_it_was_made(log: EventLog, name: str) -> None:
    log.record_now(an_order())

    metadata = pq.read_schema(BytesIO(parquet_of(log)[name])).metadata

    assert metadata[b"os_events.position"] == str(log.head()).encode()
    assert metadata[b"os_events.log"] == b"log.example"
    assert len(metadata[b"description"]) > 40


def test_an_empty_log_gives_empty_files(log: EventLog) -> None:
    log.record_now(a_person())

    found = all_of(log)

    assert json.loads(found["ocel"])["events"] == []
    assert b"<trace>" not in found["xes"]
    assert [pq.read_table(BytesIO(found[name])).num_rows for name in TABLES] == [0] * len(TABLES)
