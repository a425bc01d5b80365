"""What is printed by mistake, in a log or a traceback, shows no personal value."""

import pytest
from pydantic import BaseModel, ValidationError

from os_events.aggregates.person.registering import Registered, RegisterPerson
from os_events.aggregates.person.values import AddressDetail, Document, DocumentType, PersonRelation
from os_events.aggregates.service_order.notes import AddNote
from os_events.aggregates.service_order.values import CheckAnswer, CheckItem
from os_events.bootstrap.databases import Admin, Databases
from os_events.values.acts import Reason
from tests.support import a_consent, an_act, an_opening

CANARY = "Canário Amarelo"
HOLDERS = [
    AddNote(text=CANARY),
    RegisterPerson(relations=(PersonRelation.CUSTOMER,), name=CANARY),
    an_opening(reported_problem=CANARY),
    an_act(reason=Reason(code="late", note=CANARY)),
    Reason(code="late", note=CANARY),
    a_consent(ip=CANARY),
    CheckItem(code="screen", answer=CheckAnswer.OK, note=CANARY),
    Document(type=DocumentType.RG, number=CANARY),
    AddressDetail(street=CANARY),
]


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_what_holds_a_personal_value_is_shown_without_it(holder: BaseModel) -> None:
    assert CANARY not in repr(holder)
    assert CANARY not in repr({"in a list": [holder]})


def test_an_event_that_does_not_fit_is_complained_of_without_its_values() -> None:
    with pytest.raises(ValidationError) as refused:
        Registered.model_validate({"name": [CANARY], "documents": CANARY, "unknown": CANARY})

    assert CANARY not in str(refused.value)


def test_a_request_that_does_not_fit_is_complained_of_without_its_values() -> None:
    with pytest.raises(ValidationError) as refused:
        RegisterPerson.model_validate({"name": CANARY * 20, "relations": CANARY})

    assert CANARY not in str(refused.value)


def test_addresses_of_databases_are_shown_without_their_passwords() -> None:
    address = "postgresql://os_app:hush@db/os_events"

    shown = repr(Databases(address, address, Admin(address, address), None))

    assert "hush" not in shown
