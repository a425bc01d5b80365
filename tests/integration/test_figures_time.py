"""The figures of time and promise over a real log: one sample, hours apart."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from os_events.aggregates.service_order.codes import NoticeKind, WaiverBasis
from os_events.aggregates.service_order.diagnosing import StartDiagnosis
from os_events.aggregates.service_order.notices import NoticeMeans, SendNotice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import (
    MovedBy,
    PromiseCause,
    PromiseCompletion,
)
from os_events.aggregates.service_order.waivers import WaiveQuote
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.answer import Group
from os_events.kpis.asking import Figures
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.question import Dimension, Period, Question
from tests.support import (
    BECAUSE,
    CUSTOMER,
    SAO_PAULO,
    TECHNICIAN,
    a_completion,
    a_consent,
    a_phone,
    a_quote,
    a_reception,
    a_start,
    an_activity,
    an_order,
    ask,
    cancelling,
    later,
)
from tests.views import a_diagnosis, a_life, a_ready_notice, deliver

HOUR = 3600
LONG_AFTER = later(10_000)
SPRING = Period(date(2026, 3, 1), date(2026, 5, 1))
WARRANTY = WaiveQuote(basis=WaiverBasis.SERVICE_WARRANTY, lines=("screen",))
MOVED = PromiseCompletion(
    promised_at=later(72),
    moved_by=MovedBy.CUSTOMER,
    cause=PromiseCause.CUSTOMER,
    consent=a_consent(),
)
THE_QUOTE = SendNotice(
    kind=NoticeKind.QUOTE, means=NoticeMeans.EMAIL, recipient_id=CUSTOMER, quote_version=1
)


def back_again() -> Sequence[ServiceOrder]:
    """Repair a telephone, completed at hour 14; at hour 100 it comes again."""
    first = a_life()
    assert first.asset
    same = a_phone(serial="ZY22G8KXLM", asset_id=first.asset.asset_id)
    return first, a_life(later(100), 2, asset=same)


def put_off() -> ServiceOrder:
    """Promise hour 24, then hour 72; be ready at hour 31."""
    order = ask(an_order(), WARRANTY)
    ask(order, PromiseCompletion(promised_at=later(24)), later(1))
    ask(order, MOVED, later(2))
    ask(order, a_start("screen"), later(20))
    ask(order, an_activity(), later(20))
    ask(order, a_completion("screen"), later(30))
    return ask(order, a_ready_notice(), later(31))


def overdue() -> ServiceOrder:
    """Promise hour 10; offer at hour 4 what was found at hour 2, and hear nothing."""
    order = ask(an_order(), PromiseCompletion(promised_at=later(10)))
    ask(order, a_reception())
    ask(order, StartDiagnosis(technician_id=TECHNICIAN), later(1))
    ask(order, a_diagnosis(), later(2))
    ask(order, a_quote(), later(3))
    return ask(order, THE_QUOTE, later(4))


def given_up() -> ServiceOrder:
    order = ask(an_order(), PromiseCompletion(promised_at=later(10)))
    return ask(order, cancelling(), later(5), reason=BECAUSE)


@pytest.fixture
def sample(log: EventLog, followers: list[Follower], figures: Figures) -> Figures:
    for order in (*back_again(), put_off(), overdue(), given_up(), an_order()):
        log.record_now(order)
    deliver(*followers)
    return figures


def asked(figures: Figures, name: str, as_of: datetime = LONG_AFTER, *by: Dimension) -> list[Group]:
    return figures.ask(FIGURES[name], Question(SPRING, as_of, SAO_PAULO, by=by))


def totals(figures: Figures, *names: str, as_of: datetime = LONG_AFTER) -> dict[str, Any]:
    """Give numerator, denominator and what is left out, of each figure."""
    return {
        name: (one.numerator, one.denominator, dict(one.left_out))
        for name in names
        for one in asked(figures, name, as_of)
    }


def test_times_are_added_up_over_those_that_have_them(sample: Figures) -> None:
    expected: dict[str, Any] = {
        "tat_gross": (34 * HOUR, 2, {}),
        "tat_net": (24 * HOUR, 2, {}),
        "response_time": ((2 + 2 + 20 + 1) * HOUR, 4, {"no_action": 1}),
        "time_to_diagnosis": ((5 + 5 + 2) * HOUR, 3, {}),
        "time_to_quote": (2 * HOUR, 1, {}),
        "time_to_decision": (2 * HOUR, 2, {}),
        "mttr_repair": ((3 + 3 + 10) * HOUR, 3, {}),
        "parts_wait": (2 * HOUR, 2, {}),
        "mtbf": (86 * HOUR, 1, {}),
    }

    found = totals(sample, *expected)

    assert found == expected


def test_promises_are_kept_or_not_and_open_ones_count_once_they_have_passed(
    sample: Figures,
) -> None:
    expected: dict[str, Any] = {
        "first_promise": (2, 4, {"cancelled": 1}),
        "promise_slip": (48 * HOUR, 3, {}),
        "promise_revisions": (1, 1, {}),
    }

    found = totals(sample, *expected)

    assert found == expected
    assert totals(sample, "first_promise", as_of=later(10)) == {
        "first_promise": (0, 0, {"cancelled": 1})
    }
    assert totals(sample, "first_promise", as_of=later(11)) == {
        "first_promise": (0, 1, {"cancelled": 1})
    }


def test_figures_are_told_by_how_it_ended(sample: Figures) -> None:
    by = Dimension.SERIES

    found = {
        name: [group.values["series"] for group in asked(sample, name, LONG_AFTER, by)]
        for name in ("tat_gross", "time_to_decision", "promise_revisions")
    }

    assert found == {
        "tat_gross": ["repaired"],
        "time_to_decision": ["approved"],
        "promise_revisions": ["customer/customer"],
    }
