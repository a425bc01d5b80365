"""What became of a request, as its sender hears it. A refusal stands nowhere else."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from os_events.aggregates.rules import RefusalError
from os_events.errors import OsEventsError
from os_events.messaging.cloudevents import CloudEvent, source_of
from os_events.messaging.records import Incoming, Outgoing

TOPIC = "os.service-request.outcomes.v1"


class Outcome(BaseModel):
    """What both kinds say. Open: a reader ignores what it does not know."""

    model_config = ConfigDict(frozen=True)
    TYPE: ClassVar[str]

    request_source: Annotated[str, Field(description="`source` of the request.")]
    request_id: Annotated[str, Field(description="`id` of the request.")]
    request_type: Annotated[str, Field(description="`type` of the request.")]

    @classmethod
    def schema_name(cls) -> str:
        """Name its JSON Schema, as that of a public event is named."""
        return f"urn:os-events:schema:{cls.TYPE}:v1"

    def outgoing(self, record: Incoming, request: CloudEvent, origin: str) -> Outgoing:
        """Make the message: under the sender's key, with the id of the request."""
        attributes = {
            "specversion": "1.0",
            "type": self.TYPE,
            "source": source_of(origin),
            "id": self.request_id,
            "requestsource": self.request_source,
            "datacontenttype": "application/json",
            "dataschema": self.schema_name(),
        }
        event = CloudEvent(attributes, self.model_dump_json(exclude_none=True).encode(), {})
        return Outgoing(TOPIC, record.key or b"", event.data, event.headers() + traced(request))


class RequestAccepted(Outcome):
    """It is on record: an order was opened, or one was changed. The same again when it is repeated.

    Shape: ``position`` is the ``after`` of questions that must see it.
    """

    TYPE: ClassVar[str] = "os.service-request.accepted.v1"

    order_id: UUID
    order_number: str
    position: int


class RequestRefused(Outcome):
    """Nothing was recorded. The same request again is judged anew.

    Shape: ``slug`` is one of the problems of the API, ``rule`` the id of the rule that forbids it.
    """

    TYPE: ClassVar[str] = "os.service-request.refused.v1"

    slug: str
    rule: str | None = None
    title: Annotated[str | None, Field(description="The rule in words, in Portuguese.")] = None
    detail: str | None = None

    @classmethod
    def of(cls, error: OsEventsError, request: CloudEvent) -> Self:
        """Say why."""
        refusal = error if isinstance(error, RefusalError) else None
        return cls(
            request_source=request.source,
            request_id=request.id,
            request_type=request.type,
            slug=error.slug,
            rule=refusal.rule if refusal else None,
            title=refusal.pt if refusal else None,
            detail=str(error) or None,
        )


def traced(request: CloudEvent) -> tuple[tuple[str, bytes], ...]:
    """Give the trace of the request on."""
    return tuple((name, value.encode()) for name, value in request.trace.items())
