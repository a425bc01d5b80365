"""What people type of things is on record for ever: no data of persons are in it (L1)."""

from collections.abc import Callable

import pytest
from pydantic import BaseModel, ValidationError

from os_events.aggregates.service_order.codes import AssigneeKind, PartCondition
from os_events.aggregates.service_order.opening import TechnicalDatum
from os_events.aggregates.service_order.organising import Assignee
from os_events.aggregates.service_order.values import CheckAnswer, CheckItem, PartSpec
from os_events.values.scalars import texts
from tests.support import a_phone, a_reception, an_item

NEW = PartCondition.NEW_ORIGINAL
DESCRIBED: dict[str, Callable[[str], BaseModel]] = {
    "place": lambda text: a_reception(place=text),
    "technical datum": lambda text: TechnicalDatum(code="login", value=text),
    "checked value": lambda text: CheckItem(code="port", answer=CheckAnswer.VALUE, value=text),
    "brand": lambda text: a_phone(brand=text),
    "model": lambda text: a_phone(model=text),
    "colour": lambda text: a_phone(colour=text),
    "capacity": lambda text: a_phone(capacity=text),
    "system": lambda text: a_phone(system_version=text),
    "manufacturer": lambda text: PartSpec(
        description="Tela", condition=NEW, warranty_days=90, manufacturer=text
    ),
    "third party": lambda text: an_item(third_party_name=text),
}


@pytest.mark.parametrize("described", DESCRIBED)
def test_what_describes_a_thing_names_no_person(described: str) -> None:
    with pytest.raises(ValidationError, match="names a person"):
        DESCRIBED[described]("de Maria, (11) 98765-4321")


@pytest.mark.parametrize("described", DESCRIBED)
def test_what_describes_a_thing_may_be_said(described: str) -> None:
    said = "Galaxy A54 5G, 2ª prateleira"

    assert said in texts(DESCRIBED[described](said))


@pytest.mark.parametrize("kind", [AssigneeKind.DEPARTMENT, AssigneeKind.SUBCONTRACTOR])
def test_a_department_is_named_by_a_code_and_not_by_whoever_is_in_it(kind: AssigneeKind) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        Assignee(kind=kind, id="Maria, ramal 12")
