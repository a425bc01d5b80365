"""From a record to a request that can be understood, or to the reason why it cannot."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from pydantic import ValidationError

from os_events.messaging.cloudevents import CloudEvent, NotACloudEventError, read
from os_events.messaging.intake.part_supply import PartSupply
from os_events.messaging.intake.senders import Sender, Senders
from os_events.messaging.intake.service_request import ServiceRequest
from os_events.messaging.records import Incoming
from os_events.values.plain_json import plain_of
from os_events.values.scalars import Code, canonical

Content: TypeAlias = ServiceRequest | PartSupply

TYPES: Mapping[str, type[Content]] = {kind.TYPE: kind for kind in (ServiceRequest, PartSupply)}
LARGEST = 256 * 1024  # bytes: as much as a request over HTTP
LONGEST = 200  # of an id or a source


class Fault(Code):
    """Why a message is put aside."""

    OVERSIZED = "oversized", "grande demais"
    MALFORMED = "malformed", "malformada"
    UNKNOWN_SOURCE = "unknown-source", "remetente desconhecido"
    UNKNOWN_TYPE = "unknown-type", "tipo desconhecido"
    OTHER_BODY = "id-with-another-body", "mesmo id, outro conteúdo"


class PutAsideError(Exception):
    """A message can become no request, now or later. It goes to the dead letters."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
        self.detail = detail


class Message(NamedTuple):
    """A request of another system. Shape: ``said`` are the same bytes whenever it says the same."""

    event: CloudEvent
    sender: Sender
    content: Content
    said: bytes


def message_in(record: Incoming, senders: Senders) -> Message:
    """Read a record. Raises PutAsideError, which repeats no value of the content."""
    if size_of(record) > LARGEST:
        raise PutAsideError(Fault.OVERSIZED, f"{size_of(record)} bytes; {LARGEST} at most")
    try:
        event = read(record)
    except NotACloudEventError as error:
        raise PutAsideError(Fault.MALFORMED, f"{error.slug}: {error}") from error
    for name in ("id", "source"):
        if len(event.attributes[name]) > LONGEST:
            raise PutAsideError(Fault.MALFORMED, f"{name} is longer than {LONGEST} signs")
    sender = senders.find(record.partition.topic, event.source)
    if sender is None:
        raise PutAsideError(Fault.UNKNOWN_SOURCE, f"{event.source!r} may not send here")
    return Message(event, sender, *content_of(event))


def content_of(event: CloudEvent) -> tuple[Content, bytes]:
    """Read what an event says, and in which bytes it always says it. Raises PutAsideError."""
    kind = TYPES.get(event.type)
    if kind is None:
        raise PutAsideError(Fault.UNKNOWN_TYPE, f"{event.type!r:.200}")
    try:
        said = canonical([event.type, plain_of(event.data)])
    except ValueError as error:
        raise PutAsideError(Fault.MALFORMED, "the data is not plain JSON") from error
    with fitting():
        return kind.model_validate_json(event.data, strict=True), said


@contextmanager
def fitting() -> Iterator[None]:
    """Let a message whose fields do not fit be put aside: they are named, their values are not."""
    try:
        yield
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        told = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found)
        raise PutAsideError(Fault.MALFORMED, "; ".join(told)) from error


def size_of(record: Incoming) -> int:
    """Say how large a record is. Unit: bytes."""
    headers = sum(len(name) + len(value) for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers
