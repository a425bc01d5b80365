"""How a message came to us: what is claimed of an act that it asks for."""

from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from os_events.messaging.cloudevents import CloudEvent
from os_events.values.acts import Claims, Reason, Source, SourceKind
from os_events.values.company import Company
from os_events.values.scalars import Value

LATE = Reason(code="message-came-late")


def claims_of(event: CloudEvent, asked_at: datetime, company: Company) -> Claims:
    """Say when it happened, and from where we have it. Raises ValueError.

    Shape: it happened at the message's ``time``, else now. What is told late says why (G6).
    """
    claims = Claims.model_validate(
        {
            "occurred_at": event.attributes.get("time"),
            "source": Source(kind=SourceKind.INTEGRATION, system=event.source, reference=event.id),
            "causation_id": id_in(event.attributes.get("causationid")),
            "correlation_id": id_in(event.attributes.get("correlationid")),
        }
    )
    threshold = timedelta(minutes=company.policies.late_entry_minutes)
    if claims.occurred_at and asked_at - claims.occurred_at > threshold:
        return claims.model_copy(update={"reason": LATE})
    return claims


def id_in(text: str | None) -> UUID | None:
    """Give an id of our kind; other systems may have theirs, and we have no place for it."""
    with suppress(ValueError):
        return UUID(text or "")
    return None


def given(model: Value, leave_out: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """Give the fields of a model that say something, as they are."""
    return {name: value for name, value in model if value is not None and name not in leave_out}
