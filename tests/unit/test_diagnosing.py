"""The search for the fault."""

from typing import Any

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError
from os_events.aggregates.service_order.checks import DeviceNotInCustodyError, OrderEndedError
from os_events.aggregates.service_order.codes import CauseSide, Profile, Route
from os_events.aggregates.service_order.diagnosing import (
    DiagnosisRecorded,
    DiagnosisStarted,
    RecordDiagnosis,
    StartDiagnosis,
)
from os_events.aggregates.service_order.memory import Diagnosis
from os_events.aggregates.service_order.order import ServiceOrder
from tests.support import (
    TECHNICIAN,
    a_quote,
    a_reception,
    an_order,
    ask,
    cancelled,
    imported,
    later,
    news,
    past,
)

START = StartDiagnosis(technician_id=TECHNICIAN)


def a_finding(**fields: Any) -> RecordDiagnosis:
    given: dict[str, Any] = {
        "fault_code": "screen-dead",
        "diagnosed_fault": "Tela sem imagem",
        "probable_cause": "Queda",
        "cause_side": CauseSide.MISUSE,
        "repairable": True,
        "technician_id": TECHNICIAN,
    }
    return RecordDiagnosis(**given | fields)


def received() -> ServiceOrder:
    return past(ask(an_order(), a_reception()))


def test_a_device_that_is_with_us_is_looked_into() -> None:
    order = received()

    ask(order, START)

    assert news(order) == [(DiagnosisStarted, {"technician_id": TECHNICIAN})]
    assert order.diagnosis is Diagnosis.STARTED


def test_a_device_that_is_not_with_us_is_not_looked_into_at_the_bench() -> None:
    with pytest.raises(DeviceNotInCustodyError):
        ask(an_order(), START)


def test_custody_is_a_chain_for_imports_too() -> None:
    with pytest.raises(DeviceNotInCustodyError):
        ask(an_order(), StartDiagnosis(**imported()), **imported())


@pytest.mark.parametrize("route", [Route.VISIT, Route.REMOTE])
def test_elsewhere_no_device_is_needed(route: Route) -> None:
    order = ask(an_order(profile=Profile.FIELD, route=route), START)

    assert order.diagnosis is Diagnosis.STARTED


def test_a_diagnosis_says_what_was_found() -> None:
    order = past(ask(received(), START))

    ask(order, a_finding(note="Cliente nega a queda."), later(1))

    found = {
        "diagnosis_no": 1,
        "fault_code": "screen-dead",
        "diagnosed_fault": "Tela sem imagem",
        "probable_cause": "Queda",
        "cause_side": CauseSide.MISUSE,
        "repairable": True,
        "tests": (),
        "measurements": (),
        "technician_id": TECHNICIAN,
        "note": "Cliente nega a queda.",
    }
    assert news(order) == [(DiagnosisRecorded, found)]
    assert (order.diagnosis, order.to_return) == (Diagnosis.RECORDED, False)


def test_another_opinion_has_its_own_number() -> None:
    order = ask(ask(received(), a_finding()), a_finding(), later(1))

    assert order.diagnosis_no == 2


def test_what_cannot_be_repaired_goes_back() -> None:
    order = ask(received(), a_finding(repairable=False))

    assert order.to_return


def test_a_quote_after_all_keeps_it_here() -> None:
    order = ask(received(), a_finding(repairable=False))

    ask(order, a_quote(), later(1))

    assert not order.to_return


def test_nothing_is_found_before_the_search_begins() -> None:
    order = ask(received(), START, later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_finding(), later(1))


def test_what_is_found_without_a_search_is_recorded_too() -> None:
    order = ask(an_order(), a_finding())

    assert order.diagnosis is Diagnosis.RECORDED


def test_an_imported_diagnosis_may_say_no_more_than_whether_it_can_be_repaired() -> None:
    order = past(an_order())

    ask(order, RecordDiagnosis(repairable=False, **imported()), **imported())

    assert order.to_return


def test_only_an_import_says_so_little() -> None:
    with pytest.raises(ValidationError, match="missing: fault_code, diagnosed_fault"):
        RecordDiagnosis(repairable=False)


@pytest.mark.parametrize("change", [START, a_finding()])
def test_an_ended_order_is_not_looked_into(change: Any) -> None:
    order = cancelled(received())

    with pytest.raises(OrderEndedError):
        ask(order, change)


def test_a_device_is_not_looked_into_at_the_bench_before_it_came_in() -> None:
    order = ask(an_order(), a_reception(), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, START, later(1))
