"""A publisher and its broker are killed again and again; then the topic is compared with the log.

QUICK=1 in the environment: a twentieth of it.
"""

import asyncio
import json
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from random import Random
from threading import Event, Thread

from os_events.eventlog.log import EventLog
from tests.benchmark.report import QUICK
from tests.brokers.fixtures import on_real
from tests.brokers.real import RealKafka
from tests.campaign.publishing import has_published, publishes, record, victim
from tests.publishers import begun, by_key, expected, held

EVENTS, KILLS, BROKER_KILLS = (5_000, 6, 1) if QUICK else (100_000, 50, 10)
SEED = 20
SETTLE = "1"  # seconds: what a killed process had sent is with the broker, or lost
TOPIC = "os.order.events.v1"


def killed_again_and_again(log: EventLog, url: str, kafka: RealKafka, folder: Path) -> int:
    """When: events come, and so do kills, at random moments; give how often it ended by itself."""
    chance = Random(SEED)  # noqa: S311 - which moments, no secrets
    with_broker = set(chance.sample(range(KILLS), BROKER_KILLS))
    kills, by_itself = 0, 0
    for start in count():
        output = folder / f"publisher-{start}"
        with victim(output, url, kafka.brokers, TOPIC, SETTLE) as process:
            if not publishes(process, output):
                by_itself += 1
                continue
            if kills == KILLS:
                if has_published(url, TOPIC, log.head(), process):
                    return by_itself
                by_itself += 1
                continue
            writing = Thread(target=lambda: asyncio.run(record(log, EVENTS // KILLS)))
            writing.start()
            Event().wait(chance.uniform(0.0, 1.2))
            if kills in with_broker:
                kafka.kill()
                Event().wait(chance.uniform(0.0, 0.3))
            process.kill()
            writing.join()
            if kills in with_broker:
                kafka.start()
            kills += 1
    raise AssertionError


def found_by_scans(folder: Path) -> int:
    """Count what publishers found that those before them had sent and not noted."""
    lines = (line for path in folder.glob("publisher-*") for line in path.read_text().splitlines())
    return sum(json.loads(line)["number"] for line in lines if '"publishing"' in line)


def once(ids: Iterable[str]) -> list[str]:
    """Leave out what came before under the same id, as a consumer does."""
    return list(dict.fromkeys(ids))


def test_nothing_is_lost_or_out_of_order_and_every_duplicate_can_be_told(
    log: EventLog, database_url: str, mortal_kafka: RealKafka, tmp_path: Path
) -> None:
    broker, folder = mortal_kafka.broker(), tmp_path
    on_real(broker)(TOPIC, 12)
    begun(log)

    by_itself = killed_again_and_again(log, database_url, mortal_kafka, folder)

    records = held(broker, TOPIC)
    found, due = by_key(records), expected(log)
    duplicates = len(records) - sum(len(set(ids)) for ids in found.values())
    print(
        f"seed {SEED}: {sum(map(len, due.values()))} events of {len(due)} orders published,"
        f" {KILLS} kills of the publisher, {BROKER_KILLS} of the broker,"
        f" {by_itself} ends by itself: {len(records)} records, {duplicates} duplicates;"
        f" scans found {found_by_scans(folder)} records"
    )
    assert {key: once(ids) for key, ids in found.items()} == due
