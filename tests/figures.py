"""Given, when and then for figures: orders on record, and what is said of them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.reopening import ReopeningCause, ReopenServiceOrder
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.answer import Group
from os_events.kpis.asking import Figures
from os_events.kpis.figure import Figure
from os_events.kpis.question import Period, Question
from tests.support import BECAUSE, SAO_PAULO, a_closing, a_completion, a_start, an_activity, ask
from tests.support import later as hours_later
from tests.views import deliver

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
LONG_AFTER = datetime(2026, 12, 31, tzinfo=UTC)
AGAIN = ReopenServiceOrder(cause=ReopeningCause.CUSTOMER_COMPLAINT, lines=("screen",))


def recorded(log: EventLog, followers: Iterable[Follower], *orders: ServiceOrder) -> None:
    """Given: orders on record, and facts derived of them."""
    for order in orders:
        log.record_now(order)
    deliver(*followers)


def reopened(order: ServiceOrder, hours: float) -> ServiceOrder:
    return ask(order, AGAIN, hours_later(hours), reason=BECAUSE)


def closed_again(order: ServiceOrder, hours: float) -> ServiceOrder:
    """Given: the screen done again at the bench, and the order closed."""
    for change in (a_start("screen"), an_activity(), a_completion("screen"), a_closing()):
        ask(order, change, hours_later(hours))
    return order


def asked(
    figures: Figures, figure: Figure, as_of: datetime = LONG_AFTER, **more: Any
) -> list[Group]:
    """When: ask for the year."""
    return figures.ask(figure, Question(YEAR, as_of, SAO_PAULO, **more))


def numbers(groups: Iterable[Group]) -> list[tuple[Any, ...]]:
    """Then: the values of each group, its numerator, and its denominator."""
    return [(*group.values.values(), group.numerator, group.denominator) for group in groups]


def counted(groups: Iterable[Group]) -> list[tuple[int, int, dict[str, int]]]:
    """Then: what each group counts, and what not."""
    return [(group.numerator, group.denominator, dict(group.left_out)) for group in groups]
