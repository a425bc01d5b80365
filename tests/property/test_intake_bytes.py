"""Whatever comes by a topic, it is read, or put aside with a reason."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from os_events.messaging.intake.dead_letters import dead_letter, letter
from os_events.messaging.intake.reading import PutAsideError, message_in
from os_events.messaging.records import Incoming, Partition
from tests.messages import CRM_TOPIC, a_house, a_request, headers_of
from tests.support import NOON

SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = ["ce_id", "ce_source", "ce_type", "ce_specversion", "ce_time", "content-type", "x", "dlq_x"]
VALUES = st.binary(max_size=30) | st.sampled_from(
    [b"application/json", b"application/cloudevents+json", b"1.0", b"/crm/loja"]
)
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=12).map(tuple)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = st.dictionaries(st.sampled_from(sorted(a_request())), JSON, max_size=3)


def fault_of(record: Incoming) -> PutAsideError | None:
    try:
        message_in(record, a_house())
    except PutAsideError as error:
        return error
    return None


def check(record: Incoming) -> None:
    """When: it is read; then: if it was put aside, its dead letter holds all of it."""
    error = fault_of(record)
    if error is None:
        return
    made = dead_letter(record, error, "group", NOON)
    told = letter(Incoming(record.partition, 0, made.key, made.value, made.headers)).told
    assert (made.value, made.key) == (record.value, record.key or b"")
    assert told["error_type"] == error.fault.value
    assert told["error"]


@SLOWLY
@given(key=st.none() | st.binary(max_size=20), value=st.none() | st.binary(), headers=HEADERS)
def test_any_bytes_are_read_or_put_aside(
    key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes], ...]
) -> None:
    check(Incoming(Partition(CRM_TOPIC, 0), 0, key, value, headers))


@SLOWLY
@given(fields=FIELDS)
def test_a_request_with_any_values_is_read_or_put_aside(fields: dict[str, Any]) -> None:
    value = json.dumps(a_request() | fields).encode()

    check(Incoming(Partition(CRM_TOPIC, 0), 0, b"", value, headers_of("1")))


@SLOWLY
@given(whole=JSON)
def test_a_structured_event_of_any_shape_is_read_or_put_aside(whole: Any) -> None:
    headers = (("content-type", b"application/cloudevents+json"),)

    check(Incoming(Partition(CRM_TOPIC, 0), 0, b"", json.dumps(whole).encode(), headers))
