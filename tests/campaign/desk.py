"""A real service desk: its file, imported once, and who is asked about it."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from os_events.aggregates.base import DomainEvent
from os_events.bootstrap.running import collect_seldom
from os_events.commands.importing.importer import Importer
from os_events.commands.importing.mapping import Mapping
from os_events.commands.importing.preparing import Preparer, Ready
from os_events.commands.importing.report import Report
from os_events.commands.importing.rows import read_file
from os_events.eventlog.database import FOLLOWER, open_pool
from os_events.eventlog.embedded import Server
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.eventlog.migrations import keys_migrations, log_migrations, migrate
from os_events.followers.follower import Follower
from os_events.followers.histories import by_aggregate
from os_events.followers.history_tables import HistoryTables
from os_events.kpis.answer import Group
from os_events.kpis.asking import Figures, install
from os_events.kpis.figure import Figure
from os_events.kpis.question import Dimension, Period, Question
from os_events.projections.facts import FACTS
from os_events.projections.facts.intervals import OrderIntervals
from os_events.values.company import Company

MAPPING = Path(__file__).parents[2] / "examples" / "import" / "service-desk.toml"
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
YEAR = Period(date(2016, 1, 1), date(2017, 4, 1))
UNTIL = datetime(2016, 6, 15, 12, tzinfo=SAO_PAULO)


class Desk(NamedTuple):
    """The file, imported once, and what came of it."""

    path: Path
    report: Report
    seconds: float
    log: EventLog
    by_incident: dict[str, list[DomainEvent]]
    versions: dict[str, dict[int, int]]  # of each incident: its version after a line of the file
    intervals: OrderIntervals
    figures: Figures

    def asked(self, figure: Figure, by: tuple[Dimension, ...], **more: Any) -> dict[Any, Group]:
        """Ask for the year and what came after; give the groups by period and values."""
        question = Question(YEAR, UNTIL, str(SAO_PAULO), by=by, **more)
        found = self.figures.ask(figure, question)
        return {(one.period, *one.values.values()): one for one in found}


@contextmanager
def opened_desk(server: Server, path: Path) -> Iterator[Desk]:
    """Import the file into a log of its own."""
    name = "servicedesk"
    server.create(name)
    migrate(server.admin_url(name), [*log_migrations(), *keys_migrations()])
    url = server.url(name)
    with (
        closing(KeyRing(url, Kek(bytes(32)))) as keys,
        EventLog(url, keys) as log,
        open_pool(url, FOLLOWER, 4) as pool,
    ):
        collect_seldom()
        begun = monotonic()
        importer, ready = imported(log, path)
        seconds = monotonic() - begun
        follower = Follower(log, pool, HistoryTables(log, FACTS))
        while follower.step():
            pass
        with pool.connection() as connection:
            install(connection)
        events = by_aggregate(log.read(0, log.head()))
        yield Desk(
            path,
            importer.report,
            seconds,
            log,
            {str(one.record.reference): events[one.order_id] for one in ready},
            {str(one.record.reference): versions(one) for one in ready},
            OrderIntervals(pool),
            Figures(pool),
        )


def imported(log: EventLog, path: Path) -> tuple[Importer, list[Ready]]:
    mapping = Mapping.of_toml(MAPPING.read_text(encoding="utf-8"))
    company = Company.of_toml(resources.files("os_events").joinpath("company.toml").read_text())
    file = read_file(path, mapping.source.encoding, mapping.source.delimiter)
    preparer = Preparer(mapping, file.sha256, company, datetime.now(UTC))
    importer = Importer(preparer, file, lambda _: None)
    ready = importer.rehearsed()
    asyncio.run(importer.record(ready, log))
    return importer, ready


def versions(ready: Ready) -> dict[int, int]:
    """Say how many events an incident has after each of its lines: one for each request."""
    asked = Counter({ready.record.rows[0].line: 1})
    for command in ready.commands:
        asked[command.line] += len(command.told)
    reached, found = 0, {}
    for row in ready.record.rows:
        reached += asked[row.line]
        found[row.line] = reached
    return found
