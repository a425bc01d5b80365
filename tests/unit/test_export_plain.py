"""What of a fact may leave the house in an export, and what may not."""

import pytest

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order.diagnosing import DiagnosisRecorded
from os_events.aggregates.service_order.notes import NoteAdded
from os_events.aggregates.service_order.opening import Opened
from os_events.exports.orders import facts
from os_events.exports.plain import HEAD, head, plain_fields
from os_events.values.personal import mark_of
from tests.golden.reference import events
from tests.support import a_triage, an_order, ask, later
from tests.views import history


@pytest.mark.parametrize("kind", events(), ids=lambda kind: kind.TOPIC)
def test_nothing_personal_leaves_and_no_name_is_used_twice(kind: type[DomainEvent]) -> None:
    leaves = plain_fields(kind)

    assert [name for name in leaves if mark_of(kind, name)] == []
    assert HEAD.keys() & leaves.keys() == set()


def test_codes_numbers_and_times_leave() -> None:
    assert dict(plain_fields(DiagnosisRecorded)) == {
        "diagnosis_no": int,
        "fault_code": str,
        "cause_side": str,
        "repairable": bool,
    }


def test_what_somebody_typed_and_whom_it_is_about_stays() -> None:
    assert dict(plain_fields(NoteAdded)) == {"visibility": str}
    assert (
        plain_fields(Opened)
        .keys()
        .isdisjoint({"customer_id", "reported_problem", "technical_data", "lines", "municipality"})
    )


def test_a_fact_says_when_it_was_claimed_to_happen_only_if_it_counts_from_another_instant() -> None:
    order = ask(ask(an_order(), a_triage(), later(1)), a_triage(), later(-1))

    opened, early, triaged = facts(history(order))

    assert "occurred_at" not in head(opened).keys() | head(triaged).keys()
    assert (early.at, head(early)["occurred_at"]) == (later(0), later(-1))
