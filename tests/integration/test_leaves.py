"""Every event has its entry, its leaf and its nonce, made by the database as it is published."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from os_events.eventlog.log import EventLog
from tests.logs import submission, tamper
from tests.support import a_triage, an_order, ask

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "entries.json").read_text())
DERIVED = """WITH e AS (SELECT log.ledger_entry(%(position)s, %(aggregate)s, %(version)s, %(event)s,
        %(recorded_at)s, decode(%(previous)s, 'hex'), decode(%(state_commitment)s, 'hex')) AS entry)
    SELECT encode(log.state_commitment(decode(%(nonce)s, 'hex'),
                                       convert_to(%(state)s, 'UTF8')), 'hex'),
        encode(entry, 'hex'), encode(log.leaf_hash(entry), 'hex') FROM e"""


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: str(vector["position"]))
def test_an_entry_is_that_of_the_published_vector(admin_url: str, vector: dict[str, Any]) -> None:
    with psycopg.connect(admin_url) as connection:
        derived = connection.execute(DERIVED, vector).fetchone()

    assert derived == (vector["state_commitment"], vector["entry_hex"], vector["leaf"])


def test_every_leaf_is_chained_to_the_one_before_it_in_its_history(
    log: EventLog, admin_url: str
) -> None:
    order, other = ask(an_order(), a_triage()), an_order()
    log.record_now(order)
    log.record_now(other)
    log.record_now(ask(other, a_triage()))
    log.record_now(ask(order, a_triage()))

    with psycopg.connect(admin_url) as connection:
        bad = connection.execute("SELECT log.first_bad()").fetchone()

    assert (log.head(), bad) == (5, (None,))


def test_two_orders_in_one_batch_have_a_chain_each(log: EventLog, admin_url: str) -> None:
    histories = [[StoredEvent(uuid4(), n, "topic", b"{}") for n in (1, 2)] for _ in range(2)]
    of_one = [[replace(e, originator_id=h[0].originator_id) for e in h] for h in histories]

    log.recorder.committer._record([submission(events) for events in of_one])

    with psycopg.connect(admin_url) as connection:
        bad = connection.execute("SELECT log.first_bad()").fetchone()
    assert (log.head(), bad) == (4, (None,))


def test_a_nonce_is_never_used_twice(log: EventLog, admin_url: str) -> None:
    events = [StoredEvent(uuid4(), 1, "topic", b"{}") for _ in range(40)]
    for half in (events[:20], events[20:]):
        log.recorder.committer._record([submission([event]) for event in half])

    with psycopg.connect(admin_url) as connection:
        nonces = connection.execute("SELECT nonce FROM log.events").fetchall()

    assert len(set(nonces)) == 40
    assert {len(nonce) for (nonce,) in nonces} == {16}


def test_time_goes_on_where_the_databases_clock_has_gone_back(
    log: EventLog, admin_url: str
) -> None:
    log.record_now(an_order())
    tamper(admin_url, "UPDATE log.events SET recorded_at = recorded_at + interval '1 hour'")
    log.record_now(ask(an_order(), a_triage()))

    first, second, third = (event.recorded_at for event in log.read(0, 3))

    assert second - first == third - second == timedelta(microseconds=1)
