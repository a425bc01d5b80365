"""CloudEvents out and in, as another implementation writes and reads them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from cloudevents.core.bindings import kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent as Theirs

from os_events.messaging.cloudevents import JSON, CloudEvent, NotACloudEventError, read
from os_events.messaging.public.cloud import cloud_event
from os_events.messaging.records import Incoming, Partition
from os_events.messaging.webhooks.letters import structured as posted
from tests.golden.lives import lives
from tests.support import facts, later

HEADERS = {
    "ce_specversion": b"1.0",
    "ce_id": b"7",
    "ce_source": b"/crm",
    "ce_type": b"crm.service-request.open.v1",
    "content-type": JSON.encode(),
}
STRUCTURED = {"content-type": b"application/cloudevents+json; charset=utf-8"}
EVENT = {"specversion": "1.0", "id": "7", "source": "/crm", "type": "t", "data": {"a": 1}}
OURS = [
    cloud_event(fact.model_copy(update={"recorded_at": later()}), origin="oficina", epoch=1)
    for life in lives()
    for fact in facts(life)
]
PUBLIC = [event for event in OURS if event]


def record(value: bytes | None, headers: Mapping[str, bytes], key: bytes = b"k") -> Incoming:
    return Incoming(Partition("t", 0), 0, key, value, tuple(headers.items()))


def structured(**fields: Any) -> Incoming:
    return record(json.dumps(EVENT | fields).encode(), STRUCTURED)


@pytest.mark.parametrize("event", PUBLIC, ids=lambda event: event.id)
def test_what_we_publish_is_read_by_another_implementation(event: CloudEvent) -> None:
    key = event.attributes["partitionkey"].encode()
    message = kafka.KafkaMessage(dict(event.headers()), key, event.data)

    theirs = kafka.from_kafka(message, JSONFormat())

    told = dict(theirs.get_attributes())
    assert told.pop("time") == datetime.fromisoformat(event.attributes["time"])
    assert told.pop("datacontenttype") == JSON
    assert told == {name: value for name, value in event.attributes.items() if name != "time"}
    assert theirs.get_data() == json.loads(event.data)


@pytest.mark.parametrize("write", [kafka.to_binary_event, kafka.to_structured_event])
@pytest.mark.parametrize("event", PUBLIC, ids=lambda event: event.id)
def test_what_another_implementation_writes_is_read_by_us(event: CloudEvent, write: Any) -> None:
    instant = datetime.fromisoformat(event.attributes["time"])
    attributes = {**event.attributes, "time": instant, "datacontenttype": JSON}
    message = write(Theirs(attributes, json.loads(event.data)))

    ours = read(record(message.value, message.headers))

    told = dict(ours.attributes)
    assert datetime.fromisoformat(told.pop("time")) == instant
    told.pop("datacontenttype", None)
    assert told == {name: value for name, value in event.attributes.items() if name != "time"}
    assert json.loads(ours.data) == json.loads(event.data)


@pytest.mark.parametrize("event", PUBLIC, ids=lambda event: event.id)
def test_what_we_post_is_read_by_another_implementation(event: CloudEvent) -> None:
    theirs = JSONFormat().read(Theirs, posted(event))

    assert theirs.get_id() == event.id
    assert theirs.get_data() == json.loads(event.data)
    assert theirs.get_extension("partitionkey") == event.attributes["partitionkey"]


def test_the_type_of_the_content_is_a_header_by_its_own_name() -> None:
    event = CloudEvent({"id": "7", "datacontenttype": JSON}, b"{}")

    assert event.headers() == (("ce_id", b"7"), ("content-type", JSON.encode()))


def test_a_trace_travels_under_its_own_name_in_both_modes() -> None:
    trace = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
    headers = HEADERS | {"traceparent": trace["traceparent"].encode()}

    binary, whole = read(record(b"{}", headers)), read(structured(**trace))

    assert binary.trace == whole.trace == trace
    assert "traceparent" not in binary.attributes.keys() | whole.attributes.keys()
    assert ("traceparent", trace["traceparent"].encode()) in binary.headers()


def test_attributes_are_texts_as_headers_are_and_null_is_absent() -> None:
    event = read(structured(sequence=7, urgent=True, dataschema=None))

    assert event.attributes["sequence"] == "7"
    assert event.attributes["urgent"] == "true"
    assert "dataschema" not in event.attributes


@pytest.mark.parametrize(
    ("incoming", "says"),
    [
        (record(None, HEADERS), "no value"),
        (record(b"{}", {}), "content-type is ''"),
        (record(b"<a/>", HEADERS | {"content-type": b"text/xml"}), "content-type is 'text/xml'"),
        (record(b"[]", {"content-type": b"application/cloudevents-batch+json"}), "batch"),
        (record(b"{}", {"content-type": b"\xff"}), "content-type is ''"),
        (record(b"{}", {"content-type": JSON.encode()}), "missing: id, source, specversion, type"),
        (record(b"{}", HEADERS | {"ce_id": b""}), "missing: id"),
        (record(b"{}", HEADERS | {"ce_source": b"\xff\xfe"}), "missing: source"),
        (record(b"{}", HEADERS | {"ce_specversion": b"0.3"}), "specversion is '0.3'"),
        (record(b"", STRUCTURED), "not plain JSON"),
        (record(b"\xff", STRUCTURED), "not plain JSON"),
        (record(b'{"a":1,"a":2}', STRUCTURED), "not plain JSON"),
        (record(b'{"data":NaN}', STRUCTURED), "not plain JSON"),
        (record(b'{"data":"\\ud800"}', STRUCTURED), "not plain JSON"),
        (record(b"[" * 100_000, STRUCTURED), "not plain JSON"),
        (record(b"[1]", STRUCTURED), "no JSON object with data"),
        (record(b'{"data_base64":"AAAA"}', STRUCTURED), "no JSON object with data"),
        (structured(id=None), "missing: id"),
        (structured(id=""), "missing: id"),
        (structured(subject={"a": 1}), "'subject' is no text, integer or boolean"),
        (structured(subject=["a"]), "'subject' is no text, integer or boolean"),
        (structured(subject=1.5), "'subject' is no text, integer or boolean"),
        (structured(specversion="1.1"), "specversion is '1.1'"),
    ],
)
def test_what_is_no_cloudevent_is_refused_and_said_why(incoming: Incoming, says: str) -> None:
    with pytest.raises(NotACloudEventError, match=says):
        read(incoming)
