from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.service_order.codes import (
    Basis,
    Profile,
    Route,
    WaiverBasis,
)
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.promises import CompletionPromised
from os_events.aggregates.service_order.waivers import QuoteWaived, WaiverWithoutBasisError
from os_events.values.acts import Channel
from os_events.values.company import RegulatoryProfile, UnknownUnitError
from os_events.values.days import Direction, TermUnit
from tests.support import (
    CUSTOMER,
    NOON,
    SAO_PAULO,
    a_company,
    a_line,
    a_phone,
    an_act,
    an_opening,
    an_order,
    facts,
    imported,
    later,
    new_kinds,
)

IMEI = "490154203237518"


def test_an_order_begins_with_what_the_customer_asked_for() -> None:
    request = an_opening(asset=a_phone(imeis=(IMEI,)))
    act = an_act()

    order = request.begin(act, "OS-2026-000123")

    [fact] = facts(order)
    assert isinstance(fact, Opened)
    assert order.id == act.id
    assert fact.order_number == "OS-2026-000123"
    assert fact.reported_problem == "A tela não acende desde ontem."
    assert fact.asset
    assert fact.asset.imeis == (IMEI,)
    assert fact.asset.asset_id == act.id
    assert order.subject == CUSTOMER


def test_the_place_of_performance_is_the_units_unless_it_is_told() -> None:
    elsewhere: dict[str, Any] = {
        "place_zone": "America/Manaus",
        "uf": "AM",
        "municipality": "1302603",
    }

    here, there = an_order(), an_order(**elsewhere)

    assert (here.zone, here.uf, here.municipality) == (SAO_PAULO, "SP", "3550308")
    assert (there.zone, there.uf, there.municipality) == ("America/Manaus", "AM", "1302603")
    assert facts(there)[0].zone == "America/Manaus"


def test_an_order_is_bound_to_the_regime_of_its_company() -> None:
    company = a_company(regulatory_profile=RegulatoryProfile.TELECOM_PPP)

    order = an_opening().begin(an_act(company=company), "OS-2026-000001")

    assert facts(order)[0].regulatory_profile is RegulatoryProfile.TELECOM_PPP


@pytest.mark.parametrize(
    ("profile", "route"), [(Profile.BENCH, Route.BENCH), (Profile.FIELD, Route.VISIT)]
)
def test_the_route_is_the_usual_one_of_the_profile(profile: Profile, route: Route) -> None:
    order = an_order(profile=profile)

    assert order.route is route


def test_an_order_is_opened_at_a_unit_of_the_company() -> None:
    request = an_opening(unit_id=UUID(int=77))

    with pytest.raises(UnknownUnitError):
        request.begin(an_act(), "OS-2026-000001")


@pytest.mark.parametrize(
    ("basis", "waived"),
    [
        (Basis.MANUFACTURER_WARRANTY, WaiverBasis.MANUFACTURER_WARRANTY),
        (Basis.SELLER_WARRANTY, WaiverBasis.SELLER_WARRANTY),
        (Basis.SERVICE_WARRANTY, WaiverBasis.SERVICE_WARRANTY),
        (Basis.CONTRACT, WaiverBasis.CONTRACT),
    ],
)
def test_a_warranty_or_a_contract_waives_the_quote_of_every_service(
    basis: Basis, waived: WaiverBasis
) -> None:
    order = an_order(basis=basis, contract_ref="C-1")

    assert new_kinds(order) == [Opened, QuoteWaived]
    assert facts(order)[1].basis is waived
    assert order.scope == {"screen", "port"}


def test_without_warranty_or_contract_nothing_is_waived() -> None:
    order = an_order(contract_ref="C-1")

    assert new_kinds(order) == [Opened]


def test_a_contract_is_named_by_its_reference() -> None:
    request = an_opening(basis=Basis.CONTRACT)

    with pytest.raises(WaiverWithoutBasisError):
        request.begin(an_act(), "OS-2026-000001")


def test_an_import_may_know_neither_the_contract_nor_the_problem() -> None:
    request = an_opening(basis=Basis.CONTRACT, reported_problem=None, channel=Channel.IMPORT)

    order = request.begin(an_act(**imported()), "OS-2026-000001")

    assert new_kinds(order) == [Opened, QuoteWaived]
    assert facts(order)[0].reported_problem is None


def test_a_date_promised_at_the_counter_is_a_deadline() -> None:
    order = an_order(promised_at=later(48))

    [_, promise] = facts(order)
    [deadline] = promise.deadlines
    assert isinstance(promise, CompletionPromised)
    assert (promise.promise_no, promise.previous_at) == (1, None)
    assert (deadline.code, deadline.rule_id, deadline.unit) == ("DL-03", "Q10", TermUnit.DATE)
    assert (deadline.start_at, deadline.due_at) == (NOON, later(48))
    assert deadline.direction is Direction.OBLIGATION
    assert deadline.deadline_id == f"{promise.event_id}:DL-03"


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": ()},
        {"lines": (a_line(), a_line())},
        {"reported_problem": None},
        {"reported_problem": "Ligar \x00"},
        {"municipality": "9999999"},
        {"uf": "XX"},
        {"place_zone": "UTC-3"},
        {"authorised_persons": (CUSTOMER,) * 21},
    ],
)
def test_an_opening_that_makes_no_sense_is_refused_before_it_is_decided(
    wrong: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        an_opening(**wrong)
