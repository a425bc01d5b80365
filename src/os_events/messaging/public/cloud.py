"""An event of the log as the CloudEvent that others get."""

from pydantic import ValidationError

from os_events.aggregates.base import DomainEvent
from os_events.messaging.cloudevents import CloudEvent, source_of
from os_events.messaging.public.catalogue import PUBLIC
from os_events.messaging.public.shape import ShapeError
from os_events.values.scalars import written


def cloud_event(event: DomainEvent, *, origin: str, epoch: int) -> CloudEvent | None:
    """Give the public event; None if the fact has no public shape. Raises ShapeError.

    Shape: ``event`` as the log tells it, with position and time; its personal values may be sealed.
    """
    public = PUBLIC.get(type(event))
    if public is None:
        return None
    try:
        data = public.shape.of(event).model_dump_json(exclude_none=True)
    except ValidationError as error:
        misfits = ", ".join(
            f"{'.'.join(map(str, one['loc']))} {one['type']}" for one in error.errors()
        )
        raise ShapeError(f"{event!r} at position {event.position}: {misfits}") from None
    order = str(event.aggregate_id)
    attributes = {
        "specversion": "1.0",
        "type": public.type,
        "source": source_of(origin),
        "id": f"{order}:{event.version}",
        "subject": order,
        "time": written(event.occurred_at),
        "recordedtime": written(event.recorded_at),
        "dataschema": public.schema,
        "partitionkey": order,
        "sequence": str(event.version),
        "osposition": str(event.position),
        "osepoch": str(epoch),
        "correlationid": str(event.correlation_id),
    }
    if event.causation_id:
        attributes["causationid"] = str(event.causation_id)
    trace = {"traceparent": event.traceparent} if event.traceparent else {}
    return CloudEvent(attributes, data.encode(), trace)
