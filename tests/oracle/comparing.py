"""A log of many orders by chance, asked by chance: figures over fact tables, and the slow ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order.closing import Closed
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.work import WorkCompleted
from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.followers.history_tables import HistoryTables
from os_events.followers.rebuild import Source
from os_events.kpis.answer import Group
from os_events.kpis.asking import Figures, install
from os_events.kpis.bottleneck import bottleneck
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.figure import Figure
from os_events.kpis.past import Past
from os_events.kpis.question import Dimension, Grain, Period, Question
from os_events.projections.facts import FACTS
from tests.happenings import BEGINNING, ZONES
from tests.histories import Told, histories
from tests.logs import tamper
from tests.oracle.cases import answer, midnight, placed
from tests.oracle.catalogue import ORACLE
from tests.views import deliver

ENDS = WorkCompleted | DeviceHandedOver | Closed
WORKED_OFF = {"completed", "ready_for_pickup", "delivered"}


@dataclass(frozen=True)
class Asker:
    """Who asks both, about all that was known at some instant."""

    figures: Figures
    known: list[DomainEvent]
    suffix: str = ""

    def disagreements(self, chance: Random, rounds: int) -> Iterator["Disagreement"]:
        """Ask each figure some questions; give those with two answers."""
        for _ in range(rounds):
            for name in ORACLE:
                question = any_question(chance, self.known)
                yield from self.disagreement(FIGURES[name], replace(question, suffix=self.suffix))

    def disagreement(self, figure: Figure, question: Question) -> Iterator["Disagreement"]:
        """Ask a figure; give what is otherwise, and some of the cases that make the difference."""
        groups = self.figures.ask(figure, question)
        found: dict[Any, Group] = {(one.period, *one.values.values()): one for one in groups}
        expected = answer(figure, ORACLE[figure.name], question, self.known)
        if found != expected or len(found) != len(groups):
            keys = [key for key in {**found, **expected} if found.get(key) != expected.get(key)]
            first = keys[0] if keys else ()
            cases = self.differences(figure, question)[:6]
            yield Disagreement(figure.name, question, found.get(first), expected.get(first), cases)

    def bottlenecks(self, chance: Random, rounds: int) -> Iterator["Disagreement"]:
        """Ask where orders got stuck in some periods; give the answers that are otherwise."""
        figure, by = FIGURES["time_in_state"], (Dimension.SERIES,)
        for _ in range(rounds):
            asked = any_question(chance, self.known)
            question = replace(asked, grain=None, by=by, where={}, suffix=self.suffix)
            told = bottleneck(self.figures.ask(figure, question))
            found = next((one for one in told.stages if one.values["series"] == told.status), None)
            groups = answer(figure, ORACLE[figure.name], question, self.known).values()
            expected = max(filter(fills_up, groups), key=worse, default=None)
            if (found and worse(found)) != (expected and worse(expected)):
                yield Disagreement("bottleneck", question, found, expected, [])

    def differences(self, figure: Figure, question: Question) -> list[Any]:
        """List the cases that only one of the two knows, with the orders that they are of."""
        whole = question.whole()
        found = {
            (one.order_id, one.series, one.numerator, one.denominator, one.state)
            for one in self.figures.cases(figure, whole, 100_000)
        }
        expected = {
            (one.order.id, one.series or one.technician, *map(int, one[2:4]), one.state)
            for _, one in placed(figure, ORACLE[figure.name], whole, self.known)
        }
        return sorted(found ^ expected, key=str)


class Disagreement(NamedTuple):
    """Two answers to one question, by the first group that differs."""

    figure: str
    question: Question
    found: Group | None
    expected: Group | None
    cases: list[Any]


def fills_up(group: Group) -> bool:
    """Say whether more came into a status than left it, and the work was not done in it."""
    is_done = group.values["series"] in WORKED_OFF
    return not is_done and group.flows["entries"] > group.flows["exits"]


def worse(group: Group) -> tuple[int, int]:
    return group.numerator, group.p90 or 0


def record(log: EventLog, admin_url: str, told: list[Told]) -> None:
    """Put facts on record in this order, as if each had come when it is said to have come."""
    orders: dict[UUID, ServiceOrder] = {}
    versions: dict[UUID, int] = {}
    for _, event in told:
        order_id = event.originator_id
        versions[order_id] = versions.get(order_id, 0) + 1
        if isinstance(event, Opened):
            orders[order_id] = event.beginning(ServiceOrder)
        placed_fact = event.model_copy(update={"originator_version": versions[order_id]})
        orders[order_id].pending_events.append(placed_fact)
        log.record_now(orders[order_id])
    times = ", ".join(f"'{one.recorded_at.isoformat()}'" for one in told)
    came = f"UPDATE log.events SET recorded_at = (ARRAY[{times}]::timestamptz[])[position]"  # noqa: S608 - our own times
    tamper(admin_url, came)  # or all of them would have come just now


def followed(log: EventLog, pool: Pool) -> Figures:
    """Derive the facts of a log, and give whom to ask."""
    deliver(Follower(log, pool, HistoryTables(log, FACTS)))
    with pool.connection() as connection:
        install(connection)
    return Figures(pool)


def as_known(past: Past, now: Asker, instant: datetime) -> Asker:
    """Ask about what was known at an instant."""
    known = past.derive(instant)
    events = [event for event in now.known if event.recorded_at <= instant]
    assert events[-1:] == [] or events[-1].position == known.position
    return Asker(now.figures, events, known.suffix)


def askers(log: EventLog, pool: Pool, admin_url: str, chance: Random) -> list[Asker]:
    """Put many orders on record; give who asks about what is known, and what was known once."""
    record(log, admin_url, histories(chance, 25))
    now = Asker(followed(log, pool), list(log.read(0, log.head())))
    once = chance.choice(now.known).recorded_at
    return [now, as_known(Past(Source(log, pool)), now, once)]


def any_question(chance: Random, known: list[DomainEvent]) -> Question:
    """Ask by chance, often where something changes: at a fact, at the end of a window or a day."""
    grain = chance.choice([None, *Grain])
    length = timedelta(days=chance.choice([1, 7, 20] if grain is Grain.DAY else [1, 30, 61, 200]))
    first, zone = any_midnight(chance, known)
    period = Period(first, first + length)
    if chance.random() < 0.3:
        period = Period(first - length, first)
    fact = chance.choice(known).occurred_at
    window = timedelta(days=chance.choice([3, 28, 30, 30, 90]))
    ended = chance.choice([one.occurred_at for one in known if isinstance(one, ENDS)] or [fact])
    instants = [
        fact,
        ended + window,
        ended + window - timedelta(seconds=1),
        midnight(period.until, zone),
        BEGINNING + timedelta(minutes=chance.randrange(300 * 24 * 60)),
    ]
    by = tuple(chance.sample(list(Dimension), chance.choice([0, 1, 1, 2])))
    question = Question(period, chance.choice(instants), zone, grain, by)
    return replace(question, where=any_filter(chance, known))


def any_midnight(chance: Random, known: list[DomainEvent]) -> tuple[date, str]:
    """Give a day and a zone: every second time those of a fact of the very first instant of it."""
    zone = chance.choice(ZONES)
    local = [event.occurred_at.astimezone(ZoneInfo(zone)) for event in known]
    found = [at.date() for at in local if at.time() == time(0)]
    if found and chance.random() < 0.5:
        return chance.choice(found), zone
    return (BEGINNING + timedelta(days=chance.randrange(-5, 200))).date(), zone


def any_filter(chance: Random, known: list[DomainEvent]) -> dict[Dimension, tuple[str, ...]]:
    """Filter now and then: by something that the orders are."""
    opened = [event for event in known if isinstance(event, Opened)]
    one = chance.choice(opened)
    filters: list[dict[Dimension, tuple[str, ...]]] = [
        {Dimension.UNIT: (str(one.unit_id),)},
        {Dimension.TYPE: ("repair", one.type)},
        {Dimension.DEPARTMENT: ("lab", "")},
        {Dimension.SERIES: ("awaiting_parts", "gave-up", "Q10", "approved", "3-7", "")},
        {Dimension.STATE: ("",)},
    ]
    return chance.choice([*filters, {}, {}, {}, {}, {}])
