"""By what people and orders are found, and that rows do not say it."""

import pytest

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.person.changing import ChangePersonDetails
from os_events.aggregates.person.history import PersonHistory
from os_events.projections.lookup import (
    asked,
    digest,
    order_rows,
    person_rows,
    terms_of_order,
    terms_of_person,
    words,
)
from os_events.values.personal import Erased
from tests.support import a_phone, a_reception, an_order, ask, facts, later
from tests.views import SECRET, a_person, history, logged, person_history


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("João da Silva", ["joao", "da", "silva"]),
        ("CONCEIÇÃO", ["conceicao"]),
        ("Luís d'Ávila", ["luis", "d", "avila"]),
        ("Straße & Söhne 24h", ["strasse", "sohne", "24h"]),
        ("Joa\u0303o", ["joao"]),
        (" – ", []),
    ],
)
def test_a_name_is_its_words_without_accents_or_case(name: str, found: list[str]) -> None:
    assert words(name) == found


def test_a_person_is_found_by_name_phone_and_document() -> None:
    assert set(terms_of_person(person_history(a_person(trade_name="Silva Reparos")))) == {
        ("name", "joao"),
        ("name", "da"),
        ("name", "silva"),
        ("name", "reparos"),
        ("phone", "+5511987654321"),
        ("phone_end", "87654321"),
        ("phone_end", "987654321"),
        ("document", "11144477735"),
    }


def test_a_person_is_found_by_the_new_name_only() -> None:
    person = ask(a_person(), ChangePersonDetails(name="Maria Souza"), later(1))

    found = [term for term in terms_of_person(person_history(person)) if term[0] == "name"]

    assert found == [("name", "maria"), ("name", "souza")]


def test_who_was_erased_is_found_by_nothing() -> None:
    [registered] = facts(a_person())
    gone = dict.fromkeys(("name", "phones", "documents"), Erased())

    told = PersonHistory.of(logged([registered.model_copy(update=gone)]))

    assert list(person_rows(SECRET, told)) == []


def test_an_order_is_found_by_every_device_that_it_was_about() -> None:
    order = an_order(asset=a_phone(serial="ZY22G8KXLM", imeis=("490154203237518",)))
    ask(order, a_reception(asset=a_phone(serial="ZY22G8KXLN", mac="00-1A-2B-3C-4D-5E")))

    assert list(terms_of_order(history(order))) == [
        ("serial", "ZY22G8KXLM"),
        ("imei", "490154203237518"),
        ("serial", "ZY22G8KXLN"),
        ("mac", "00:1a:2b:3c:4d:5e"),
    ]


def test_a_row_holds_a_digest_under_the_secret() -> None:
    told = history(an_order(asset=a_phone(serial="ZY22G8KXLM")))

    [row] = order_rows(SECRET, told)

    assert (row.kind, row.digest) == ("serial", digest(SECRET, ("serial", "ZY22G8KXLM")))
    assert row.digest != digest(bytes(32), ("serial", "ZY22G8KXLM"))


def test_the_same_word_of_another_kind_has_another_digest() -> None:
    assert digest(SECRET, ("name", "silva")) != digest(SECRET, ("serial", "silva"))


def test_nothing_is_found_before_the_beginning() -> None:
    empty = OrderHistory.of([])

    assert list(order_rows(SECRET, empty)) == []
    assert list(person_rows(SECRET, PersonHistory.of([]))) == []


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("(11) 98765-4321", ("phone", "+5511987654321")),
        ("+55 11 98765 4321", ("phone", "+5511987654321")),
        ("98765-4321", ("phone_end", "987654321")),
        ("8765 4321", ("phone_end", "87654321")),
        ("111.444.777-35", ("document", "11144477735")),
        ("12.345.678-9", ("document", "123456789")),
        ("490154203237518", ("imei", "490154203237518")),
    ],
)
def test_a_number_is_one_term_however_it_is_written(text: str, term: tuple[str, str]) -> None:
    [meant] = asked(text)

    assert term in meant


def test_each_word_is_a_term() -> None:
    first, second = asked("João  zy22g8kxlm -")

    assert ("name", "joao") in first
    assert {("name", "zy22g8kxlm"), ("serial", "ZY22G8KXLM")} <= second


@pytest.mark.parametrize("text", ["", "  ", "- –", "()"])
def test_no_word_is_no_term(text: str) -> None:
    assert asked(text) == []


def test_a_long_text_asks_for_its_first_words() -> None:
    assert len(asked("a " * 1000)) == 12
