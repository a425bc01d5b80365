"""Two readers, two workers each, killed and frozen again and again; then rows are compared whole.

QUICK=1 in the environment: a twentieth of it.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import monotonic

import pytest

from os_events.eventlog.embedded import Server
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.eventlog.migrations import migrate
from os_events.messaging.readers.schema import reader_migrations
from os_events.messaging.stored import LOG
from os_events.messaging.topics import PARTITIONS
from tests.benchmark.report import QUICK
from tests.brokers.fixtures import on_real
from tests.brokers.real import RealKafka
from tests.campaign.publishing import LONGEST, ROOT, record, victim
from tests.readers import Field

EVENTS, KILLS, FREEZES, LEAVES = (5_000, 4, 2, 2) if QUICK else (100_000, 30, 8, 10)
SEED = 11
SESSION = 6.0  # seconds
FROZEN = SESSION + 3.0  # seconds: longer than a session lasts
SETTLE = "1"


@dataclass
class Crew:
    """The workers of one reader, and what each of them said."""

    field: Field
    brokers: str
    folder: Path
    started: int = 0

    def start(self) -> subprocess.Popen[bytes]:
        self.started += 1
        words = (self.field.url, self.brokers, self.field.name, LOG, str(SESSION))
        with (self.folder / f"{self.field.name}-{self.started}").open("wb") as to:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.readers_victim", *words],
                env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONUNBUFFERED": "1"},
                stdout=to,
                stderr=to,
            )

    def said(self, what: str) -> int:
        """Count lines of all that ever worked here."""
        found = self.folder.glob(f"{self.field.name}-*")
        return sum(path.read_text().count(what) for path in found)


def wait_for(fields: list[Field], position: int) -> None:
    """When: all readers come so far."""
    until, reached = monotonic() + LONGEST, 0
    while min(places := [field.position() for field in fields]) < position:
        if sum(places) > reached:
            reached, until = sum(places), monotonic() + LONGEST
        assert monotonic() < until, [field.places() for field in fields]
        Event().wait(0.1)


def disturbed(crews: list[Crew], workers: list[subprocess.Popen[bytes]]) -> Counter[str]:
    """When: workers are killed, frozen, or leave, at random moments; others come at once."""
    chance = Random(SEED)  # noqa: S311 - which moments, no secrets
    acts = ["kill"] * KILLS + ["freeze"] * FREEZES + ["leave"] * LEAVES
    chance.shuffle(acts)
    for done, act in enumerate(acts):
        wait_for([crew.field for crew in crews], EVENTS * done // len(acts))
        Event().wait(chance.uniform(0.0, 1.0))
        number = chance.randrange(len(workers))
        if act == "freeze":
            os.kill(workers[number].pid, signal.SIGSTOP)
            Event().wait(FROZEN)
            os.kill(workers[number].pid, signal.SIGCONT)
            continue
        workers[number].send_signal(signal.SIGKILL if act == "kill" else signal.SIGTERM)
        workers[number].wait(LONGEST)
        workers[number] = crews[number % len(crews)].start()
    return Counter(acts)


def end(workers: list[subprocess.Popen[bytes]]) -> None:
    for one in workers:
        one.kill()
        one.wait(LONGEST)


@contextmanager
def published(folder: Path, *words: str) -> Iterator[None]:
    """Keep a publisher going: on a busy machine it may lose patience, and is started again."""
    stop = Event()

    def supervise() -> None:
        for start in count():
            with victim(folder / f"publisher-{start}", *words) as process:
                while process.poll() is None and not stop.wait(0.2):
                    pass
            if stop.is_set():
                return

    thread = Thread(target=supervise)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def patient_log(database_url: str, keys: KeyRing) -> Iterator[EventLog]:
    """A log for a machine that has much to do beside."""
    with EventLog(database_url, keys, patience=LONGEST) as event_log:
        yield event_log


def test_readers_whose_workers_are_killed_and_frozen_have_the_rows_of_the_log(
    patient_log: EventLog,
    database_url: str,
    mortal_kafka: RealKafka,
    server: Server,
    tmp_path: Path,
) -> None:
    log = patient_log
    broker = mortal_kafka.broker()
    on_real(broker)(LOG, PARTITIONS)
    with ExitStack() as house:
        fields = []
        for name in ("one", "two"):
            server.create(f"reader_{name}")
            migrate(server.admin_url(f"reader_{name}"), reader_migrations())
            url = server.url(f"reader_{name}")
            fields.append(Field(log, database_url, broker, LOG, url, house, name))
        fields[0].begin()
        for field in fields:
            field.fill()
        crews = [Crew(field, mortal_kafka.brokers, tmp_path) for field in fields]
        workers = [crew.start() for crew in [*crews, *crews]]
        house.callback(end, workers)
        words = (database_url, mortal_kafka.brokers, LOG, SETTLE)
        house.enter_context(published(tmp_path, *words))
        writing = Thread(target=lambda: asyncio.run(record(log, EVENTS)))
        writing.start()

        acts = disturbed(crews, workers)
        writing.join()
        wait_for(fields, log.head())

        print(
            f"seed {SEED}: {log.head()} events, {dict(acts)};"
            f" re-seeks {sum(crew.said('read again') for crew in crews)},"
            f" rebalances {sum(crew.said('partitions held') for crew in crews)},"
            f" waits {sum(crew.said('reader waits') for crew in crews)}"
        )
        expected = fields[0].expected()
        assert [field.stopped() for field in fields] == [[], []]
        assert [field.differences() for field in fields] == [[], []]
        assert fields[0].rows() == expected
        assert fields[1].rows() == expected
        print({name: len(rows) for name, rows in expected.items()})
