"""Stored bytes and events: what is written, what is read, and what is refused."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from pydantic_core import from_json

from os_events.aggregates.base import DomainEvent, Owner
from os_events.eventlog.keys import Scope
from os_events.eventlog.mapper import EventMapper
from os_events.eventlog.topics import UnreadableEventError, lift
from os_events.eventlog.vault import placeholders, scope_of
from os_events.values.personal import Found, Retention, Sealed
from os_events.values.personal import Kept as Marked
from os_events.values.scalars import canonical
from tests.logs import OneKeyForAll, stored
from tests.support import CUSTOMER, FRIEND, a_triage, an_order, ask

MAPPER = EventMapper()


def rewritten(**fields: Any) -> Any:
    """Given: an order's opening, as somebody else's program would have stored it."""
    [opening] = stored(an_order())
    return replace(opening, state=canonical(from_json(opening.state) | fields))


def test_what_is_stored_is_canonical_and_repeats_no_column() -> None:
    [opening] = stored(an_order())

    state = from_json(opening.state)

    assert canonical(state) == opening.state
    assert state["schema_version"] == 1
    assert not {"originator_id", "originator_version", "position", "recorded_at"} & state.keys()
    assert None not in state.values()


def test_what_is_read_is_what_was_written() -> None:
    order = ask(an_order(), a_triage())
    _, triaged = order.pending_events

    _, written = stored(order)

    assert MAPPER.to_domain_event(written) == triaged


def test_a_personal_value_leaves_a_placeholder_at_its_pointer() -> None:
    [opening] = stored(an_order(reported_problem="Não liga"))

    [kept] = placeholders(from_json(opening.state))

    assert kept.pointer == "/reported_problem"
    assert [(row.pointer, row.key_id) for row in opening.vault] == [(kept.pointer, kept.key_id)]
    assert "Não liga".encode() not in opening.state


def test_an_event_of_a_newer_program_is_refused_by_its_name() -> None:
    with pytest.raises(UnreadableEventError, match=r"service-order\.opened.*version 2"):
        MAPPER.to_domain_event(rewritten(schema_version=2))


@pytest.mark.parametrize("topic", ["service-order.unheard-of", "os:system", "subprocess:Popen"])
def test_a_topic_that_is_not_registered_is_refused(topic: str) -> None:
    with pytest.raises(UnreadableEventError, match=topic):
        MAPPER.to_domain_event(replace(rewritten(), topic=topic))


def test_an_aggregate_that_is_not_registered_is_refused() -> None:
    with pytest.raises(UnreadableEventError, match="subprocess:Popen"):
        MAPPER.to_domain_event(rewritten(originator_topic="subprocess:Popen"))


def test_a_placeholder_is_not_recorded_a_second_time() -> None:
    order = an_order()
    placeholder = Sealed.model_validate({"$commitment": "0" * 64, "$key": str(uuid4())})
    [opening] = order.pending_events
    assert isinstance(opening, DomainEvent)
    copied = opening.model_copy(update={"reported_problem": placeholder})

    with pytest.raises(ValueError, match="repeats a placeholder"):
        MAPPER.sealed(copied, order.owner(), OneKeyForAll())


OWNER = Owner(CUSTOMER, UUID(int=70), 2026)


@pytest.mark.parametrize(
    ("mark", "scope"),
    [
        (
            Marked(Retention.ORDER_EVIDENCE),
            Scope(CUSTOMER, "order_evidence", "2026"),
        ),
        (
            Marked(Retention.DEVICE_SECRET),
            Scope(CUSTOMER, "device_secret", str(OWNER.aggregate_id)),
        ),
        (
            Marked(Retention.CONTACT, subject="requester_id"),
            Scope(FRIEND, "contact", "2026"),
        ),
        (
            Marked(Retention.CONTACT, subject="previous_order_id"),
            Scope(CUSTOMER, "contact", "2026"),
        ),
    ],
    ids=["a year", "one aggregate", "another's", "nobody named"],
)
def test_a_value_is_sealed_for_its_subject_class_and_cohort(mark: Marked, scope: Scope) -> None:
    [opening] = an_order(requester_id=FRIEND).pending_events
    assert isinstance(opening, DomainEvent)

    found = Found(("reported_problem",), mark, opening, "Não liga")

    assert scope_of(found, OWNER) == scope


class Old:
    """An event whose shape has changed twice."""

    TOPIC = "old"
    schema_version = 3

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        fields["minutes"] = fields.pop("hours") * 60

    @staticmethod
    def upcast_v2_v3(fields: dict[str, Any]) -> None:
        fields["seconds"] = fields.pop("minutes") * 60


@pytest.mark.parametrize(
    ("written", "state"), [(1, {"hours": 2}), (2, {"minutes": 120}), (3, {"seconds": 7200})]
)
def test_an_old_shape_is_lifted_to_the_newest(written: int, state: dict[str, Any]) -> None:
    lift(cast("type[DomainEvent]", Old), state, written)

    assert state == {"seconds": 7200}
