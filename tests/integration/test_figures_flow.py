"""How much there is to do, and how much gets done (kpis.md 5)."""

from uuid import UUID

from os_events.aggregates.service_order.codes import HoldCause, HoldScope, PartState
from os_events.aggregates.service_order.holds import PlaceHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import Supply, UpdatePartSupply
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.asking import Figures
from os_events.kpis.figures.backlog_days import BACKLOG_DAYS
from os_events.kpis.figures.cancellation_rate import CANCELLATION_RATE
from os_events.kpis.figures.fill_rate import FILL_RATE
from os_events.kpis.figures.hours_per_order import HOURS_PER_ORDER
from os_events.kpis.figures.productivity import PRODUCTIVITY
from os_events.kpis.figures.throughput import THROUGHPUT
from os_events.kpis.figures.wip import WIP
from os_events.kpis.question import Dimension, Grain
from tests.figures import asked, closed_again, counted, numbers, recorded, reopened
from tests.support import (
    BECAUSE,
    TECHNICIAN,
    a_completion,
    a_start,
    an_activity,
    an_order,
    approved,
    ask,
    cancelled,
    later,
)
from tests.views import a_life, a_part_request, a_quote_with_a_part, an_installation

DAY = 24
MIDNIGHT = later(12)
OTHER = UUID(int=55)
ON_HOLD = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.CUSTOMER)


def worked_by(who: UUID, hours: float, until: float) -> ServiceOrder:
    """Do an order's services, and complete it in the end; its time is that of one technician."""
    order = approved(an_order())
    ask(order, a_start(technician_id=who), later(hours))
    for line in ("screen", "port"):
        ask(order, an_activity(line, technician_id=who), later(hours))
    return ask(order, a_completion(technician_id=who), later(until))


def installed(supply: Supply, minutes: float) -> ServiceOrder:
    """Put in a part that was reserved some time after it was asked for."""
    order = approved(an_order(), a_quote_with_a_part())
    ask(order, a_part_request().model_copy(update={"supply": supply}))
    [request_id] = order.part_requests
    reserved = UpdatePartSupply(part_request_id=request_id, state=PartState.RESERVED)
    ask(order, reserved, later(minutes=minutes))
    return ask(order, an_installation(request_id), later(5))


def test_days_of_backlog_are_those_that_it_takes_to_close_it(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    held = ask(an_order(), ON_HOLD, later(1), reason=BECAUSE)
    recorded(log, followers, a_life(), an_order(later(30)), an_order(later(40)), held)

    while_it_counts = asked(figures, BACKLOG_DAYS, later(19 + 28 * DAY - 1))
    afterwards = asked(figures, BACKLOG_DAYS, later(19 + 28 * DAY + 1))

    assert counted(while_it_counts) == [(56, 1, {})]
    assert counted(afterwards) == [(56, 0, {})]


def test_nothing_is_told_of_months_that_have_not_begun(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    recorded(log, followers, an_order())

    found = asked(figures, WIP, later(40 * DAY), grain=Grain.MONTH)

    assert [(str(group.period), group.numerator) for group in found] == [
        ("2026-03-01", 1),
        ("2026-04-01", 1),
    ]


def test_what_is_done_and_not_closed_is_in_process(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    recorded(log, followers, a_life(), an_order())

    found = [asked(figures, WIP, later(hours)) for hours in (15, 19)]

    assert [counted(one) for one in found] == [[(2, 2, {})], [(1, 1, {})]]


def test_an_order_that_was_closed_twice_went_out_twice(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    recorded(log, followers, closed_again(reopened(a_life(), 40), 50), a_life(number=2))

    assert counted(asked(figures, THROUGHPUT)) == [(3, 3, {})]


def test_the_shares_of_causes_add_up_to_the_rate_of_cancellation(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    recorded(log, followers, *(cancelled(an_order()) for _ in range(2)), an_order(), an_order())

    by_cause = asked(figures, CANCELLATION_RATE, by=(Dimension.SERIES,))
    of_one_cause = asked(figures, CANCELLATION_RATE, where={Dimension.SERIES: ("gave-up",)})

    assert numbers(asked(figures, CANCELLATION_RATE)) == [(2, 4)]
    assert numbers(by_cause) == [("gave-up", 2, 4)]
    assert numbers(of_one_cause) == [(2, 4)]


def test_nobody_waited_for_a_part_that_was_reserved_from_stock_within_an_hour(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    in_time, late = (installed(Supply.STOCK, minutes) for minutes in (60, 61))
    recorded(log, followers, in_time, late, installed(Supply.SUPPLIER, 1))

    assert counted(asked(figures, FILL_RATE)) == [(1, 3, {})]


def test_a_part_put_in_that_nobody_asked_for_was_not_reserved(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    order = approved(an_order(), a_quote_with_a_part())
    nobody_asked = an_installation(UUID(int=0)).model_copy(update={"part_request_id": None})
    recorded(log, followers, ask(order, nobody_asked))

    assert counted(asked(figures, FILL_RATE)) == [(0, 1, {})]


def test_productivity_counts_each_technicians_days_once(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    same_day = [worked_by(TECHNICIAN, hours, hours + 1) for hours in (1, 3)]
    over_night = worked_by(OTHER, 2, 26)
    recorded(log, followers, *same_day, over_night, a_life())

    found = asked(figures, PRODUCTIVITY, by=(Dimension.TECHNICIAN,))

    assert numbers(asked(figures, PRODUCTIVITY)) == [(4, 4)]
    assert numbers(found) == [(str(TECHNICIAN), 3, 2), (str(OTHER), 1, 2)]


def test_work_that_goes_on_at_midnight_has_not_touched_the_next_day(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    recorded(log, followers, ask(approved(an_order()), a_start("screen"), later(2)))

    assert numbers(asked(figures, PRODUCTIVITY, MIDNIGHT)) == [(0, 1)]


def test_work_that_goes_on_has_been_done_on_each_day_so_far(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    recorded(log, followers, worked_by(OTHER, 2, 50))

    found = [asked(figures, PRODUCTIVITY, later(hours)) for hours in (2, 3, 27, 51)]

    assert [numbers(one) for one in found] == [[], [(0, 1)], [(0, 2)], [(1, 3)]]


def test_hours_per_order_are_those_of_orders_with_labour(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    recorded(log, followers, a_life(), worked_by(TECHNICIAN, 1, 2))

    assert counted(asked(figures, HOURS_PER_ORDER)) == [(4 * 3600, 2, {})]
