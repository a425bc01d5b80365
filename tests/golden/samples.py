"""An example of each message, and schemas of those that we send. ``make golden`` writes them."""

import json
from pathlib import Path
from uuid import UUID

from os_events.aggregates.service_order.waivers import WaiverWithoutBasisError
from os_events.messaging.cloudevents import CloudEvent
from os_events.messaging.intake.outcomes import Outcome, RequestAccepted, RequestRefused
from os_events.messaging.intake.part_supply import PartSupply
from os_events.messaging.intake.service_request import ServiceRequest
from os_events.messaging.public import schemas
from os_events.messaging.public.catalogue import PUBLIC
from os_events.values.acts import Actor, Role
from tests.golden.lives import lives
from tests.messages import a_request
from tests.support import facts

FILE = Path(schemas.__file__).with_name("samples.json")
SCHEMAS = Path(__file__).parents[2] / "schemas"


REQUEST = CloudEvent({"source": "/crm", "id": "7f6a0c9e", "type": ServiceRequest.TYPE}, b"")
OUTCOMES: tuple[Outcome, ...] = (
    RequestAccepted(
        request_source=REQUEST.source,
        request_id=REQUEST.id,
        request_type=REQUEST.type,
        order_id=UUID(int=100),
        order_number="OS-2026-000001",
        position=4711,
    ),
    RequestRefused.of(WaiverWithoutBasisError("a contract is named by its reference"), REQUEST),
)
REQUESTS = {
    ServiceRequest.TYPE: a_request(),
    PartSupply.TYPE: {
        "order_id": str(UUID(int=100)),
        "part_request_id": str(UUID(int=115)),
        "state": "arrived",
        "expected_on": "2026-03-08",
        "document_ref": "NF-e 3526",
    },
}
PROGRAM = Actor(id="integration:crm", role=Role.INTEGRATION)


def samples() -> str:
    """Write of each type the one that says most, as if a program had done it."""
    told: dict[str, str] = {}
    for event in (fact for life in lives() for fact in facts(life)):
        if public := PUBLIC.get(type(event)):
            shape = public.shape.of(event.model_copy(update={"actor": PROGRAM}))
            text = shape.model_dump_json(exclude_none=True)
            told[public.type] = max(told.get(public.type, ""), text, key=len)
    told |= {one.TYPE: one.model_dump_json(exclude_none=True) for one in OUTCOMES}
    told |= {name: json.dumps(request) for name, request in REQUESTS.items()}
    return schemas.as_text({name: json.loads(text) for name, text in told.items()})


if __name__ == "__main__":
    FILE.write_text(samples(), "utf-8")
    schemas.export(SCHEMAS)
