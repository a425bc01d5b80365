"""The document of the topics says what goes over them."""

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from os_events.api.docs import events_page
from os_events.messaging import asyncapi, headers, topics
from os_events.messaging.described import rows
from os_events.messaging.intake.reading import TYPES
from os_events.messaging.public.cloud import cloud_event
from os_events.messaging.public.contracts import contracts
from tests.golden.lives import lives
from tests.support import facts, later

DOCUMENT = asyncapi.document()
MESSAGES = DOCUMENT["components"]["messages"]
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def told(fact: Any) -> Any:
    at = {"position": 4711, "recorded_at": later(), "causation_id": fact.event_id}
    return fact.model_copy(update=at | {"traceparent": TRACE})


SENT = [
    event
    for life in lives()
    for fact in facts(life)
    if (event := cloud_event(told(fact), origin="oficina", epoch=1))
]


def misfits(schema: Any, value: Any) -> list[str]:
    return [error.message for error in Draft7Validator(schema).iter_errors(value)]


def references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [one for part in value for one in references(part)]
    if not isinstance(value, dict):
        return []
    found = [one for part in value.values() for one in references(part)]
    return [*found, value["$ref"]] if isinstance(value.get("$ref"), str) else found


def found(reference: str) -> Any:
    place: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        place = place[step]
    return place


def test_every_message_is_in_it_and_no_other() -> None:
    assert MESSAGES.keys() == contracts().keys() >= TYPES.keys()


def test_what_it_refers_to_is_there() -> None:
    assert all(found(reference) for reference in references(DOCUMENT))


@pytest.mark.parametrize("name", MESSAGES)
def test_an_example_is_a_message_as_described(name: str) -> None:
    message = MESSAGES[name]
    [trait] = message["traits"]

    [example] = message["examples"]

    assert misfits(message["payload"], example["payload"]) == []
    assert misfits(found(trait["$ref"])["headers"], example["headers"]) == []
    assert misfits(message["headers"], example["headers"]) == []


@pytest.mark.parametrize("name", TYPES)
def test_the_example_of_a_request_is_understood(name: str) -> None:
    [example] = MESSAGES[name]["examples"]

    request = TYPES[name].model_validate_json(json.dumps(example["payload"]), strict=True)
    assert name == request.TYPE


@pytest.mark.parametrize("event", SENT, ids=lambda event: event.id)
def test_what_is_sent_has_the_headers_described_and_no_other(event: Any) -> None:
    sent = {name: value.decode() for name, value in event.headers()}

    assert misfits(headers.ORDERS.schema(), sent) == []
    assert sent.keys() == headers.ORDERS.fields.keys()


@pytest.mark.parametrize("event", SENT, ids=lambda event: event.id)
def test_what_is_sent_has_the_value_described(event: Any) -> None:
    assert misfits(MESSAGES[event.type]["payload"], json.loads(event.data)) == []


@pytest.mark.parametrize("name", ["orderEvents", "requestOutcomes"])
def test_a_topic_of_ours_is_told_as_it_is_made(name: str) -> None:
    bound = DOCUMENT["channels"][name]["bindings"]["kafka"]

    [made] = [spec for spec in topics.specs(3) if spec.name == bound["topic"]]

    assert (bound["partitions"], bound["replicas"]) == (made.partitions, made.replication)
    assert {
        key: str(value) if isinstance(value, int) else ",".join(value)
        for key, value in bound["topicConfiguration"].items()
    }.items() <= made.config.items()


def test_requests_are_answered_on_the_topic_of_outcomes() -> None:
    received = [one for one in DOCUMENT["operations"].values() if one["action"] == "receive"]

    assert {one["reply"]["channel"]["$ref"] for one in received} == {"#/channels/requestOutcomes"}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_page_shows_every_message_and_all_its_fields(name: str) -> None:
    article = events_page().partition(f'<article id="{name}">')[2].partition("</article>")[0]

    missing = [row.name for row in rows(MESSAGES[name]["payload"]) if row.name not in article]
    assert missing == []
    assert article.count("<tr>") == len(list(rows(MESSAGES[name]["payload"]))) + 1


def test_a_table_names_fields_by_their_path() -> None:
    part = {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}}
    status = {"type": "string", "x-extensible-enum": ["open"], "description": "Its\nstate."}
    schema = {
        "properties": {"status": status, "parts": {"type": "array", "items": part}},
        "required": ["status"],
    }

    told = [tuple(row) for row in rows(schema)]

    assert told == [
        ("status", "string", True, "Its state.", ("open",), True),
        ("parts[]", "list of object", False, "", (), False),
        ("parts[].id", "uuid", False, "", (), False),
    ]
