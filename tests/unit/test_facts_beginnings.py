"""When an order began, when somebody first acted, when the fault was found."""

from uuid import UUID

import pytest

from os_events.aggregates.base import Change
from os_events.aggregates.service_order.codes import NoticeKind
from os_events.aggregates.service_order.notes import AddNote, Visibility
from os_events.aggregates.service_order.notices import NoticeMeans, SendNotice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.projections.facts.milestones.beginnings import (
    diagnosed,
    faulty,
    opened,
    responded,
)
from os_events.values.acts import Actor, Role
from tests.support import (
    CUSTOMER,
    NOON,
    a_reception,
    a_triage,
    an_order,
    ask,
    later,
)
from tests.views import a_diagnosis, a_life, history

A_NOTICE = SendNotice(kind=NoticeKind.DELAY, means=NoticeMeans.PHONE, recipient_id=CUSTOMER)
SEEN_BY_THE_CUSTOMER = AddNote(visibility=Visibility.CUSTOMER, text="Chegou bem.")
INTERNAL = AddNote(visibility=Visibility.INTERNAL, text="Caixa 4.")
A_POLICY = Actor(id="policy:reminders", role=Role.POLICY)


def waits_for_an_action(order: ServiceOrder) -> bool:
    [found] = responded(history(order))
    return (found.at, found.until, found.seconds) == (NOON, None, None)


def test_an_order_names_the_one_that_it_follows() -> None:
    before = UUID(int=77)

    [found] = opened(history(an_order(previous_order_id=before)))

    assert (found.at, found.related) == (NOON, before)


def test_nobody_has_acted_on_an_order_that_was_only_received() -> None:
    order = ask(an_order(), a_reception(), later(1))

    assert waits_for_an_action(order)


@pytest.mark.parametrize("action", [a_triage(), SEEN_BY_THE_CUSTOMER, A_NOTICE])
def test_the_first_action_counts_since_the_opening(action: Change[ServiceOrder]) -> None:
    order = ask(ask(an_order(), action, later(2)), a_diagnosis(), later(3))

    waiting, found = responded(history(order))

    assert (waiting.at, waiting.until, waiting.seconds) == (NOON, later(2), None)
    assert (found.at, found.until, found.seconds) == (later(2), None, 7200)


def test_what_the_opening_itself_states_is_no_action() -> None:
    order = ask(an_order(), a_triage(), NOON)

    assert waits_for_an_action(order)


def test_a_note_for_the_staff_is_no_action() -> None:
    order = ask(an_order(), INTERNAL, later(1))

    assert waits_for_an_action(order)


def test_a_notice_by_a_machine_is_no_action() -> None:
    order = ask(an_order(), A_NOTICE, later(1), actor=A_POLICY)

    assert waits_for_an_action(order)


def test_the_first_diagnosis_counts_since_the_opening() -> None:
    order = ask(a_life(), A_NOTICE, later(30))

    [found] = diagnosed(history(order))

    assert (found.at, found.seconds) == (later(5), 5 * 3600)


def test_a_fault_is_that_of_the_latest_diagnosis_until_the_next() -> None:
    no_sound = a_diagnosis().model_copy(update={"fault_code": "no-sound"})
    order = ask(ask(an_order(), a_diagnosis(), later(1)), no_sound, later(2))

    first, second = faulty(history(order))

    assert (first.subject, first.until) == ("broken-screen", later(2))
    assert (second.subject, second.until) == ("no-sound", None)
    assert order.asset is not None
    assert {first.related, second.related} == {order.asset.asset_id}
