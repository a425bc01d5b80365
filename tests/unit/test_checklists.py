"""What was checked and measured."""

from typing import Any

import pytest

from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistRecorded,
    ChecklistResult,
    RecordChecklist,
)
from os_events.aggregates.service_order.checks import OrderEndedError
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import CheckAnswer, CheckItem, Measurement
from tests.support import (
    TECHNICIAN,
    a_start,
    an_order,
    approved,
    ask,
    cancelled,
    imported,
    later,
    news,
    past,
    worked,
)

QUALITY, REGISTER = ChecklistPurpose.QUALITY, ChecklistPurpose.REGISTER
PASSED, FAILED = ChecklistResult.PASSED, ChecklistResult.FAILED
UNDECIDED = [ChecklistResult.INCONCLUSIVE, ChecklistResult.NONE]


def a_check(purpose: ChecklistPurpose, result: ChecklistResult, **fields: Any) -> RecordChecklist:
    given: dict[str, Any] = {
        "checklist_code": "final-test",
        "purpose": purpose,
        "result": result,
        "technician_id": TECHNICIAN,
    }
    return RecordChecklist(**given | fields)


def completed() -> ServiceOrder:
    return past(worked(approved(an_order())))


def test_a_checklist_says_what_was_found() -> None:
    order = past(an_order())
    item = CheckItem(code="touch", answer=CheckAnswer.OK)
    volts = Measurement(quantity="battery_voltage", value="3.9", unit="V", point="battery")

    ask(order, a_check(ChecklistPurpose.BEFORE, PASSED, items=(item,), measurements=(volts,)))

    told = {
        "checklist_code": "final-test",
        "purpose": ChecklistPurpose.BEFORE,
        "items": (item.model_dump(),),
        "measurements": (volts.model_dump(),),
        "result": PASSED,
        "technician_id": TECHNICIAN,
    }
    assert news(order) == [(ChecklistRecorded, told)]
    assert not order.tested


def test_a_passed_test_of_quality_is_remembered() -> None:
    order = ask(completed(), a_check(QUALITY, PASSED), later(1))

    assert (order.done, order.tested) == (True, True)


def test_a_failed_test_of_quality_undoes_what_was_done() -> None:
    order = ask(completed(), a_check(QUALITY, PASSED), later(1))

    ask(order, a_check(QUALITY, FAILED), later(2))

    assert (order.done, order.tested, order.ready) == (False, False, False)


def test_a_test_is_for_the_work_that_it_followed() -> None:
    order = ask(completed(), a_check(QUALITY, PASSED), later(1))

    ask(order, a_start(), later(2))

    assert not order.tested


@pytest.mark.parametrize("result", UNDECIDED)
def test_a_test_without_a_result_changes_nothing(result: ChecklistResult) -> None:
    order = ask(completed(), a_check(QUALITY, PASSED), later(1))

    ask(order, a_check(QUALITY, result), later(2))

    assert (order.done, order.tested) == (True, True)


def test_a_register_that_knows_the_device_makes_it_suspect() -> None:
    order = ask(an_order(), a_check(REGISTER, FAILED))

    assert order.suspect


@pytest.mark.parametrize("result", UNDECIDED)
def test_a_suspicion_stays_until_the_register_says_otherwise(result: ChecklistResult) -> None:
    order = ask(an_order(), a_check(REGISTER, FAILED))

    ask(order, a_check(REGISTER, result), later(1))

    assert order.suspect


def test_a_register_may_take_its_word_back() -> None:
    order = ask(an_order(), a_check(REGISTER, FAILED))

    ask(order, a_check(REGISTER, PASSED), later(1))

    assert not order.suspect


def test_a_failed_check_of_another_purpose_says_nothing_of_quality() -> None:
    order = ask(completed(), a_check(ChecklistPurpose.AFTER, FAILED), later(1))

    assert (order.done, order.suspect) == (True, False)


def test_an_imported_checklist_may_lack_who_checked() -> None:
    order = past(an_order())

    ask(order, a_check(QUALITY, PASSED, technician_id=None, **imported()), **imported())

    assert order.tested


def test_an_ended_order_is_not_tested() -> None:
    order = cancelled(an_order())

    with pytest.raises(OrderEndedError):
        ask(order, a_check(QUALITY, PASSED))
