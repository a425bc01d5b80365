"""OCEL 2.0: objects, and the facts that touch them."""

from typing import Any

import pytest

from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.acts import Actor, Role
from tests.exports import as_ocel, misfits_ocel
from tests.golden.lives import a_refused_quote, a_repaired_telephone
from tests.support import (
    TECHNICIAN,
    a_phone,
    a_triage,
    an_order,
    ask,
    later,
)
from tests.views import a_life, history


def told(found: dict[str, Any], topic: str) -> set[tuple[str, str]]:
    """Give the kinds of objects that a fact touches, and the qualifiers."""
    [one] = [event for event in found["events"] if event["type"] == f"service-order.{topic}"]
    return {
        (link["objectId"].partition(":")[0], link["qualifier"]) for link in one["relationships"]
    }


def named(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in found["objects"] if one["type"] == kind]


def values(one: dict[str, Any], name: str) -> list[Any]:
    return [change["value"] for change in one["attributes"] if change["name"] == name]


@pytest.mark.parametrize("life", [a_repaired_telephone(), a_refused_quote()])
def test_what_is_written_is_as_the_standard_has_it(life: ServiceOrder) -> None:
    lives = [history(life), history(a_life())]

    found = as_ocel(*lives)

    assert list(misfits_ocel(found)) == []
    assert len(found["events"]) == sum(len(one.events) for one in lives)
    assert len(named(found, "order")) == 2


def test_the_file_says_what_it_was_made_of() -> None:
    assert as_ocel()["os_events"] == {"log": "log.example", "position": 2, "root": "A" * 43 + "="}


def test_a_fact_names_the_objects_that_it_touches_and_how() -> None:
    found = as_ocel(history(a_life()))

    assert told(found, "opened") == {("order", "order"), ("item", "item")}
    assert told(found, "responsible-assigned") == {
        ("order", "order"),
        ("technician", "assigned as lead"),
    }
    assert told(found, "quote-approved") == {("order", "order"), ("quote", "quote")}
    assert told(found, "part-supply-updated") == {("order", "order"), ("part", "part")}
    assert told(found, "work-started") == {
        ("order", "order"),
        ("quote", "authorised by"),
        ("technician", "performed by"),
    }
    assert told(found, "device-handed-over") == {("order", "order"), ("item", "item")}


def test_a_technician_who_tells_a_fact_is_named_as_such() -> None:
    himself = Actor(id=str(TECHNICIAN), role=Role.TECHNICIAN)
    order = ask(an_order(), a_triage(), later(1), actor=himself)

    found = as_ocel(history(order))

    assert ("technician", "told by") in told(found, "triaged")


def test_an_order_says_what_became_of_it_when() -> None:
    [order] = named(as_ocel(history(a_life())), "order")

    stood = [
        (one["value"], one["time"][11:13]) for one in order["attributes"] if one["name"] == "status"
    ]
    assert stood[:3] == [("open", "15"), ("queued", "17"), ("in_diagnosis", "19")]
    assert stood[-1] == ("closed", "10")
    assert values(order, "priority") == ["normal"]
    assert {link["qualifier"] for link in order["relationships"]} == {
        "works on",
        "has quote",
        "has part",
    }


def test_a_part_is_one_object_from_its_request_to_its_installation() -> None:
    [part] = named(as_ocel(history(a_life())), "part")

    assert values(part, "state") == ["requested", "arrived", "installed"]
    assert values(part, "description") == ["Tela"]


def test_an_item_of_several_orders_is_one_object_as_the_first_tells_it() -> None:
    first = an_order(asset=a_phone(model="G54"))
    again = an_order(asset=a_phone(model="G54 5G", asset_id=first.id))

    found = as_ocel(history(first), history(again))

    [item] = named(found, "item")
    assert values(item, "model") == ["G54"]
    assert {event["relationships"][1]["objectId"] for event in found["events"]} == {item["id"]}


def test_an_order_names_the_one_it_comes_after_if_that_is_in_the_file() -> None:
    first = an_order()
    again = history(an_order(previous_order_id=first.id))

    found = as_ocel(history(first), again)
    alone = as_ocel(again)

    links = named(found, "order")[1]["relationships"]
    assert {"objectId": f"order:{first.id}", "qualifier": "comes after"} in links
    assert "comes after" not in str(alone)
