"""What was offered and bought, what came in, and how the record was kept (kpis.md 6)."""

from os_events.aggregates.service_order.codes import ClosingOutcome
from os_events.aggregates.service_order.notes import AddNote
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.quote_answers import DeclineQuote
from os_events.aggregates.service_order.quote_validity import ExpireQuote
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.asking import Figures
from os_events.kpis.figures.late_entry_rate import LATE_ENTRY_RATE
from os_events.kpis.figures.override_rate import OVERRIDE_RATE
from os_events.kpis.figures.quote_approval import QUOTE_APPROVAL
from os_events.kpis.figures.quote_approval_value import QUOTE_APPROVAL_VALUE
from os_events.kpis.figures.ticket_medio import TICKET_MEDIO
from os_events.kpis.figures.ticket_medio_all import TICKET_MEDIO_ALL
from os_events.kpis.question import Dimension
from os_events.values.acts import Actor, Device, Role
from tests.figures import asked, counted, numbers, recorded, reopened
from tests.support import (
    BECAUSE,
    a_closing,
    a_consent,
    a_handover,
    a_quote,
    a_reception,
    a_triage,
    an_act,
    an_approval,
    an_item,
    an_opening,
    an_order,
    approved,
    ask,
    imported,
    later,
    worked,
)
from tests.views import a_delivery, a_life

A_POLICY = Actor(id="policy:reminders", role=Role.POLICY)
UNFIT = a_closing(ClosingOutcome.CANNOT_COMPLETE, cause_code="no-access")
DECLINED = DeclineQuote(quote_version=1, reason_code="too-dear", consent=a_consent())


def an_imported_order() -> ServiceOrder:
    return an_opening(**imported()).begin(an_act(**imported()), "OS-2026-000002")


def test_a_quote_counts_once_it_has_ended_and_at_the_largest_total_put_to_the_customer(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    cheaper = ask(ask(an_order(), a_quote()), DECLINED, later(1))
    ask(cheaper, a_quote(an_item(price=30_000)), later(2))
    ask(cheaper, an_approval(cheaper), later(3))
    declined = ask(ask(an_order(), a_quote()), DECLINED, later(1))
    expired = ask(ask(an_order(), a_quote()), a_delivery(), later(1))
    ask(expired, ExpireQuote(quote_version=1), later(24 * 20))
    pending = ask(an_order(), a_quote())
    recorded(log, followers, cheaper, declined, expired, pending)

    by_count, by_value = (asked(figures, one) for one in (QUOTE_APPROVAL, QUOTE_APPROVAL_VALUE))

    assert counted(by_count) == [(1, 3, {})]
    assert counted(by_value) == [(30_000, 120_000, {})]


def test_a_quote_is_pending_while_its_newest_version_is_though_an_older_one_expires(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    order = ask(ask(an_order(), a_quote()), a_delivery(), later(1))
    ask(order, a_quote(an_item(price=30_000)), later(24))
    ask(order, ExpireQuote(quote_version=1), later(24 * 20))
    recorded(log, followers, order)

    assert counted(asked(figures, QUOTE_APPROVAL)) == []


def test_an_order_that_cost_nothing_is_in_one_mean_and_not_in_the_other(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    for_nothing = ask(an_order(), UNFIT, later(1), reason=BECAUSE)
    still_open = reopened(a_life(number=2), 40)
    recorded(log, followers, a_life(), for_nothing, still_open)

    charged, of_all = (asked(figures, one) for one in (TICKET_MEDIO, TICKET_MEDIO_ALL))

    assert counted(charged) == [(39_000, 1, {"no_value": 1})]
    assert counted(of_all) == [(39_000, 2, {})]


def test_overrides_are_held_against_facts_of_the_same_kind(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    against_a_rule = worked(approved(ask(an_order(), a_reception())))
    ask(against_a_rule, a_handover(), declared=("C2",), reason=BECAUSE)
    recorded(log, followers, against_a_rule, a_life(number=2))

    found = asked(figures, OVERRIDE_RATE, by=(Dimension.SERIES,))

    assert numbers(found) == [("C2", 1, 2)]


def test_what_people_record_late_is_late_unless_they_were_offline(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    order = an_order()
    ask(order, a_triage(), later(1), device=Device(offline=True))
    ask(order, AddNote(text="Lembrete."), later(2), actor=A_POLICY)
    recorded(log, followers, order, an_imported_order())

    assert counted(asked(figures, LATE_ENTRY_RATE)) == [(1, 2, {})]
