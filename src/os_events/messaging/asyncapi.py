"""The AsyncAPI 3 document: what goes over topics between us and others. Source: AsyncAPI 3.0.0.

Left out is what nobody else may rely on: ``os.log.v1``, and the topics of dead letters.
"""

from collections.abc import Sequence
from importlib.metadata import version
from inspect import cleandoc
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaValue

from os_events.messaging import headers, topics
from os_events.messaging.cloudevents import JSON
from os_events.messaging.intake import outcomes
from os_events.messaging.intake.part_supply import PartSupply
from os_events.messaging.intake.service_request import ServiceRequest
from os_events.messaging.order_events import ORDER_EVENTS
from os_events.messaging.ports import TopicSpec
from os_events.messaging.public import contracts
from os_events.messaging.public.contracts import Contract
from os_events.messaging.public.schemas import samples, schema_of

BINDING = "0.5.0"
REPLICATION = 3  # by default
ORDER_KEY = {"type": "string", "format": "uuid", "description": "The order."}
SENDERS_KEY = {"type": "string", "description": "Yours; answers have the same."}
DESCRIPTION = """Ordens de serviço como registro verificável. Service orders as a verifiable record.

Messages are CloudEvents 1.0 in the Kafka binding: ours in binary mode, yours in binary or
structured mode. Delivery is at least once, and in order for each order: forget what comes again
with the same `ce_source` and `ce_id`. Ignore fields and codes that you do not know. No message
holds personal data, but for requests that you send: they are read, and not passed on."""

Document = dict[str, Any]


class Channel(NamedTuple):
    """A topic that others read or write. Shape: ``reply`` names the channel that answers."""

    name: str
    topic: str
    title: str
    action: Literal["send", "receive"]
    headers: headers.Headers
    key: JsonSchemaValue
    messages: Sequence[Contract]
    reply: str | None = None


def channels() -> tuple[Channel, ...]:
    """Give all that is in the document."""
    facts, answers = sent()
    requests = Channel(
        "serviceRequests",
        "crm.service-request.commands.v1",
        "Requests for service; the topic is yours, and its name is agreed",
        "receive",
        headers.INBOUND,
        SENDERS_KEY,
        [one for one in contracts.requests() if one.model is ServiceRequest],
        reply=answers.name,
    )
    supplies = requests._replace(
        name="partSupplies",
        topic="erp.part-supply.commands.v1",
        title="What became of parts; the topic is yours, and its name is agreed",
        messages=[one for one in contracts.requests() if one.model is PartSupply],
    )
    return facts, requests, supplies, answers


def sent() -> tuple[Channel, Channel]:
    """Give the topics of ours: facts of orders, and answers to requests."""
    return (
        Channel(
            "orderEvents",
            ORDER_EVENTS,
            "What orders go through",
            "send",
            headers.ORDERS,
            ORDER_KEY,
            contracts.facts(),
        ),
        Channel(
            "requestOutcomes",
            outcomes.TOPIC,
            "What became of requests",
            "send",
            headers.OUTCOMES,
            SENDERS_KEY,
            contracts.outcomes(),
        ),
    )


def document() -> Document:
    """Write it."""
    every = channels()
    return {
        "asyncapi": "3.0.0",
        "id": "urn:os-events",
        "info": {
            "title": "os_events",
            "version": version("os-events"),
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": JSON,
        "channels": {one.name: channel(one) for one in every},
        "operations": {f"{one.action}{capital(one.name)}": operation(one) for one in every},
        "components": {
            "messages": {said.type: message(said, one) for one in every for said in one.messages},
            "messageTraits": {one.name: trait(one) for one in every},
        },
    }


def channel(one: Channel) -> Document:
    """Describe a topic."""
    specs = {spec.name: spec for spec in topics.specs(REPLICATION)}
    spec = specs.get(one.topic)
    return {
        "address": one.topic,
        "title": one.title,
        "messages": {said.type: to("components", "messages", said.type) for said in one.messages},
        "bindings": {"kafka": {"bindingVersion": BINDING} | (kafka(spec) if spec else {})},
    }


def kafka(spec: TopicSpec) -> Document:
    """Describe how a topic of ours is kept."""
    return {
        "topic": spec.name,
        "partitions": spec.partitions,
        "replicas": spec.replication,
        "topicConfiguration": {
            "cleanup.policy": spec.config["cleanup.policy"].split(","),
            "retention.ms": int(spec.config["retention.ms"]),
            "retention.bytes": int(spec.config["retention.bytes"]),
        },
    }


def operation(one: Channel) -> Document:
    """Say what we do with a topic."""
    told = {
        "action": one.action,
        "channel": to("channels", one.name),
        "title": one.title,
        "messages": [to("channels", one.name, "messages", said.type) for said in one.messages],
    }
    return told | ({"reply": {"channel": to("channels", one.reply)}} if one.reply else {})


def trait(one: Channel) -> Document:
    """Describe what all messages of a topic have."""
    return {
        "contentType": JSON,
        "headers": one.headers.schema(),
        "bindings": {"kafka": {"key": one.key, "bindingVersion": BINDING}},
    }


def message(said: Contract, within: Channel) -> Document:
    """Describe a type of message, with an example that says all that it may."""
    example = {
        "name": "full",
        "headers": within.headers.example(said.type, said.schema),
        "payload": samples()[said.type],
    }
    return {
        "name": said.type,
        "title": said.type,
        "summary": summary(said.model),
        "traits": [to("components", "messageTraits", within.name)],
        "headers": {"properties": {"ce_type": {"const": said.type}}},
        "payload": schema_of(said.model),
        "examples": [example],
    }


def summary(model: type[BaseModel]) -> str:
    """Say in a sentence what a message says."""
    return " ".join(cleandoc(model.__doc__ or "").partition("\n\n")[0].replace("``", "`").split())


def capital(name: str) -> str:
    """Write a name behind another."""
    return name[0].upper() + name[1:]


def to(*path: str) -> dict[str, str]:
    """Refer to something in the document. No name of ours needs an escape."""
    return {"$ref": "#/" + "/".join(path)}
