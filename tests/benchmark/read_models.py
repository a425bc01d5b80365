"""What read models cost: facts decoded, replayed, derived; a rebuild; the lag of live followers.

Run: make bench
"""

import asyncio
import gc
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter, process_time, sleep
from typing import Any
from uuid import UUID, uuid4

from pydantic_core import from_json

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.chronology import History
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.person.values import PersonRelation
from os_events.bootstrap.databases import migrations
from os_events.eventlog import database
from os_events.eventlog.embedded import Server
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.eventlog.mapper import EventMapper, LoggedEvent
from os_events.eventlog.migrations import keys_migrations, migrate
from os_events.followers.follower import Follower
from os_events.followers.history_tables import grouped
from os_events.followers.rebuild import Rebuild, Source, without_collector
from os_events.followers.runner import Runner
from os_events.followers.tables import Table
from tests.benchmark.report import report
from tests.logs import stored
from tests.support import NOON, a_triage, an_act, an_order, ask, later
from tests.views import DERIVATIONS, ORDER_VIEWS, a_life

CUSTOMERS = [UUID(int=n) for n in range(100, 1100)]
AT_ONCE = 200  # orders recorded together
A_SECOND = 500  # events, in the measurement of lag
AT_WORK = 2_000  # orders that these are of: none waits for another of its own
SECONDS = 10


def micros(work: Callable[[], Any], events: int, rounds: int = 5) -> float:
    """Give microseconds an event: the median of some rounds."""
    took = []
    for _ in range(rounds):
        began = perf_counter()
        work()
        took.append((perf_counter() - began) / events * 1e6)
    return statistics.median(took)


def costs() -> dict[str, float]:
    """Say what one event costs without a database, in microseconds."""
    mapper = EventMapper()
    lives = [[as_logged(event) for event in stored(a_life(number=n))] for n in range(200)]
    n = sum(map(len, lives))

    def read() -> list[list[DomainEvent]]:
        return [[mapper.event(one, from_json(one.state)) for one in life] for life in lives]

    decode, decoded = micros(read, n), read()
    sort = micros(lambda: [OrderHistory.of(life) for life in decoded], n)
    replay = micros(lambda: [OrderHistory.of(life).course for life in decoded], n) - sort
    known = {uuid4(): OrderHistory.of(life) for life in decoded}
    found = {"decode": decode, "sort": sort, "replay and status": replay}
    for view in ORDER_VIEWS:
        table = Table(view)
        found[view.name] = micros(partial(derive, table, known), n)
    return found


def derive(table: Table, histories: Mapping[UUID, History]) -> list[Any]:
    return list(table.derive(histories))


def as_logged(event: Any) -> LoggedEvent:
    return LoggedEvent(
        originator_id=event.originator_id,
        originator_version=event.originator_version,
        topic=event.topic,
        state=event.state,
        id=event.originator_version,
        recorded_at=NOON,
    )


async def fill(log: EventLog, orders: int) -> None:
    """Record people and the lives of their orders, many at a time."""
    for customer_id in CUSTOMERS:
        relations = (PersonRelation.CUSTOMER,)
        request = RegisterPerson(relations=relations, name="Maria de Souza")
        await log.record(request.begin(an_act(id=customer_id)))
    for first in range(0, orders, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, orders))
        lives = (a_life(number=n, customer_id=CUSTOMERS[n % len(CUSTOMERS)]) for n in numbers)
        await asyncio.gather(*(log.record(life) for life in lives))


@contextmanager
def reached(url: str) -> Iterator[Source]:
    """Open log and pool, as a process of a rebuild does."""
    with ExitStack() as opened:
        keys = KeyRing(url, Kek(bytes(32)))
        opened.callback(keys.close)
        log = opened.enter_context(EventLog(url, keys, pool_size=8, patience=60))
        yield Source(log, opened.enter_context(database.open_pool(url, database.FOLLOWER, 8)))


@contextmanager
def a_server() -> Iterator[str]:
    """Start a server, and give the address of a log on it."""
    with TemporaryDirectory(prefix="os-events-") as name:
        Path(name).chmod(0o711)
        with Server(Path(name) / "data", allow_root=True) as server:
            server.create("bench")
            migrate(server.admin_url("bench"), [*migrations(), *keys_migrations()])
            yield server.url("bench")


def rebuilds(source: Source, url: str) -> dict[str, float]:
    """Build all tables anew, in one process and in two; give events a second.

    The last figure is of the time for which the one process had a core.
    """
    rates: dict[str, list[float]] = {}
    for processes in (1, 2, 2, 1):
        began, busy = perf_counter(), process_time()
        Rebuild(source, DERIVATIONS).run(processes=processes, reach=partial(reached, url))
        head = source.log.head()
        rates.setdefault(f"{processes} processes", []).append(head / (perf_counter() - began))
        if processes == 1:
            rates.setdefault("1 core", []).append(head / (process_time() - busy))
    return {f"rebuild, {how}, events/s": statistics.mean(found) for how, found in rates.items()}


def caught_up(source: Source) -> float:
    """Let live followers read the whole log, one after the other; give events a second."""
    began = perf_counter()
    for follower in followers(source):
        while follower.step():
            pass
    return source.log.head() / (perf_counter() - began)


def followers(source: Source) -> list[Follower]:
    return [
        Follower(source.log, source.pool, effect) for effect in grouped(source.log, DERIVATIONS)
    ]


def lag(source: Source, url: str) -> list[float]:
    """Record for some seconds, one event at a time; give how far behind the slowest table was."""
    stop = Event()
    running = followers(source)
    connect = partial(database.connect, url, database.FOLLOWER)
    threads = [Thread(target=Runner(one, connect).run, args=(stop,)) for one in running]
    for thread in threads:
        thread.start()
    recorded: dict[int, float] = {}
    waits: list[float] = []

    def watch() -> None:
        seen = source.log.head()
        while not stop.is_set():
            position = min(one.position() for one in running)
            now = perf_counter()
            waits.extend(now - recorded[n] for n in range(seen + 1, position + 1) if n in recorded)
            seen = max(seen, position)
            sleep(0.005)

    watcher = Thread(target=watch)
    watcher.start()
    asyncio.run(trickle(source.log, recorded))
    sleep(1)
    stop.set()
    for thread in (*threads, watcher):
        thread.join()
    return waits


async def trickle(log: EventLog, recorded: dict[int, float]) -> None:
    """Record events at planned instants, whether earlier ones are recorded or not."""
    orders = [an_order() for _ in range(AT_WORK)]
    for order in orders:
        await log.record(order)
    began = perf_counter()

    async def one(n: int) -> None:
        await asyncio.sleep(max(0.0, began + n / A_SECOND - perf_counter()))
        answer = await log.record(ask(orders[n % AT_WORK], a_triage(), later(1 + n / 1000)))
        recorded[answer.position] = perf_counter()

    await asyncio.gather(*(one(n) for n in range(A_SECOND * SECONDS)))


def main(orders: int) -> None:
    """Print all of it, and keep the figures."""
    with without_collector():
        found = {f"{what}, us/event": cost for what, cost in costs().items()}
    gc.set_threshold(100_000, 50, 1_000)
    with a_server() as url, reached(url) as source:
        asyncio.run(fill(source.log, orders))
        found["events"] = source.log.head()
        found["live followers catching up, events/s"] = caught_up(source)
        found |= rebuilds(source, url)
        waits = lag(source, url)
        found[f"lag at {A_SECOND} events/s, p50 ms"] = statistics.median(waits) * 1e3
        found[f"lag at {A_SECOND} events/s, p99 ms"] = statistics.quantiles(waits, n=100)[98] * 1e3
    for what, figure in found.items():
        print(f"{what:45} {figure:10.1f}")
    report("read models", found)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10_000)
