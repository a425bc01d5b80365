from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError, OverrideWithoutReasonError
from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistResult,
    RecordChecklist,
)
from os_events.aggregates.service_order.checks import (
    DeviceNotInCustodyError,
    SuspectDeviceError,
    UnknownLineError,
)
from os_events.aggregates.service_order.codes import (
    AccessoryState,
    Disposition,
    LineKind,
    PartCondition,
    Relation,
)
from os_events.aggregates.service_order.handover import (
    AccessoriesNotReconciledError,
    DeviceHandedOver,
    HandoverOutcome,
    HandoverWithDebtError,
    PartDisposition,
    PartFate,
    PartKeptWithoutConsentError,
    PickupNotAuthorisedError,
)
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import InstallPart
from os_events.aggregates.service_order.values import (
    PartSpec,
    RemovedPart,
)
from os_events.values.acts import Channel
from tests.support import (
    BECAUSE,
    CUSTOMER,
    FRIEND,
    STRANGER,
    TECHNICIAN,
    a_charger,
    a_handover,
    a_payment,
    a_quote,
    a_reception,
    a_settlement,
    an_item,
    an_order,
    approved,
    ask,
    cancelled,
    facts,
    imported,
    later,
    new_kinds,
    news,
    past,
    worked,
)

SCREEN = PartSpec(
    description="Tela",
    condition=PartCondition.NEW_ORIGINAL,
    manufacturer="Motorola",
    warranty_days=90,
)
INSTALLATION = UUID(int=70)


def received(**fields: Any) -> ServiceOrder:
    """Given: the telephone and its charger are with us."""
    return past(ask(an_order(**fields), a_reception()))


def with_a_new_screen() -> ServiceOrder:
    """Given: the telephone is with us, and its screen was replaced."""
    order = ask(an_order(), a_reception())
    part = an_item(
        quote_line_id="part-screen", kind=LineKind.PART, description="Tela", part=SCREEN, price=0
    )
    approved(order, a_quote(part))
    installation = InstallPart(
        installation_id=INSTALLATION,
        line_id="screen",
        quote_line_id="part-screen",
        part=SCREEN,
        quantity="1",
        removed=RemovedPart(description="Tela trincada", disposition=Disposition.TO_RETURN),
        technician_id=TECHNICIAN,
    )
    return past(ask(order, installation))


def test_a_device_leaves_with_what_came_with_it() -> None:
    order = received()

    ask(order, a_handover(remarks="Sem ressalvas."), later(1))

    [(kind, fields)] = news(order)
    assert kind is DeviceHandedOver
    assert (fields["handover_no"], fields["debt"]) == (1, 0)
    assert (order.in_custody, order.handed, order.handed_unrepaired) == (False, True, False)


def test_only_what_is_with_us_is_handed_over() -> None:
    order = an_order()

    with pytest.raises(DeviceNotInCustodyError):
        ask(order, a_handover())


def test_a_device_is_not_handed_over_before_it_came_in() -> None:
    order = past(ask(an_order(), a_reception(), later(2)))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_handover(), later(1))


def test_a_device_is_handed_over_after_a_cancellation_too() -> None:
    order = past(cancelled(received()))

    ask(order, a_handover(outcome=HandoverOutcome.UNREPAIRED))

    assert new_kinds(order) == [DeviceHandedOver]
    assert order.handed_unrepaired


def test_whom_the_customer_authorised_collects() -> None:
    order = received(authorised_persons=(FRIEND,))

    ask(order, a_handover(to_person_id=FRIEND, relation=Relation.AUTHORISED))

    assert new_kinds(order) == [DeviceHandedOver]


@pytest.mark.parametrize(
    ("person", "relation"),
    [
        (STRANGER, Relation.AUTHORISED),
        (STRANGER, Relation.CUSTOMER),
        (FRIEND, Relation.CUSTOMER),
        (CUSTOMER, Relation.AUTHORISED),
    ],
)
def test_nobody_else_collects(person: UUID, relation: Relation) -> None:
    order = received(authorised_persons=(FRIEND,))

    with pytest.raises(PickupNotAuthorisedError):
        ask(order, a_handover(to_person_id=person, relation=relation))


@pytest.mark.parametrize("relation", [Relation.RESIDENT, Relation.OTHER])
def test_whoever_is_at_home_or_comes_along_collects_nothing(relation: Relation) -> None:
    with pytest.raises(ValidationError):
        a_handover(to_person_id=FRIEND, relation=relation)


@pytest.mark.parametrize(
    "accessories",
    [
        (),
        (a_charger(AccessoryState.RECEIVED),),
        (a_charger(AccessoryState.RETURNED),) * 2,
        (a_charger(AccessoryState.RETURNED).model_copy(update={"quantity": 2}),),
        (a_charger(AccessoryState.RETURNED).model_copy(update={"code": "cover"}),),
    ],
    ids=["none", "nowhere", "twice", "more", "another"],
)
def test_every_accessory_is_accounted_for(accessories: Any) -> None:
    order = received()

    with pytest.raises(AccessoriesNotReconciledError):
        ask(order, a_handover(accessories=accessories))


def test_an_accessory_may_be_missing_if_it_is_told() -> None:
    order = received()

    ask(order, a_handover(accessories=(a_charger(AccessoryState.MISSING),)))

    assert new_kinds(order) == [DeviceHandedOver]


@pytest.mark.parametrize("fate", [PartFate.TO_MANUFACTURER, PartFate.E_WASTE])
def test_a_part_that_was_taken_out_is_not_kept_without_consent(fate: PartFate) -> None:
    order = with_a_new_screen()
    kept = PartDisposition(installation_id=INSTALLATION, disposition=fate)

    with pytest.raises(PartKeptWithoutConsentError):
        ask(order, a_handover(parts_disposition=(kept,)))


def test_a_part_that_was_taken_out_is_not_passed_over() -> None:
    order = with_a_new_screen()

    with pytest.raises(PartKeptWithoutConsentError):
        ask(order, a_handover())


@pytest.mark.parametrize("fate", [PartFate.RETURNED, PartFate.KEPT_WITH_CONSENT])
def test_a_part_is_given_back_or_left_with_consent(fate: PartFate) -> None:
    order = with_a_new_screen()
    given = PartDisposition(installation_id=INSTALLATION, disposition=fate)

    ask(order, a_handover(parts_disposition=(given,)))

    assert order.parts_accounted_for == {INSTALLATION}


def test_a_part_is_accounted_for_once() -> None:
    order = with_a_new_screen()
    given = PartDisposition(installation_id=INSTALLATION, disposition=PartFate.RETURNED)
    ask(order, a_handover(parts_disposition=(given,)))
    past(ask(order, a_reception()))

    ask(order, a_handover())

    assert new_kinds(order) == [DeviceHandedOver]


def test_a_part_may_be_kept_with_a_reason() -> None:
    order = with_a_new_screen()

    ask(order, a_handover(), declared=("W15",), reason=BECAUSE)

    assert [fact.overrides for fact in facts(order)] == [("W15",)]


def test_a_disposition_names_an_installation_of_the_order() -> None:
    order = received()
    unknown = PartDisposition(installation_id=INSTALLATION, disposition=PartFate.RETURNED)

    with pytest.raises(UnknownLineError):
        ask(order, a_handover(parts_disposition=(unknown,)))


def test_a_debt_is_a_warning() -> None:
    order = past(worked(approved(received())))

    with pytest.raises(HandoverWithDebtError):
        ask(order, a_handover())


def test_a_debt_never_keeps_the_device() -> None:
    order = past(ask(worked(approved(received())), a_settlement()))

    ask(order, a_handover(), declared=("C2",), reason=BECAUSE)

    [(_, fields)] = news(order)
    assert fields["debt"] == 40000


def test_a_warning_is_not_overridden_without_a_reason() -> None:
    order = past(worked(approved(received())))

    with pytest.raises(OverrideWithoutReasonError):
        ask(order, a_handover(), declared=("C2",))


def test_what_is_paid_is_no_debt() -> None:
    order = past(ask(ask(worked(approved(received())), a_settlement()), a_payment(40000)))

    ask(order, a_handover())

    assert news(order)[0][1]["debt"] == 0


def test_what_was_approved_and_not_done_is_no_debt() -> None:
    order = past(approved(received()))

    ask(order, a_handover(outcome=HandoverOutcome.UNREPAIRED))

    assert news(order)[0][1]["debt"] == 0


def blocked(order: ServiceOrder) -> ServiceOrder:
    register = RecordChecklist(
        checklist_code="blocked-imei",
        purpose=ChecklistPurpose.REGISTER,
        result=ChecklistResult.FAILED,
        technician_id=TECHNICIAN,
    )
    return past(ask(order, register))


def test_a_blocked_device_is_not_handed_over_unawares() -> None:
    order = blocked(received())

    with pytest.raises(SuspectDeviceError):
        ask(order, a_handover())


def test_a_blocked_device_is_handed_over_with_a_reason() -> None:
    order = blocked(received())

    ask(order, a_handover(), declared=("C7",), reason=BECAUSE)

    assert new_kinds(order) == [DeviceHandedOver]


def test_an_imported_handover_was_decided_elsewhere() -> None:
    order = past(worked(approved(received())))
    bare = a_handover(to_person_id=None, relation=None, accessories=(), channel=Channel.IMPORT)

    ask(order, bare, **imported())

    assert new_kinds(order) == [DeviceHandedOver]


def test_an_imported_handover_is_of_a_device_that_came_in() -> None:
    order = an_order()

    with pytest.raises(DeviceNotInCustodyError):
        ask(order, a_handover(), **imported())
