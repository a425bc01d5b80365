"""What leaves the house of a fact, and what never does."""

import ast
import re
from collections.abc import Iterator
from inspect import getsource
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent
from pydantic import BaseModel

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order.holds import HoldPlaced
from os_events.eventlog.mapper import EventMapper
from os_events.messaging.cloudevents import CloudEvent
from os_events.messaging.public import catalogue, fields
from os_events.messaging.public.catalogue import PUBLIC
from os_events.messaging.public.cloud import cloud_event
from os_events.messaging.public.fields import OpenObject
from os_events.messaging.public.shape import Shape, ShapeError
from os_events.values.acts import Actor, Role
from os_events.values.personal import _models_in, _worth_a_look, personal_fields
from os_events.values.scalars import texts
from tests.golden.examples import FILES
from tests.golden.lives import lives
from tests.golden.reference import events
from tests.support import ANA, CUSTOMER, TECHNICIAN, facts, later

FACTS: list[DomainEvent] = [fact for life in lives() for fact in facts(life)]
ORDERS = [event for event in events() if event.TOPIC.startswith("service-order.")]
OPENED = [event for event in FACTS if type(event) in PUBLIC]
SEALED = [path for path in sorted(FILES.iterdir()) if path.name.startswith("service-order.")]


def published(event: DomainEvent) -> CloudEvent:
    found = cloud_event(event, origin="oficina", epoch=1)
    assert found
    return found


def everything(cloud: CloudEvent) -> str:
    return f"{cloud.attributes} {cloud.data.decode()} {cloud.trace}"


def objects() -> set[type[OpenObject]]:
    modules: list[ModuleType] = [*catalogue.CHAPTERS, fields]
    found = [kind for module in modules for kind in vars(module).values()]
    return {
        kind
        for kind in found
        if isinstance(kind, type)
        and issubclass(kind, OpenObject)
        and kind not in {OpenObject, Shape}
    }


def personal_names(kind: type[BaseModel]) -> Iterator[str]:
    for name, mark in _worth_a_look(kind):
        if mark:
            yield name
        for inner in _models_in(kind.model_fields[name].annotation):
            yield from personal_names(inner)


PERSONAL = {name for event in ORDERS for name in personal_names(event)}
TOLD = {found.path[-1] for event in FACTS for found in personal_fields(event)}


@pytest.mark.parametrize("event", events(), ids=lambda event: event.TOPIC)
def test_every_fact_of_an_order_is_public_and_nothing_else(event: type[DomainEvent]) -> None:
    assert (event in PUBLIC) == (event in ORDERS)


def test_the_lives_below_tell_everything_that_is_personal() -> None:
    assert {"note", "ip", "imeis", "access_login"} < PERSONAL
    assert PERSONAL <= TOLD


@pytest.mark.parametrize("event", OPENED, ids=repr)
def test_no_personal_value_leaves_when_it_can_be_read(event: DomainEvent) -> None:
    personal = [text for found in personal_fields(event) for text in texts(found.value)]

    told = everything(published(event))

    assert [text for text in personal if text in told] == []


@pytest.mark.parametrize("path", SEALED, ids=lambda path: path.stem)
def test_no_seal_of_a_personal_value_leaves(path: Path) -> None:
    state = path.read_bytes()
    stored = StoredEvent(UUID(int=100), 1, path.name.rpartition(".v")[0], state)

    told = everything(published(EventMapper().to_domain_event(stored)))  # type: ignore[arg-type]

    seals = re.findall(r'"\$commitment":"(\w+)","\$key":"([\w-]+)"', state.decode())
    assert [part for seal in seals for part in seal if part in told] == []
    assert "$" not in told


@pytest.mark.parametrize("kind", sorted(objects(), key=str), ids=lambda kind: kind.__name__)
def test_what_is_personal_has_no_counterpart(kind: type[OpenObject]) -> None:
    assert PERSONAL.isdisjoint(kind.model_fields)


@pytest.mark.parametrize("kind", sorted(objects(), key=str), ids=lambda kind: kind.__name__)
def test_whoever_makes_a_shape_names_all_its_fields(kind: type[OpenObject]) -> None:
    tree = ast.parse(dedent(getsource(kind.of)))  # type: ignore[attr-defined]  # all have one
    made = next(node for node in ast.walk(tree) if isinstance(node, ast.Return)).value

    assert isinstance(made, ast.Call)
    assert {keyword.arg for keyword in made.keywords} == kind.model_fields.keys()


@pytest.mark.parametrize("event", OPENED, ids=repr)
def test_money_says_its_unit(event: DomainEvent) -> None:
    names = re.findall(r'"(\w+)":', published(event).data.decode())

    money = re.compile("price|amount|total|discount|debt|fee|paid|labour")
    assert [name for name in names if money.search(name) and not name.endswith("_centavos")] == []


def test_of_who_acts_people_are_named_by_role_alone() -> None:
    told = published(FACTS[0]).data.decode()

    assert FACTS[0].actor == ANA
    assert ANA.id not in told
    assert '"act":{"actor_role":"manager","channel":"counter"}' in told


def test_programs_are_named_so_that_they_know_their_own_doing() -> None:
    by_program = Actor(id="integration:crm", role=Role.INTEGRATION)

    told = published(FACTS[0].model_copy(update={"actor": by_program})).data.decode()

    assert '"actor_role":"integration","actor_id":"integration:crm"' in told


def test_persons_are_named_by_id_only_where_the_fact_is_about_them() -> None:
    named = {
        event.TOPIC
        for event in OPENED
        if str(TECHNICIAN) in everything(published(event))
        or str(CUSTOMER) in everything(published(event))
    }

    assert named == {"service-order.opened", "service-order.responsible-assigned"}


def test_the_headers_are_those_of_the_contract() -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    told = {
        "position": 7,
        "recorded_at": later(1),
        "causation_id": UUID(int=5),
        "traceparent": trace,
    }
    event = next(one for one in OPENED if isinstance(one, HoldPlaced)).model_copy(update=told)

    headers = dict(cloud_event(event, origin="oficina", epoch=2).headers())  # type: ignore[union-attr]

    order = str(event.aggregate_id)
    assert headers == {
        "ce_specversion": b"1.0",
        "ce_type": b"os.order.hold-placed.v1",
        "ce_source": b"/oficina",
        "ce_id": f"{order}:{event.version}".encode(),
        "ce_subject": order.encode(),
        "ce_time": b"2026-03-03T12:00:00.000000Z",
        "ce_recordedtime": b"2026-03-02T16:00:00.000000Z",
        "ce_dataschema": b"urn:os-events:schema:os.order.hold-placed.v1:v1",
        "ce_partitionkey": order.encode(),
        "ce_sequence": str(event.version).encode(),
        "ce_osposition": b"7",
        "ce_osepoch": b"2",
        "ce_correlationid": order.encode(),
        "ce_causationid": str(UUID(int=5)).encode(),
        "content-type": b"application/json",
        "traceparent": trace.encode(),
    }


def test_a_fact_that_does_not_fit_its_shape_is_named_without_its_values() -> None:
    hold = next(one for one in OPENED if isinstance(one, HoldPlaced))
    broken = hold.model_copy(update={"hold_id": "Maria", "position": 7})

    with pytest.raises(ShapeError, match=f"^{hold!r} at position 7: hold_id uuid_parsing$"):
        published(broken)
