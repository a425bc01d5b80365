"""A figure is asked by period and by what orders were, as of any instant."""

from datetime import date, datetime
from decimal import Decimal

from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.answer import Group
from os_events.kpis.asking import Figures
from os_events.kpis.figures.backlog import BACKLOG
from os_events.kpis.figures.mttr_resolve import MTTR_RESOLVE
from os_events.kpis.figures.time_in_state import TIME_IN_STATE
from os_events.kpis.question import Dimension, Grain, Period, Question
from tests.support import NOON, a_triage, an_order, ask, later
from tests.views import a_life, deliver

LONG_AFTER = later(10_000)


def asked(as_of: datetime = LONG_AFTER, **more: object) -> Question:
    """Ask for three months around NOON."""
    first = NOON.date().replace(day=1)
    period = Period(date(first.year, first.month, 1), date(first.year, first.month + 2, 1))
    return Question(period, as_of, "America/Sao_Paulo", **more)  # type: ignore[arg-type] # as named


def test_a_duration_is_told_with_its_sum_its_number_and_its_percentiles(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    log.record_now(a_life())
    deliver(*followers)

    found = figures.ask(MTTR_RESOLVE, asked(grain=Grain.MONTH, by=(Dimension.PRIORITY,)))

    hours = 14 * 3600
    assert found == [
        Group(NOON.date().replace(day=1), {"priority": "normal"}, hours, 1, 1, hours, hours)
    ]
    assert found[0].value(MTTR_RESOLVE.unit) == Decimal(hours)


def test_a_figure_knows_nothing_of_what_happened_after_the_instant_asked(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    log.record_now(a_life())
    deliver(*followers)

    assert figures.ask(MTTR_RESOLVE, asked(later(13.9))) == []
    assert len(figures.ask(MTTR_RESOLVE, asked(later(14)))) == 1


def test_the_backlog_is_counted_at_the_end_of_each_period(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    log.record_now(ask(an_order(), a_triage(), later(50)))
    deliver(*followers)

    found = figures.ask(BACKLOG, asked(grain=Grain.WEEK, by=(Dimension.SERIES,)))

    ages = [group.values["series"] for group in found]
    assert ages == ["3-7", "8-15", "16-30", "16-30", "31+", "31+", "31+", "31+", "31+"]


def test_time_in_state_counts_entries_and_exits_inside_the_period(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    log.record_now(ask(an_order(), a_triage(), later(2)))
    deliver(*followers)

    found = figures.ask(TIME_IN_STATE, asked(later(5), by=(Dimension.SERIES,)))

    told = [(group.values["series"], group.numerator, dict(group.flows)) for group in found]
    assert told == [
        ("open", 7200, {"entries": 1, "exits": 1, "unended": 0}),
        ("queued", 10800, {"entries": 1, "exits": 0, "unended": 1}),
    ]


def test_nothing_is_told_of_a_period_that_has_not_begun(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    log.record_now(an_order())
    deliver(*followers)

    found = figures.ask(TIME_IN_STATE, asked(later(5), grain=Grain.MONTH))

    assert [(group.period, group.numerator) for group in found] == [
        (NOON.date().replace(day=1), 5 * 3600)
    ]


def test_the_cases_behind_a_number_come_page_by_page(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    log.record_now(a_life())
    deliver(*followers)
    whole = figures.cases(TIME_IN_STATE, asked(), 100)

    first = figures.cases(TIME_IN_STATE, asked(), 5)
    rest = figures.cases(TIME_IN_STATE, asked(), 100, first[-1])

    assert first + rest == whole
    assert whole[0].series == "open"


def test_the_cases_that_do_not_count_are_listed_by_their_reason(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    log.record_now(a_life())
    deliver(*followers)
    [whole] = figures.ask(TIME_IN_STATE, asked())

    counted = figures.cases(TIME_IN_STATE, asked(where={Dimension.STATE: ("",)}), 100)
    momentary = figures.cases(TIME_IN_STATE, asked(where={Dimension.STATE: ("momentary",)}), 100)

    assert len(counted) == whole.cases
    assert len(momentary) == whole.left_out.get("momentary", 0)
