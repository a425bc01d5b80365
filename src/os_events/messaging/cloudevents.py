"""CloudEvents 1.0 over Kafka: binary out, binary or structured in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json, to_json

from os_events.errors import RuleViolationError
from os_events.messaging.records import Headers, Incoming
from os_events.values.plain_json import plain_of

PREFIX = "ce_"
JSON = "application/json"
STRUCTURED = "application/cloudevents+json"
CONTENT_TYPE = "datacontenttype"  # a header by another name
BINARY_ONLY = frozenset({"data", "data_base64"})  # of a structured event: no attributes
NOT_PREFIXED = ("traceparent", "tracestate")  # of W3C; they travel under their own names
REQUIRED = ("id", "source", "specversion", "type")


class NotACloudEventError(RuleViolationError):
    """A message is no CloudEvent 1.0 in binary or structured JSON. Send it as the document says."""

    slug = "not-a-cloudevent"


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """One event as others see it. Shape: ``data`` is JSON; ``attributes`` has all but the data."""

    attributes: Mapping[str, str]
    data: bytes
    trace: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Give what makes it the same event when it comes again, with its source."""
        return self.attributes["id"]

    @property
    def source(self) -> str:
        """Say who sends it."""
        return self.attributes["source"]

    @property
    def type(self) -> str:
        """Say what kind of event it is."""
        return self.attributes["type"]

    def headers(self) -> Headers:
        """Write it in binary mode: all but the data as headers."""
        named = [
            (f"{PREFIX}{name}", value)
            for name, value in self.attributes.items()
            if name != CONTENT_TYPE
        ]
        pairs = [*named, ("content-type", JSON), *self.trace.items()]
        return tuple((name, value.encode()) for name, value in pairs)


def source_of(origin: str) -> str:
    """Name a log as CloudEvents name whoever sends them: a path, beside all others of a company."""
    return f"/{origin}"


def read(record: Incoming) -> CloudEvent:
    """Read an event in either mode. Raises NotACloudEventError."""
    content_type = record.header("content-type") or ""
    if record.value is None:
        raise NotACloudEventError("the message has no value")
    trace = {name: found for name in NOT_PREFIXED if (found := record.header(name))}
    if content_type.partition(";")[0].strip().lower() == STRUCTURED:
        return _structured(record.value, trace)
    if content_type.partition(";")[0].strip().lower() != JSON:
        raise NotACloudEventError(f"content-type is {content_type!r:.100}")
    attributes = {
        name.removeprefix(PREFIX): record.header(name) or ""
        for name, _ in record.headers
        if name.startswith(PREFIX)
    }
    return _checked(CloudEvent(attributes, record.value, trace))


def _structured(value: bytes, trace: Mapping[str, str]) -> CloudEvent:
    try:
        plain_of(value)  # each name once
        whole = from_json(value)  # no half of a sign
    except ValueError as error:
        raise NotACloudEventError("the value is not plain JSON") from error
    if not isinstance(whole, dict) or "data" not in whole:
        raise NotACloudEventError("the value is no JSON object with data")
    attributes = dict(_attributes(whole))
    own = {name: attributes.pop(name) for name in NOT_PREFIXED if name in attributes}
    data = to_json(whole["data"])
    return _checked(CloudEvent(attributes, data, {**own, **trace}))


def _attributes(whole: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Read the attributes as they are written in headers; one that is null is absent."""
    for name, told in whole.items():
        if name in BINARY_ONLY or told is None:
            continue
        if isinstance(told, bool):
            yield name, str(told).lower()
        elif isinstance(told, str | int):
            yield name, str(told)
        else:
            raise NotACloudEventError(f"{name!r:.100} is no text, integer or boolean")


def _checked(event: CloudEvent) -> CloudEvent:
    missing = [name for name in REQUIRED if not event.attributes.get(name)]
    if missing:
        raise NotACloudEventError(f"missing: {', '.join(missing)}")
    if event.attributes["specversion"] != "1.0":
        raise NotACloudEventError(f"specversion is {event.attributes['specversion']!r:.20}")
    return event
