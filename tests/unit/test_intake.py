from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError
from os_events.aggregates.service_order.checks import (
    OrderEndedError,
)
from os_events.aggregates.service_order.codes import (
    AccessoryState,
)
from os_events.aggregates.service_order.handover import (
    HandoverOutcome,
)
from os_events.aggregates.service_order.intake import (
    DeviceAlreadyInCustodyError,
    DeviceReceived,
    IntakeIncompleteError,
)
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import (
    CheckAnswer,
    CheckItem,
)
from os_events.values.acts import Channel
from tests.support import (
    a_charger,
    a_handover,
    a_phone,
    a_reception,
    an_order,
    ask,
    cancelled,
    imported,
    later,
    new_kinds,
    news,
    past,
)


def received(**fields: Any) -> ServiceOrder:
    """Given: the telephone and its charger are with us."""
    return past(ask(an_order(**fields), a_reception()))


def test_a_device_comes_in_with_its_state_and_its_accessories() -> None:
    order = past(an_order())
    asset_id = order.asset and order.asset.asset_id

    ask(order, a_reception(asset=a_phone(colour="azul"), remarks="Riscos na tampa."))

    [(kind, fields)] = news(order)
    assert kind is DeviceReceived
    assert fields["reception_no"] == 1
    assert fields["asset"]["asset_id"] == asset_id
    assert fields["remarks"] == "Riscos na tampa."
    assert order.in_custody


def test_a_device_that_nobody_had_named_is_called_by_its_reception() -> None:
    order = past(an_order(asset=None))

    ask(order, a_reception(), id=UUID(int=71))

    assert order.asset
    assert order.asset.asset_id == UUID(int=71)


def test_a_device_comes_in_once() -> None:
    order = received()

    with pytest.raises(DeviceAlreadyInCustodyError):
        ask(order, a_reception())


def test_a_device_may_come_in_again_after_it_was_handed_over() -> None:
    order = past(ask(received(), a_handover(outcome=HandoverOutcome.UNREPAIRED)))

    ask(order, a_reception())

    assert news(order)[0][1]["reception_no"] == 2
    assert (order.in_custody, order.handed) == (True, False)


def test_no_device_comes_in_for_what_has_ended() -> None:
    order = cancelled(an_order())

    with pytest.raises(OrderEndedError):
        ask(order, a_reception())


@pytest.mark.parametrize("missing", [{"condition": ()}, {"accessories": ()}])
def test_an_intake_is_complete(missing: dict[str, Any]) -> None:
    order = an_order()

    with pytest.raises(IntakeIncompleteError):
        ask(order, a_reception(**missing))


def test_none_is_said_on_purpose() -> None:
    order = past(an_order())

    ask(order, a_reception(accessories=(), none_declared=True))

    assert news(order)[0][1]["none_declared"]


def test_an_imported_intake_may_be_bare() -> None:
    order = past(an_order())
    bare = a_reception(condition=(), accessories=(), backup=None, channel=Channel.IMPORT)

    ask(order, bare, **imported())

    assert new_kinds(order) == [DeviceReceived]


@pytest.mark.parametrize(
    "wrong",
    [
        {"none_declared": True},
        {"accessories": (a_charger(AccessoryState.RETURNED),)},
        {"accessories": (a_charger(AccessoryState.RECEIVED),) * 2},
        {"condition": (CheckItem(code="screen", answer=CheckAnswer.YES),)},
        {"backup": None},
        {"power_state": None},
    ],
)
def test_an_intake_that_makes_no_sense_is_refused_before_it_is_decided(
    wrong: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        a_reception(**wrong)


def test_a_device_does_not_come_in_again_before_it_was_handed_over() -> None:
    order = ask(received(), a_handover(outcome=HandoverOutcome.UNREPAIRED), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_reception(), later(1))
