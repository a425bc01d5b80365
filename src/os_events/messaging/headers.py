"""The headers of messages, described for who reads or writes them. Source: CloudEvents 1.0.2."""

from typing import NamedTuple

from pydantic.json_schema import JsonSchemaValue

ORDER_ID = "00000000-0000-0000-0000-000000000064"
SOURCE = "/os-events/0123456789abcdef"
INSTANT = "2026-03-02T15:00:00.000000Z"
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NUMBER = "^[1-9][0-9]*$"


class Headers(NamedTuple):
    """What messages of a topic have beside their value; all of it is text in UTF-8."""

    required: tuple[str, ...]
    fields: dict[str, JsonSchemaValue]

    def schema(self) -> JsonSchemaValue:
        """Describe them as an object."""
        return {"type": "object", "required": list(self.required), "properties": self.fields}

    def example(self, kind: str, schema: str) -> dict[str, str]:
        """Give those of a message of a type."""
        own = {"ce_type": kind, "ce_dataschema": schema}
        told = {name: field["examples"][0] for name, field in self.fields.items()}
        return told | {name: value for name, value in own.items() if name in told}


def text(description: str, example: str, **limits: str) -> JsonSchemaValue:
    """Describe one header."""
    return {"type": "string", "description": description, "examples": [example], **limits}


ENVELOPE = {
    "ce_specversion": text("The version of CloudEvents.", "1.0"),
    "ce_type": text("What kind of message.", ""),
    "content-type": text("The value is JSON.", "application/json"),
}
TRACE = {"traceparent": text("The trace of the request that caused it (W3C).", TRACEPARENT)}
CAUSES = {
    "ce_correlationid": text("What belongs together has the same.", ORDER_ID, format="uuid"),
    "ce_causationid": text("What led to it.", ORDER_ID, format="uuid"),
}
OURS = {
    "ce_source": text("The installation: a slash, and the name of its log.", SOURCE),
    "ce_dataschema": text("The name of the JSON Schema of the value.", ""),
}
PLACE = {
    "ce_id": text(
        "The order and the version. With the source, always the same event.", f"{ORDER_ID}:3"
    ),
    "ce_subject": text("The order.", ORDER_ID, format="uuid"),
    "ce_time": text("When it happened, as claimed; UTC.", INSTANT, format="date-time"),
    "ce_recordedtime": text(
        "When it was recorded, by our clock; UTC.", INSTANT, format="date-time"
    ),
    "ce_partitionkey": text("The order, as in the key.", ORDER_ID, format="uuid"),
    "ce_sequence": text("The version: 1, 2, 3 … within the order.", "3", pattern=NUMBER),
    "ce_osposition": text("The place in the log of the installation.", "4711", pattern=NUMBER),
    "ce_osepoch": text(
        "1, and one more each time the log was restored: what you made of it, make anew.",
        "1",
        pattern=NUMBER,
    ),
}

ORDERS = Headers(
    required=(*ENVELOPE, *OURS, *PLACE, "ce_correlationid"),
    fields={**ENVELOPE, **OURS, **PLACE, **CAUSES, **TRACE},
)
OUTCOMES = Headers(
    required=(*ENVELOPE, *OURS, "ce_id", "ce_requestsource"),
    fields={
        **ENVELOPE,
        **OURS,
        "ce_id": text("The `id` of the request.", "7f6a0c9e"),
        "ce_requestsource": text("The `source` of the request.", "/crm"),
        **TRACE,
    },
)
INBOUND = Headers(
    required=(*ENVELOPE, "ce_source", "ce_id"),
    fields={
        **ENVELOPE,
        "ce_source": text("Who sends: a name that was agreed with the installation.", "/crm"),
        "ce_id": text("With the source, always the same request: it is done once.", "7f6a0c9e"),
        "ce_time": text("When it was asked for; without it, now.", INSTANT, format="date-time"),
        **CAUSES,
        **TRACE,
    },
)
