"""Appends a second: ours beside the library's own recorder, on one embedded server, in one run.

Ours includes the leaf, the idempotency key, and a personal value of 80 bytes sealed in the vault,
of one of a thousand persons. Each event is 800 bytes, and begins a history.

Run: make bench
"""

import asyncio
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from random import choice
from secrets import token_bytes
from tempfile import TemporaryDirectory
from threading import Barrier, Thread
from time import monotonic, perf_counter
from typing import NamedTuple
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from os_events.eventlog.embedded import Server
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing, Scope
from os_events.eventlog.mapper import SealedEvent
from os_events.eventlog.migrations import keys_migrations, log_migrations, migrate
from os_events.eventlog.recorder import LogRecorder
from os_events.eventlog.submission import Promised, RequestKey, Submission
from os_events.eventlog.vault import Place, seal
from tests.benchmark.report import QUICK, report

STATE = b"x" * 800
VALUE = b'"' + b"x" * 78 + b'"'
PEOPLE = [Scope(UUID(int=n), "order_evidence", "2026") for n in range(1000)]
CLIENTS = (1, 8, 32)
SECONDS, ROUNDS = (1.0, 3) if QUICK else (3.0, 5)
PATIENCE = 10.0


class Rate(NamedTuple):
    """Appends a second over all clients, and the 99th percentile of one, in milliseconds."""

    a_second: float
    p99: float


class Ours:
    """Our recorder, and events for it."""

    def __init__(self, url: str, house: ExitStack) -> None:
        ring = house.enter_context(closing(KeyRing(url, Kek(bytes(32)), keep=3600)))
        self.keys = ring.fetch(set(PEOPLE))
        self.recorder = house.enter_context(closing(LogRecorder(url, 2)))

    def an_event(self) -> SealedEvent:
        order, scope = uuid4(), choice(PEOPLE)  # noqa: S311 - a load
        _, row = seal(Place(order, 1, "/reported_problem"), self.keys[scope], VALUE, token_bytes)
        return SealedEvent(order, 1, "service-order.opened", STATE, vault=(row,))

    def append(self) -> None:
        self.recorder.insert_events([self.an_event()])

    async def promised(self) -> None:
        answer, until = Promised(), monotonic() + PATIENCE
        events, request = [self.an_event()], RequestKey.new()
        self.recorder.committer.submit(Submission(events, request, answer, until))
        async with asyncio.timeout(PATIENCE):
            await answer


def rate(waits: list[float], seconds: float) -> Rate:
    return Rate(len(waits) / seconds, statistics.quantiles(waits, n=100)[98] * 1000)


def threads(append: Callable[[], object], clients: int) -> Rate:
    """Measure clients that hold a thread each."""
    start = Barrier(clients + 1)
    waits: list[float] = []

    def client() -> None:
        start.wait()
        until = perf_counter() + SECONDS
        while (began := perf_counter()) < until:
            append()
            waits.append(perf_counter() - began)

    running = [Thread(target=client) for _ in range(clients)]
    for thread in running:
        thread.start()
    start.wait()
    began = perf_counter()
    for thread in running:
        thread.join()
    return rate(waits, perf_counter() - began)


async def coroutines(ours: Ours, clients: int) -> Rate:
    """Measure clients that await."""
    waits: list[float] = []

    async def client() -> None:
        until = perf_counter() + SECONDS
        while (began := perf_counter()) < until:
            await ours.promised()
            waits.append(perf_counter() - began)

    began = perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return rate(waits, perf_counter() - began)


@contextmanager
def two_recorders() -> Iterator[tuple[PostgresApplicationRecorder, Ours]]:
    """Open the library's and ours, each on a database of its own of one server."""
    with ExitStack() as house:
        folder = Path(house.enter_context(TemporaryDirectory(prefix="os-events-")))
        folder.chmod(0o711)
        server = house.enter_context(Server(folder / "data", allow_root=True))
        for name in ("ours", "stock"):
            server.create(name)
        migrate(server.admin_url("ours"), [*log_migrations(), *keys_migrations()])
        socket = str(folder / "data" / "postgres")
        store = PostgresDatastore("stock", socket, 5432, "postgres", "", pool_size=80)
        house.callback(store.close)
        stock = PostgresApplicationRecorder(store)
        stock.create_table()
        yield stock, Ours(server.url("ours"), house)


def measured(clients: int, stock: PostgresApplicationRecorder, ours: Ours) -> dict[str, Rate]:
    """Alternate the three ways, round by round; give the median of each."""

    def stocked() -> None:
        stock.insert_events([StoredEvent(uuid4(), 1, "service-order.opened", STATE)])

    rounds: dict[str, list[Rate]] = {"stock": [], "threads": [], "coroutines": []}
    for _ in range(ROUNDS):
        rounds["stock"].append(threads(stocked, clients))
        rounds["threads"].append(threads(ours.append, clients))
        rounds["coroutines"].append(asyncio.run(coroutines(ours, clients)))
    return {
        way: Rate(*(statistics.median(column) for column in zip(*found, strict=True)))
        for way, found in rounds.items()
    }


def main() -> None:
    """Print and keep all of it."""
    figures: dict[str, float] = {}
    with two_recorders() as (stock, ours):
        for clients in CLIENTS:
            found = measured(clients, stock, ours)
            for way, (a_second, p99) in found.items():
                ratio = a_second / found["stock"].a_second
                print(f"{clients:3} {way:10} {a_second:7.0f}/s {ratio:5.1f} x, p99 {p99:5.1f} ms")
                figures |= {
                    f"{clients} {way} a second": a_second,
                    f"{clients} {way} ratio": ratio,
                    f"{clients} {way} p99 ms": p99,
                }
    report("appends", figures)


if __name__ == "__main__":
    main()
