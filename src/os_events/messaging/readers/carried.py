"""A record of the topic of the log: the row that it carries, if it is one of ours."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from os_events.errors import RuleViolationError
from os_events.ledger.encoding import FormatError, number
from os_events.messaging.cloudevents import JSON
from os_events.messaging.records import Incoming

NONCE_BYTES, LEAF_BYTES = 16, 32


class NotCarriedError(RuleViolationError):
    """A record of the topic carries no row of a log. Only the publisher may write there."""

    slug = "record-not-carried"


class Carried(NamedTuple):
    """A row of the log, and what was said of it on the way."""

    aggregate_id: UUID
    version: int
    position: int
    event: str
    recorded_at: datetime
    nonce: bytes
    leaf: bytes
    state: bytes
    source: str
    epoch: int


def carried_by(record: Incoming) -> Carried:
    """Read a record as the publisher writes it. Raises NotCarriedError."""
    try:
        return _carried(record)
    except (KeyError, ValueError, OverflowError) as error:  # FormatError is a ValueError
        raise NotCarriedError(f"{type(error).__name__}: {error}") from error


def _carried(record: Incoming) -> Carried:
    told = {name: value.decode() for name, value in record.headers}
    if told["ce_specversion"] != "1.0" or told["content-type"] != JSON:
        raise FormatError("no CloudEvent 1.0 in JSON")
    if record.key is None or record.value is None:
        raise FormatError("a record without key or value")
    key, version = record.key.decode("ascii"), number(told["ce_sequence"])
    if told["ce_subject"] != key or told["ce_id"] != f"{key}:{version}":
        raise FormatError("a key that is not that of the event")
    return Carried(
        aggregate_id=UUID(key),
        version=version,
        position=number(told["ce_osposition"]),
        event=told["ce_type"],
        recorded_at=instant(told["ce_recordedtime"]),
        nonce=sized(told["ce_osnonce"], NONCE_BYTES),
        leaf=sized(told["ce_osleaf"], LEAF_BYTES),
        state=record.value,
        source=told["ce_source"],
        epoch=number(told["ce_osepoch"]),
    )


def instant(text: str) -> datetime:
    """Read an instant. Raises ValueError, also for one without a zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise FormatError("an instant without a zone")
    return found.astimezone(UTC)


def sized(text: str, size: int) -> bytes:
    """Read bytes in hexadecimal. Raises ValueError."""
    found = bytes.fromhex(text)
    if len(found) != size:
        raise FormatError(f"{len(found)} bytes, not {size}")
    return found
