"""What is known of a person, and what of it a row may hold."""

from typing import Any

from os_events.aggregates.person.changing import ChangePersonDetails
from os_events.aggregates.person.history import PersonHistory
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.values import AddressDetail, AddressGiven, PersonRelation
from os_events.projections.person_record import PersonRow, rows
from tests.support import NOON, SAO_PAULO, ask, facts, later
from tests.views import a_person, logged, person_history

RUA = AddressGiven(
    uf="SP",
    municipality="3550308",
    zone=SAO_PAULO,
    detail=AddressDetail(street="Rua Direita", number="10"),
)


def row_of(person: Person) -> PersonRow:
    [row] = rows(person_history(person))
    return row


def test_a_person_is_shown_with_what_is_not_personal() -> None:
    row = row_of(a_person(addresses=(RUA,)))

    assert (row.details.kind, row.details.relations) == ("natural", ("customer",))
    assert (row.details.has_documents, row.details.has_phones) == (True, True)
    assert [(one.uf, one.municipality) for one in row.details.places] == [("SP", "3550308")]


def test_no_name_no_number_and_no_street_is_in_a_row() -> None:
    text = str(row_of(a_person(addresses=(RUA,))))

    assert "João" not in text
    assert "98765" not in text
    assert "11144477735" not in text
    assert "Direita" not in text


def test_a_change_replaces_what_it_names_and_nothing_else() -> None:
    relations = (PersonRelation.CUSTOMER, PersonRelation.STAFF)
    person = ask(a_person(), ChangePersonDetails(relations=relations), later(1))

    row = row_of(person)

    assert row.details.relations == ("customer", "staff")
    assert row.details.has_phones
    assert (row.registered_at, row.changed_at, row.changes, row.version) == (NOON, later(1), 1, 2)


def test_of_two_changes_the_one_that_happened_last_counts() -> None:
    person = a_person()
    ask(person, ChangePersonDetails(name="João Souza"), later(2))
    ask(person, ChangePersonDetails(name="João Silva"), later(1))  # told last, happened first

    known = person_history(person).known

    assert known is not None
    assert known.name == "João Souza"


def test_who_is_not_registered_is_not_known() -> None:
    [_, change] = facts(ask(a_person(), ChangePersonDetails(name="João Souza")))

    told = PersonHistory.of(logged([change.model_copy(update={"originator_version": 2})]))

    assert told.known is None
    assert list(rows(told)) == []


def test_a_row_is_the_same_whatever_order_it_is_read_in() -> None:
    person = ask(a_person(), ChangePersonDetails(name="João Souza"), later(1))
    events: list[Any] = logged(facts(person))

    [forwards] = rows(PersonHistory.of(events))
    [backwards] = rows(PersonHistory.of(reversed(events)))

    assert forwards == backwards
