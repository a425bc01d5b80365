"""What a quote holds."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError
from os_events.aggregates.service_order.checks import OrderEndedError, UnknownLineError
from os_events.aggregates.service_order.codes import LineKind, PartCondition
from os_events.aggregates.service_order.quoting import (
    QuoteIncompleteError,
    QuoteIssued,
    SupplierIdentityMissingError,
)
from os_events.aggregates.service_order.values import EndTerm, PartSpec, StartTerm
from os_events.values.company import Policies
from os_events.values.scalars import canonical
from tests.support import (
    UNIT,
    a_company,
    a_quote,
    an_item,
    an_order,
    ask,
    cancelled,
    facts,
    imported,
    later,
    news,
    past,
)

SCREEN = PartSpec(description="Tela", condition=PartCondition.NEW_ORIGINAL, warranty_days=90)


def a_part(**fields: Any) -> Any:
    given = {"quote_line_id": "part-screen", "kind": LineKind.PART, "description": "Tela"}
    return an_item(price=20050, **{**given, "part": SCREEN, **fields})


def a_third_party(**fields: Any) -> Any:
    given = {"quote_line_id": "board", "kind": LineKind.THIRD_PARTY, "description": "Solda"}
    return an_item(price=9900, **{**given, **fields})


def test_a_quote_adds_up_its_lines_by_kind() -> None:
    order = past(an_order())
    travel = an_item("port", 1000, kind=LineKind.TRAVEL, quote_line_id="travel")
    board = a_third_party(third_party_name="Solda Fina")

    ask(order, a_quote(an_item(), a_part(quantity="2"), board, travel, discount=500))

    [(kind, fields)] = news(order)
    names = ("labour_total", "parts_total", "third_party_total", "other_total", "discount", "total")
    assert kind is QuoteIssued
    assert [fields[name] for name in names] == [35000, 40100, 9900, 1000, 500, 85500]


def test_a_quote_numbers_its_versions() -> None:
    order = past(ask(an_order(), a_quote()))

    ask(order, a_quote(an_item()), later(1))

    [(_, fields)] = news(order)
    assert (fields["quote_version"], fields["supersedes"]) == (2, 1)


ROUNDED = [("0.5", 1, 1), ("0.4999", 1, 0), ("1.5", 333, 500), ("2.5", 5, 13), ("3", 35000, 105000)]


@pytest.mark.parametrize(("quantity", "price", "total"), ROUNDED)
def test_a_line_is_rounded_half_up_once(quantity: str, price: int, total: int) -> None:
    line = an_item(price=price, quantity=quantity).priced()

    assert line.total == total


def test_a_quote_says_by_which_house_it_is_offered_and_how_long_it_binds() -> None:
    order = past(an_order())
    company = a_company(
        policies=Policies(
            quote_validity_days=15, legal_warranty_days=120, contractual_warranty_days=30
        )
    )

    ask(order, a_quote(), company=company)

    [(_, fields)] = news(order)
    days = [fields[f"{name}_days"] for name in ("validity", "legal_warranty")]
    assert [*days, fields["contractual_warranty_days"]] == [15, 120, 30]
    assert fields["supplier"]["legal_name"] == "Oficina Exemplo Ltda."
    assert (fields["supplier"]["unit_id"], fields["supplier"]["address"]) == (
        UNIT,
        "Rua Direita, 10",
    )


LACKING: dict[str, Any] = {
    "no way to pay": a_quote(payment_terms=()),
    "no start": a_quote(start=None),
    "no end": a_quote(end=None),
    "a part that is not described": a_quote(a_part(part=None)),
    "a third party without a name": a_quote(a_third_party()),
    "a short validity that is not stipulated": a_quote(validity_days=9),
    "a fee that nobody accepted": a_quote(diagnosis_fee=5000),
    "a line of such a fee": a_quote(an_item(kind=LineKind.DIAGNOSIS_FEE)),
}


@pytest.mark.parametrize("quote", LACKING.values(), ids=LACKING)
def test_a_quote_has_all_that_the_law_asks_for(quote: Any) -> None:
    order = past(an_order())

    with pytest.raises(QuoteIncompleteError):
        ask(order, quote)

    assert news(order) == []


COMPLETE: dict[str, Any] = {
    "the legal validity": a_quote(validity_days=10),
    "a longer one": a_quote(validity_days=11),
    "a shorter one that is stipulated": a_quote(validity_days=5, validity_stipulated=True),
    "a diagnosis that is free": a_quote(an_item(kind=LineKind.DIAGNOSIS_FEE, price=0)),
    "a third party with a name": a_quote(a_third_party(third_party_name="Solda Fina")),
}


@pytest.mark.parametrize("quote", COMPLETE.values(), ids=COMPLETE)
def test_a_complete_quote_is_issued(quote: Any) -> None:
    order = ask(an_order(), quote)

    assert order.latest_version == 1


@pytest.mark.parametrize("blank", ["legal_name", "tax_id"])
def test_a_quote_names_its_supplier(blank: str) -> None:
    with pytest.raises(SupplierIdentityMissingError):
        ask(an_order(), a_quote(), company=a_company(**{blank: " "}))


def test_an_imported_quote_may_lack_what_its_source_did() -> None:
    order = past(an_order())
    quote = a_quote(
        payment_terms=(), start=None, end=None, excludes=None, refusal_effects=None, **imported()
    )

    ask(order, quote, **imported())

    [(_, fields)] = news(order)
    assert (fields["end"], fields["excludes"], fields["total"]) == (None, None, 40000)


def test_only_an_import_lacks_what_is_not_included() -> None:
    with pytest.raises(ValidationError, match="missing: excludes"):
        a_quote(excludes=None)


def test_a_quote_is_for_services_that_were_asked_for() -> None:
    with pytest.raises(UnknownLineError):
        ask(an_order(), a_quote(an_item("battery")))


def test_a_version_is_not_issued_before_the_one_that_it_supersedes() -> None:
    order = ask(an_order(), a_quote(), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_quote(), later(1))


def test_an_ended_order_offers_nothing() -> None:
    order = cancelled(an_order())

    with pytest.raises(OrderEndedError):
        ask(order, a_quote())


WRONG: dict[str, Any] = {
    "two lines of one name": {"items": [an_item(), an_item()]},
    "a discount above the sum": {"items": [an_item(price=100)], "discount": 101},
    "both a day and a number of days": {
        "end": {"on": "2026-03-20", "business_days_after_approval": 3}
    },
    "neither a day nor a number of days": {"end": {}},
    "a day in another age": {"end": {"on": "9999-12-31"}},
    "a part that is labour": {"items": [{**dict(an_item()), "part": SCREEN}]},
    "more money than there is": {
        "items": [{**dict(an_item()), "quantity": "999999", "unit_price": 10**12}]
    },
    "no lines": {"items": []},
    "nothing of a thing": {"items": [{**dict(an_item()), "quantity": "0"}]},
    "less than nothing": {"items": [{**dict(an_item()), "quantity": "-1"}]},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG)
def test_a_quote_that_makes_no_sense_cannot_be_asked_for(fields: Any) -> None:
    with pytest.raises(ValidationError):
        a_quote(**fields)


def test_the_digest_is_of_all_the_rest_as_it_is_stored() -> None:
    [*_, issued] = facts(ask(an_order(), a_quote(a_part(), discount=1)))

    own = set(QuoteIssued.own_fields()) - {"content_sha256"}
    stored = issued.model_dump(mode="json", include=own, exclude_none=True)
    assert issued.content_sha256 == sha256(canonical(stored)).hexdigest()


OTHERWISE: dict[str, Any] = {
    "dearer": {"items": [an_item(price=35001)]},
    "later": {"end": EndTerm(on=None, business_days_after_approval=30)},
    "other terms": {"excludes": "Capa."},
    "longer": {"validity_days": 11},
}


@pytest.mark.parametrize("fields", OTHERWISE.values(), ids=OTHERWISE)
def test_the_digest_changes_with_any_of_its_terms(fields: Any) -> None:
    given: dict[str, Any] = {"items": [an_item()]}
    one, same, other = (
        facts(ask(an_order(), a_quote(**quote)))[-1].content_sha256
        for quote in (given, given, given | fields)
    )

    assert one == same
    assert one != other


DAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("term", "told"),
    [
        (StartTerm, {}),
        (StartTerm, {"on": DAY, "days_after_approval": 1}),
        (EndTerm, {}),
        (EndTerm, {"on": DAY, "business_days_after_approval": 1}),
    ],
)
def test_a_term_is_told_in_one_way(term: type[StartTerm | EndTerm], told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="a day, or a number of"):
        term(**told)
