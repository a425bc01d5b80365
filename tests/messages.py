"""Given: messages of other systems, and the systems that may send them."""

import json
from typing import Any
from uuid import UUID

from os_events.messaging.intake.senders import Senders
from os_events.messaging.records import Incoming, Outgoing, Partition
from tests.support import UNIT

CRM_TOPIC, ERP_TOPIC = "crm.service-request.commands.v1", "erp.part-supply.commands.v1"
CRM, ERP = "/crm/loja", "/erp/estoque"
OPEN, SUPPLY = "crm.service-request.open.v1", "erp.part-supply.update.v1"
REFERENCE = "cliente-17"


def a_house(topic: str = CRM_TOPIC, supply: str = ERP_TOPIC, unit: UUID = UNIT) -> Senders:
    """Make a house that listens to a CRM for one unit, and to an ERP for all."""
    crm = {"topic": topic, "source": CRM, "name": "crm", "units": (unit,)}
    erp = {"topic": supply, "source": ERP, "name": "erp", "role": "stock"}
    return Senders.model_validate({"senders": (crm, erp)})


def a_customer(**fields: Any) -> dict[str, Any]:
    return {"reference": REFERENCE, "name": "Maria Souza", "phones": ["(11) 98765-4321"]} | fields


def a_request(**fields: Any) -> dict[str, Any]:
    """Make what a CRM says of a telephone that does not charge."""
    return {
        "customer": a_customer(),
        "unit_id": str(UNIT),
        "profile": "bench",
        "type": "repair",
        "reported_problem": "Não carrega desde ontem.",
        "lines": [
            {
                "line_id": "charging",
                "service_code": "repair-charging",
                "description": "Reparo do carregamento",
                "quantity": "1",
            }
        ],
        "asset": {"category": "phone", "brand": "Motorola", "model": "Moto G54"},
    } | fields


def headers_of(message_id: str, **attributes: str | None) -> tuple[tuple[str, bytes], ...]:
    """Write the attributes of an event, in binary mode; those that are None are left out."""
    told = {"specversion": "1.0", "type": OPEN, "source": CRM, "id": message_id} | attributes
    named = [(f"ce_{name}", text.encode()) for name, text in told.items() if text is not None]
    return (*named, ("content-type", b"application/json"))


def sent(
    message_id: str = "1",
    data: Any = None,
    topic: str = CRM_TOPIC,
    key: bytes = REFERENCE.encode(),
    **attributes: str | None,
) -> Outgoing:
    """Make a message of the CRM as it is sent."""
    value = json.dumps(a_request() if data is None else data).encode()
    return Outgoing(topic, key, value, headers_of(message_id, **attributes))


def come(record: Outgoing, offset: int = 0) -> Incoming:
    """Make the same as it comes."""
    return Incoming(Partition(record.topic, 0), offset, record.key, record.value, record.headers)


def supplied(message_id: str, order_id: UUID, part_request_id: UUID, **fields: Any) -> Outgoing:
    """Make a message of the ERP."""
    data = {"order_id": str(order_id), "part_request_id": str(part_request_id)} | fields
    return sent(message_id, {"state": "arrived"} | data, ERP_TOPIC, type=SUPPLY, source=ERP)
