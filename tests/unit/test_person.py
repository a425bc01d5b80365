from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.person.changing import ChangeCause, ChangePersonDetails, DetailsChanged
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.registering import Registered, RegisterPerson
from os_events.aggregates.person.values import (
    AddressDetail,
    AddressGiven,
    Document,
    DocumentType,
    PersonKind,
    PersonRelation,
)
from os_events.values.acts import Channel
from os_events.values.consumer import ConsumerStatus
from os_events.values.personal import Retention, personal_fields
from tests.support import SAO_PAULO, an_act, ask, facts, imported, news, past

CPF = Document(type=DocumentType.CPF, number="111.444.777-35")
RG = Document(type=DocumentType.RG, number="12.345.678-X")


def a_person(**fields: Any) -> RegisterPerson:
    given: dict[str, Any] = {"relations": (PersonRelation.CUSTOMER,), "name": "Maria da Silva"}
    return RegisterPerson(**given | fields)


def an_address(**fields: Any) -> AddressGiven:
    given: dict[str, Any] = {
        "uf": "SP",
        "municipality": "3550308",
        "zone": SAO_PAULO,
        "detail": AddressDetail(street="Rua Direita", number="10", postal_code="01310-100"),
    }
    return AddressGiven(**given | fields)


def registered(**fields: Any) -> Person:
    return past(a_person(**fields).begin(an_act()))


def test_a_person_is_registered_with_identifiers_in_normal_form() -> None:
    request = a_person(
        documents=(CPF, RG),
        phones=("(11) 98765-4321", "4004-1234"),
        emails=("Maria@Example.com",),
        addresses=(an_address(),),
    )
    act = an_act()

    person = request.begin(act)

    [(kind, fields)] = news(person)
    assert kind is Registered
    assert [one["number"] for one in fields["documents"]] == ["11144477735", "12.345.678-X"]
    assert [(one["number"], one["type"]) for one in fields["phones"]] == [
        ("+5511987654321", "mobile"),
        ("+5540041234", "shared_cost"),
    ]
    assert fields["emails"] == ("Maria@Example.com",)
    assert fields["addresses"][0]["detail"]["postal_code"] == "01310100"
    assert (person.id, person.subject) == (act.id, act.id)


def test_what_is_personal_says_how_long_it_is_kept() -> None:
    request = a_person(
        trade_name="Maria Consertos",
        documents=(CPF,),
        phones=("11987654321",),
        emails=("maria@example.com",),
        addresses=(an_address(),),
        accessibility="Atende por texto.",
    )

    [fact] = facts(request.begin(an_act()))

    marks = {found.pointer: found.mark.retention for found in personal_fields(fact)}
    assert marks == {
        "/name": Retention.IDENTITY,
        "/trade_name": Retention.IDENTITY,
        "/documents": Retention.IDENTITY,
        "/phones": Retention.CONTACT,
        "/emails": Retention.CONTACT,
        "/addresses/0/detail": Retention.CONTACT,
        "/accessibility": Retention.CONTACT,
    }


@pytest.mark.parametrize(("documents", "valid"), [((CPF,), True), ((RG,), False), ((), False)])
def test_a_document_is_valid_if_its_digits_agree(documents: Any, valid: bool) -> None:  # noqa: FBT001 - the expected value
    person = registered(documents=documents)

    assert person.has_valid_document is valid


def test_somebody_of_the_house_is_a_person_too() -> None:
    person = registered(relations=(PersonRelation.STAFF,))

    assert person.relations == (PersonRelation.STAFF,)


def test_addresses_are_told_apart() -> None:
    known = UUID(int=90)

    [fact] = facts(
        a_person(addresses=(an_address(), an_address(), an_address(address_id=known))).begin(
            an_act()
        )
    )

    ids = [address.address_id for address in fact.addresses]
    assert len(set(ids)) == 3
    assert ids[2] == known


@pytest.mark.parametrize(
    "wrong",
    [
        {"phones": ("1187654321",)},
        {"emails": ("maria@example",)},
        {"documents": ({"type": "cpf", "number": "11111111111"},)},
        {"documents": ({"type": "cnpj", "number": "12ABC34501DE36"},)},
        {"addresses": ({"uf": "SP", "municipality": "3550308", "zone": SAO_PAULO},)},
        {"addresses": (an_address(address_id=UUID(int=7)),) * 2},
        {"relations": ()},
        {"name": None},
    ],
)
def test_what_is_malformed_is_refused_before_it_is_kept(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_person(**wrong)


def test_an_import_may_not_know_the_name() -> None:
    request = a_person(name=None, channel=Channel.IMPORT)

    [fact] = facts(request.begin(an_act(**imported())))

    assert fact.name is None


def test_a_change_says_only_what_is_another_now() -> None:
    person = registered(documents=(CPF,))

    ask(person, ChangePersonDetails(phones=("1132654321",), cause=ChangeCause.CORRECTION))

    [(kind, fields)] = news(person)
    assert kind is DetailsChanged
    assert {name for name, value in fields.items() if value is not None} == {"cause", "phones"}
    assert person.has_valid_document


def test_a_change_of_documents_says_whether_one_is_valid() -> None:
    person = registered(documents=(CPF,))

    ask(person, ChangePersonDetails(documents=(RG,)))

    assert not person.has_valid_document


def test_a_list_may_be_emptied() -> None:
    person = registered(phones=("1132654321",))

    ask(person, ChangePersonDetails(phones=()))

    assert news(person)[0][1]["phones"] == ()


def test_a_person_remembers_what_decisions_may_ask() -> None:
    person = registered()
    change = ChangePersonDetails(
        kind=PersonKind.LEGAL,
        relations=(PersonRelation.CUSTOMER, PersonRelation.SUBCONTRACTOR),
        consumer_status=ConsumerStatus.BUSINESS,
    )

    ask(person, change)

    assert person.kind is PersonKind.LEGAL
    assert person.consumer_status is ConsumerStatus.BUSINESS
    assert PersonRelation.SUBCONTRACTOR in person.relations


def test_a_change_changes_something() -> None:
    with pytest.raises(ValidationError):
        ChangePersonDetails(cause=ChangeCause.CORRECTION)
