"""Who is named in an answer."""

from typing import get_args
from uuid import UUID

import pytest
from pydantic import BaseModel

from os_events.aggregates.base import HEADER, DomainEvent
from os_events.eventlog.topics import below
from os_events.projections.names import PEOPLE, people_in
from os_events.projections.order_board.row import rows
from os_events.projections.order_view.document import document
from tests.support import ANA, CUSTOMER, FRIEND, TECHNICIAN, an_order, facts
from tests.views import a_life, history

OTHER_THINGS = {  # that have a UUID for a name
    "activity_id",
    "address_id",
    "asset_id",
    "assignment_id",
    "hold_id",
    "installation_id",
    "note_id",
    "notice_id",
    "of_payment_id",
    "order_ids",
    "part_request_id",
    "payment_id",
    "previous_order_id",
    "replaces",
    "unit_id",
}
EVENTS = [kind for kind in below(DomainEvent) if "TOPIC" in vars(kind)]


def ids_of(model: type[BaseModel]) -> set[str]:
    """Name the fields that hold UUIDs, however deep."""
    found = {
        name
        for name, info in model.model_fields.items()
        if UUID in (info.annotation, *kinds_in(info.annotation))
    }
    inside = [
        kind
        for info in model.model_fields.values()
        for kind in (info.annotation, *kinds_in(info.annotation))
        if isinstance(kind, type) and issubclass(kind, BaseModel)
    ]
    return found.union(*map(ids_of, inside))


def kinds_in(annotation: object) -> list[object]:
    return [kind for part in get_args(annotation) for kind in (part, *kinds_in(part))]


@pytest.mark.parametrize("kind", EVENTS)
def test_every_id_in_an_event_is_known_to_be_a_persons_or_not(kind: type[DomainEvent]) -> None:
    ids = ids_of(kind) - HEADER - {"key"}

    assert ids <= PEOPLE | OTHER_THINGS


def test_no_id_is_both() -> None:
    assert not PEOPLE & OTHER_THINGS


def test_whoever_is_in_a_history_is_named() -> None:
    assert people_in(*facts(a_life())) == {CUSTOMER, TECHNICIAN, UUID(ANA.id)}


def test_whoever_is_in_a_row_or_a_document_is_named() -> None:
    told = history(a_life())

    assert people_in(*rows(told)) == {CUSTOMER, TECHNICIAN}
    assert people_in(document(told)) == {CUSTOMER, TECHNICIAN, UUID(ANA.id)}


def test_all_who_may_collect_are_named() -> None:
    assert FRIEND in people_in(*facts(an_order(authorised_persons=(FRIEND,))))


def test_policies_and_integrations_are_nobody() -> None:
    assert people_in(ANA.model_copy(update={"id": "policy:setup"})) == set()
