from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError
from os_events.aggregates.service_order.authority import ThirdPartyNotQuotedError
from os_events.aggregates.service_order.charges import (
    ChargeAboveApprovedError,
    ChargeWithoutApprovalError,
    CostKind,
    FeeNotAgreedError,
    ReworkMustBeFreeError,
)
from os_events.aggregates.service_order.checks import (
    OrderEndedError,
    UnknownLineError,
)
from os_events.aggregates.service_order.codes import AuthorisationKind, Basis, LineKind
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.settling import FinalCostsSettled
from tests.support import (
    a_cost,
    a_quote,
    a_settlement,
    an_approval,
    an_item,
    an_order,
    approved,
    ask,
    cancelled,
    facts,
    imported,
    later,
    news,
    past,
)


def an_approved_order(**fields: Any) -> ServiceOrder:
    """Given: R$ 350,00 and R$ 50,00 were approved."""
    return past(approved(an_order(**fields)))


def under_contract(price_table_ref: str | None) -> ServiceOrder:
    contract: dict[str, Any] = {"contract_ref": "C-1", "price_table_ref": price_table_ref}
    return past(an_order(basis=Basis.CONTRACT, **contract))


def no_line(**fields: Any) -> Any:
    """Make a cost that names no line of a quote."""
    return a_cost(quote_line_id=None, **fields)


def test_what_was_approved_is_charged() -> None:
    order = an_approved_order()

    ask(order, a_settlement())

    [(kind, fields)] = news(order)
    assert kind is FinalCostsSettled
    assert (fields["settlement_no"], fields["total"]) == (1, 40000)
    assert fields["authorisation"] == {"kind": AuthorisationKind.QUOTE, "quote_version": 1}
    assert (fields["competence_on"], fields["place_of_supply"]) == (date(2026, 3, 2), "3550308")
    assert fields["differences"] == ()


def test_costs_are_of_the_civil_day_at_the_place_of_performance() -> None:
    order = an_approved_order()
    late = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)

    ask(order, a_settlement(), late)

    assert news(order)[0][1]["competence_on"] == date(2026, 3, 3)


def test_less_than_approved_is_a_difference() -> None:
    order = an_approved_order()

    ask(order, a_settlement(a_cost(price=30000), discount=1000))

    [(_, fields)] = news(order)
    assert fields["total"] == 29000
    assert fields["differences"] == (
        {"quote_line_id": "labour-screen", "approved": 35000, "charged": 30000},
        {"quote_line_id": "labour-port", "approved": 5000, "charged": 0},
    )


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("0.5", 1001, 501), ("1.5", 33, 50), ("2.25", 2, 5), ("3", 1, 3), ("0.001", 499, 0)],
)
def test_a_line_is_rounded_half_up_once(quantity: str, price: int, amount: int) -> None:
    order = an_approved_order()

    ask(order, a_settlement(a_cost(quantity=quantity, price=price)))

    assert news(order)[0][1]["lines"][0]["amount"] == amount


def test_totals_are_by_kind_and_add_up() -> None:
    items = (
        an_item(price=1000),
        an_item("screen", 200, quote_line_id="travel", kind=LineKind.TRAVEL),
        an_item(
            "screen",
            30,
            quote_line_id="glass",
            kind=LineKind.THIRD_PARTY,
            third_party_name="Vidros Ltda.",
        ),
    )
    order = past(approved(an_order(), a_quote(*items)))
    travel = a_cost("travel", 200, quote_line_id="travel", kind=CostKind.TRAVEL)
    glass = a_cost("glass", 30, quote_line_id="glass", kind=CostKind.THIRD_PARTY)

    ask(order, a_settlement(a_cost(price=1000), travel, glass, discount=10))

    [fact] = facts(order)
    assert (fact.labour_total, fact.third_party_total, fact.other_total) == (1000, 30, 200)
    assert (fact.parts_total, fact.fees_total, fact.total) == (0, 0, 1220)


def test_a_line_is_not_charged_above_what_was_approved() -> None:
    order = an_approved_order()

    with pytest.raises(ChargeAboveApprovedError):
        ask(order, a_settlement(a_cost(price=35001)))


def test_a_line_is_not_charged_above_what_was_approved_in_two_halves() -> None:
    order = an_approved_order()
    halves = (a_cost(price=20000), a_cost(price=20000, cost_line_id="again"))

    with pytest.raises(ChargeAboveApprovedError):
        ask(order, a_settlement(*halves))


def test_the_discount_that_was_approved_is_kept() -> None:
    order = past(approved(an_order(), a_quote(discount=5000)))

    with pytest.raises(ChargeAboveApprovedError):
        ask(order, a_settlement())


def test_more_discount_than_approved_is_free() -> None:
    order = past(approved(an_order(), a_quote(discount=5000)))

    ask(order, a_settlement(a_cost(), discount=6000))

    assert news(order)[0][1]["total"] == 29000


def test_a_later_version_rules_the_charge() -> None:
    order = an_approved_order()
    ask(order, a_quote(an_item(price=30000)))
    ask(order, an_approval(order))

    with pytest.raises(ChargeAboveApprovedError):
        ask(order, a_settlement(a_cost(price=35000)))


@pytest.mark.parametrize(
    "line",
    [no_line(), a_cost(kind=CostKind.PART)],
    ids=["not quoted", "quoted as something else"],
)
def test_what_was_not_approved_is_not_charged(line: Any) -> None:
    order = an_approved_order()

    with pytest.raises(ChargeWithoutApprovalError):
        ask(order, a_settlement(line))


def test_what_was_quoted_and_not_approved_is_not_charged() -> None:
    order = past(ask(an_order(), a_quote()))

    with pytest.raises(ChargeWithoutApprovalError):
        ask(order, a_settlement(a_cost()))


def test_what_was_not_approved_may_be_listed_for_nothing() -> None:
    order = an_approved_order()

    ask(order, a_settlement(a_cost(), no_line(cost_line_id="cleaning", price=0)))

    assert news(order)[0][1]["total"] == 35000


def test_a_third_party_that_was_not_quoted_is_not_charged() -> None:
    order = an_approved_order()

    with pytest.raises(ThirdPartyNotQuotedError):
        ask(order, a_settlement(no_line(kind=CostKind.THIRD_PARTY)))


@pytest.mark.parametrize("fee", [CostKind.DIAGNOSIS_FEE, CostKind.VISIT_FEE, CostKind.STORAGE_FEE])
def test_a_fee_that_nobody_agreed_to_is_not_charged(fee: CostKind) -> None:
    order = an_approved_order()

    with pytest.raises(FeeNotAgreedError):
        ask(order, a_settlement(no_line(kind=fee)))


def test_doing_it_again_under_its_own_warranty_is_free() -> None:
    order = an_approved_order(basis=Basis.SERVICE_WARRANTY)

    with pytest.raises(ReworkMustBeFreeError):
        ask(order, a_settlement())


def test_doing_it_again_is_settled_at_nothing() -> None:
    order = past(an_order(basis=Basis.SERVICE_WARRANTY))

    ask(order, a_settlement(no_line(price=0)))

    [(_, fields)] = news(order)
    assert fields["total"] == 0
    assert fields["authorisation"] == {"kind": AuthorisationKind.WAIVER, "quote_version": None}


def test_a_warranty_is_free() -> None:
    order = past(an_order(basis=Basis.MANUFACTURER_WARRANTY))

    with pytest.raises(ChargeAboveApprovedError):
        ask(order, a_settlement(no_line()))


def test_a_contract_is_charged_by_its_table_of_prices() -> None:
    order = under_contract("tabela-2026")

    ask(order, a_settlement(no_line(price=9900)))

    assert news(order)[0][1]["total"] == 9900


def test_a_contract_without_a_table_of_prices_is_free() -> None:
    order = under_contract(None)

    with pytest.raises(ChargeAboveApprovedError):
        ask(order, a_settlement(no_line(price=9900)))


def test_a_cost_names_a_line_that_was_quoted() -> None:
    order = an_approved_order()

    with pytest.raises(UnknownLineError):
        ask(order, a_settlement(a_cost(quote_line_id="roof")))


def test_costs_are_not_settled_before_the_approval() -> None:
    order = ask(an_order(), a_quote())
    ask(order, an_approval(order), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_settlement(), later(1))


def test_costs_of_what_has_ended_are_not_settled() -> None:
    order = cancelled(an_order())

    with pytest.raises(OrderEndedError):
        ask(order, a_settlement())


def test_imported_costs_were_settled_elsewhere() -> None:
    order = past(an_order())

    ask(order, a_settlement(no_line()), **imported())

    [fact] = facts(order)
    assert fact.authorisation.kind is AuthorisationKind.NONE
    assert order.due == 35000


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": (a_cost(), a_cost())},
        {"lines": (a_cost(),), "discount": 35001},
        {"lines": (a_cost(quantity="999999", price=10**12),)},
    ],
)
def test_costs_that_make_no_sense_are_refused_before_they_are_decided(
    wrong: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        a_settlement(*wrong.pop("lines"), **wrong)


@pytest.mark.parametrize("quantity", ["0", "-1", "1.0", "01", "1e3", "1,5", "1000000"])
def test_a_quantity_is_a_positive_decimal(quantity: str) -> None:
    with pytest.raises(ValidationError):
        a_cost(quantity=quantity)
