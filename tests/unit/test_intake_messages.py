from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from os_events.messaging.intake.claims import LATE, claims_of
from os_events.messaging.intake.dead_letters import DeadLetterCutError, dead_letter, letter
from os_events.messaging.intake.reading import LARGEST, Fault, PutAsideError, message_in
from os_events.messaging.intake.senders import Senders
from os_events.messaging.intake.service_request import ServiceRequest
from os_events.messaging.records import Headers, Incoming
from os_events.values.acts import Claims, Role
from os_events.values.scalars import written
from tests.messages import (
    CRM,
    CRM_TOPIC,
    ERP,
    ERP_TOPIC,
    a_customer,
    a_house,
    a_request,
    come,
    headers_of,
    sent,
    supplied,
)
from tests.support import CUSTOMER, NOON, UNIT, a_company

SECRET = bytes(32)


def content(record: Incoming) -> Any:
    return message_in(record, a_house()).content


def fault_of(record: Incoming) -> tuple[Fault, str]:
    with pytest.raises(PutAsideError) as found:
        message_in(record, a_house())
    return found.value.fault, found.value.detail


def with_header(name: str, value: bytes) -> Headers:
    return (*headers_of("1"), (name, value))


def test_a_request_for_a_customer_of_the_sender_registers_a_person_and_opens_an_order() -> None:
    request = content(come(sent()))

    registration = request.registration(Claims())
    opening = request.opening(CUSTOMER, Claims())

    assert registration.name == "Maria Souza"
    assert registration.phones == ("+5511987654321",)
    assert (opening.customer_id, opening.unit_id) == (CUSTOMER, UNIT)
    assert opening.asset.model == "Moto G54"


def test_a_request_for_a_person_who_is_known_registers_nobody() -> None:
    data = {k: v for k, v in a_request().items() if k != "customer"}

    request = content(come(sent(data=data | {"customer_id": str(CUSTOMER)})))

    assert request.registration(Claims()) is None
    assert request.customer_called(CRM, SECRET) == CUSTOMER


def test_a_customer_is_called_the_same_whenever_the_same_sender_tells_of_them() -> None:
    first, again = content(come(sent("1"))), content(come(sent("2", a_request(type="support"))))
    other = content(come(sent("3", a_request(customer=a_customer(reference="cliente-18")))))

    assert first.customer_called(CRM, SECRET) == again.customer_called(CRM, SECRET)
    assert first.customer_called(CRM, SECRET) != other.customer_called(CRM, SECRET)
    assert first.customer_called(CRM, SECRET) != first.customer_called(ERP, SECRET)
    assert first.customer_called(CRM, SECRET) != first.customer_called(CRM, bytes([1] * 32))


def test_what_a_part_waits_for_is_told_of_an_order() -> None:
    told = content(come(supplied("7", CUSTOMER, UNIT, state="delayed", expected_on="2026-03-09")))

    change = told.change(Claims())

    assert told.order_id == CUSTOMER
    assert (change.part_request_id, change.state) == (UNIT, "delayed")


@pytest.mark.parametrize(
    ("record", "fault", "told"),
    [
        (replace(come(sent()), value=None), Fault.MALFORMED, "no value"),
        (replace(come(sent()), value=b"{"), Fault.MALFORMED, "not plain JSON"),
        (replace(come(sent()), value=b"\xff\xfe"), Fault.MALFORMED, "not plain JSON"),
        (replace(come(sent()), value=b"[" * 9000), Fault.MALFORMED, "not plain JSON"),
        (replace(come(sent()), value=b'{"a":1,"a":2}'), Fault.MALFORMED, "not plain JSON"),
        (replace(come(sent()), value=b'"\\ud800"'), Fault.MALFORMED, "not plain JSON"),
        (replace(come(sent()), value=b"[]"), Fault.MALFORMED, "an object"),
        (replace(come(sent()), headers=()), Fault.MALFORMED, "content-type"),
        (come(sent(specversion="0.3")), Fault.MALFORMED, "specversion"),
        (come(sent(id=None)), Fault.MALFORMED, "missing: id"),
        (come(sent("x" * 201)), Fault.MALFORMED, "longer than 200"),
        (come(sent(type="crm.other.v1")), Fault.UNKNOWN_TYPE, "crm.other.v1"),
        (come(sent(source="/somebody")), Fault.UNKNOWN_SOURCE, "/somebody"),
        (come(sent(topic=ERP_TOPIC)), Fault.UNKNOWN_SOURCE, CRM),
        (come(sent(data=a_request(color="red"))), Fault.MALFORMED, "color: Extra inputs"),
        (come(sent(data=a_request(unit_id="1"))), Fault.MALFORMED, "unit_id"),
        (come(sent(data=a_request(customer_id=str(CUSTOMER)))), Fault.MALFORMED, "either"),
        (replace(come(sent()), value=b" " * LARGEST), Fault.OVERSIZED, "at most"),
    ],
)
def test_a_message_that_can_become_no_request_is_put_aside_with_the_reason(
    record: Incoming, fault: Fault, told: str
) -> None:
    found, detail = fault_of(record)

    assert found is fault
    assert told in detail


def test_the_reason_repeats_no_value_of_the_message() -> None:
    data = a_request(customer=a_customer(phones=["11 3265"], name="Maria \x00"))

    _, detail = fault_of(come(sent(data=data)))

    assert "customer.phones.0" in detail
    assert "3265" not in detail


def test_the_same_said_in_another_order_of_fields_is_the_same() -> None:
    turned = dict(reversed(a_request().items()))

    first, again = (message_in(come(sent(data=one)), a_house()) for one in (a_request(), turned))
    other = message_in(come(sent(data=a_request(priority="high"))), a_house())

    assert first.said == again.said != other.said


def test_a_message_says_when_it_happened_and_from_where_we_have_it() -> None:
    event = message_in(come(sent(time=written(NOON), causationid=str(UNIT))), a_house()).event

    claims = claims_of(event, NOON + timedelta(minutes=15), a_company())

    assert claims.occurred_at == NOON
    assert claims.source
    assert (claims.source.kind, claims.source.system, claims.source.reference) == (
        "integration",
        CRM,
        "1",
    )
    assert (claims.causation_id, claims.reason) == (UNIT, None)


def test_a_message_that_came_late_says_why() -> None:
    event = message_in(come(sent(time=written(NOON))), a_house()).event

    claims = claims_of(event, NOON + timedelta(minutes=16), a_company())

    assert claims.reason == LATE


def test_an_id_of_another_kind_than_ours_is_left_out() -> None:
    event = message_in(come(sent(correlationid="lead 12", time=None)), a_house()).event

    claims = claims_of(event, NOON, a_company())

    assert (claims.correlation_id, claims.occurred_at) == (None, None)


def test_a_sender_acts_as_an_integration_in_its_units() -> None:
    crm, erp = a_house().find(CRM_TOPIC, CRM), a_house().find(ERP_TOPIC, ERP)

    assert crm
    assert erp
    assert crm.principal.actor.id == "integration:crm"
    assert (crm.principal.actor.role, erp.principal.actor.role) == (Role.INTEGRATION, Role.STOCK)
    assert (crm.principal.units, erp.principal.units) == (frozenset({UNIT}), None)


@pytest.mark.parametrize(
    "change",
    [
        {"source": "/other"},
        {"name": "crm-2"},
        {"topic": "x y"},
        {"role": "manager"},
        {"units": ()},
    ],
)
def test_a_file_of_senders_that_says_two_things_is_refused(change: dict[str, Any]) -> None:
    crm = {"topic": CRM_TOPIC, "source": CRM, "name": "crm"}

    with pytest.raises(ValidationError):
        Senders.model_validate({"senders": (crm, crm | {"topic": "crm.other.v1"} | change)})


def test_one_system_may_send_to_two_topics() -> None:
    crm = {"topic": CRM_TOPIC, "source": CRM, "name": "crm"}

    house = Senders.model_validate({"senders": (crm, crm | {"topic": "crm.other.v1"})})

    assert house.topics == ["crm.other.v1", CRM_TOPIC]


def test_a_dead_letter_is_what_the_sender_sent_and_says_why() -> None:
    record = replace(come(sent(), 41), headers=with_header("x-own", b"\xff"))
    error = PutAsideError(Fault.UNKNOWN_TYPE, "'x'")

    made = dead_letter(record, error, "group", NOON)
    read = letter(come(made))

    assert made.topic == f"{CRM_TOPIC}.group.dlq"
    assert (made.key, made.value) == (record.key, record.value)
    assert set(record.headers) < set(made.headers)
    assert read.told == {
        "topic": CRM_TOPIC,
        "partition": "0",
        "offset": "41",
        "group": "group",
        "error_type": "unknown-type",
        "error": "'x'",
        "attempts": "1",
        "failed_at": "2026-03-02T15:00:00.000000Z",
    }


def test_a_dead_letter_that_is_sent_again_is_as_it_was_and_counted() -> None:
    record = come(sent())
    error = PutAsideError(Fault.UNKNOWN_TYPE, "'x'")
    first = letter(come(dead_letter(record, error, "group", NOON)))

    again = first.again()
    second = letter(come(dead_letter(come(again), error, "group", NOON)))

    assert (again.topic, again.key, again.value) == (CRM_TOPIC, record.key, record.value)
    assert again.headers == (*record.headers, ("dlq_attempts", b"1"))
    assert second.told["attempts"] == "2"


@pytest.mark.parametrize(
    "record",
    [
        replace(come(sent()), value=b"x" * (LARGEST + 1)),
        replace(come(sent()), headers=with_header("x", b"x" * LARGEST)),
        replace(come(sent()), key=b"x" * 900_000),
    ],
)
def test_a_dead_letter_fits_however_large_the_message_is(record: Incoming) -> None:
    error = PutAsideError(Fault.OVERSIZED, "large")

    made = dead_letter(record, error, "group", NOON)

    assert len(made.key) + len(made.value or b"") <= 2 * LARGEST
    assert sum(len(value) for _, value in made.headers) < LARGEST + 2_000
    with pytest.raises(DeadLetterCutError):
        letter(come(made)).again()


def test_a_request_is_what_its_model_says_and_nothing_else() -> None:
    schema = ServiceRequest.model_json_schema()

    assert schema["additionalProperties"] is False
    assert schema["oneOf"] == [{"required": ["customer"]}, {"required": ["customer_id"]}]
