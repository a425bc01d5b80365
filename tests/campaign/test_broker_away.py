"""The broker is away for a long time: commands do not feel it, and all is published afterwards.

QUICK=1 in the environment: a twentieth of it.
"""

import asyncio
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

import pytest

from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from tests.benchmark.report import QUICK
from tests.brokers.fixtures import on_real
from tests.brokers.real import RealKafka
from tests.campaign.publishing import victim
from tests.publishers import begun, by_key, expected, held, position
from tests.views import a_life

EVENTS_AWAY, EVENTS_BEFORE = (10_000, 4_000) if QUICK else (200_000, 40_000)
A_SECOND = 40  # commands, of twenty-one events each
ALLOWED = 1.2  # of the commands' p99 before
LONGEST = 600.0  # seconds
PATIENCE = 120.0  # seconds for a command: how long it takes is what is measured
SETTLE = "1"
TOPIC = "os.order.events.v1"


@pytest.fixture
def patient(database_url: str, keys: KeyRing) -> Iterator[EventLog]:
    with EventLog(database_url, keys, patience=PATIENCE) as log:
        yield log


@contextmanager
def supervised(folder: Path, *words: str) -> Iterator[list[int]]:
    """Keep a publisher going, as its supervisor does; give its peak memory, start by start."""
    stop, peaks = Event(), list[int]()

    def supervise() -> None:
        while not stop.is_set():
            with victim(folder / f"publisher-{len(peaks)}", *words) as process:
                peaks.append(0)
                while process.poll() is None and not stop.wait(0.5):
                    peaks[-1] = memory(process.pid) or peaks[-1]

    thread = Thread(target=supervise)
    thread.start()
    try:
        yield peaks
    finally:
        stop.set()
        thread.join()


def memory(pid: int) -> int:
    """Give the peak of a process's memory, in KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(one.split()[1]) for one in lines if one.startswith("VmHWM")), 0)


async def commands(log: EventLog, events: int) -> list[float]:
    """Record lives at planned instants, whether earlier ones are recorded; give seconds of each."""
    count = events // len(a_life().pending_events)
    began = perf_counter()

    async def one(n: int) -> float:
        due = began + n / A_SECOND
        await asyncio.sleep(max(0.0, due - perf_counter()))
        await log.record(a_life(number=n))
        return perf_counter() - due

    return await asyncio.gather(*(one(n) for n in range(count)))


def p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98]


def caught_up(url: str, head: int) -> float:
    """Wait until all is published; give events a second."""
    first, began, pause = position(url, TOPIC), perf_counter(), Event()
    while position(url, TOPIC) < head:
        assert perf_counter() - began < LONGEST
        pause.wait(0.1)
    return (head - first) / (perf_counter() - began)


def test_commands_do_not_feel_that_the_broker_is_away_and_all_is_published_afterwards(
    patient: EventLog, database_url: str, mortal_kafka: RealKafka, tmp_path: Path
) -> None:
    log = patient
    on_real(mortal_kafka.broker())(TOPIC, 12)
    begun(log)

    with supervised(tmp_path, database_url, mortal_kafka.brokers, TOPIC, SETTLE) as peaks:
        before = asyncio.run(commands(log, EVENTS_BEFORE))
        mortal_kafka.kill()
        away = asyncio.run(commands(log, EVENTS_AWAY))
        said = sum(len(one.read_text().splitlines()) for one in tmp_path.glob("publisher-*"))
        behind = log.head() - position(database_url, TOPIC)
        mortal_kafka.start()
        rate = caught_up(database_url, log.head())

    records = held(mortal_kafka.broker(), TOPIC)
    ids = {key: list(dict.fromkeys(found)) for key, found in by_key(records).items()}
    print(
        f"commands p99 {p99(before) * 1e3:.1f} ms before, {p99(away) * 1e3:.1f} ms while the broker"
        f" was away for {behind} events; caught up at {rate:.0f} events/s; {len(peaks)} starts,"
        f" {said} lines, peak {max(peaks) / 1024:.0f} MiB"
    )
    assert ids == expected(log)
    assert said < 50
    assert p99(away) <= p99(before) * ALLOWED
