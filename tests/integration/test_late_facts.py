from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.followers.rebuild import Rebuild, Source
from tests.asking import approved, at, body, deliver
from tests.integration.conftest import READ_MODELS, Clock
from tests.support import NOON

TOLD_LATE = {
    "reason": {"code": "typed-later"},
    "source": {"kind": "paper", "reference": "folha 12"},
}


def hours(number: float) -> Any:
    return NOON + timedelta(hours=number)


def spans(client: TestClient, place: str) -> list[tuple[str, str, str | None]]:
    rows = client.get(f"{place}/intervals").json()
    return [
        (row["about"], row["started_at"], row["ended_at"])
        for row in rows
        if row["kind"] == "status"
    ]


def history(client: TestClient, place: str, **clocks: Any) -> Any:
    return client.get(f"{place}/history", params=clocks).json()


@pytest.fixture
def order(client: TestClient, clock: Clock, followers: list[Follower]) -> str:
    """Work began at one o'clock; two days later nothing more is known."""
    place = approved(client)
    clock.pass_by(hours=1)
    client.post(f"{place}/work-starts", json=body("StartWork"))
    clock.pass_by(days=2)
    deliver(followers)
    return place


def record_late(client: TestClient, place: str, followers: list[Follower]) -> None:
    """When: a hold of two days ago, its end, and a part put in meanwhile are typed from paper."""
    hold = body("PlaceHold") | TOLD_LATE | at(hours(3)) | {"scope": "order", "overrides": ["Q10"]}
    part = body("InstallPart") | TOLD_LATE | at(hours(4))
    del part["part_request_id"]
    release = body("ReleaseHold") | TOLD_LATE | at(hours(5)) | {"resumes_work": True}
    asked = [("holds", hold), ("parts", part), ("hold-releases", release)]
    answers = [client.post(f"{place}/{what}", json=given) for what, given in asked]
    assert [answer.status_code for answer in answers] == [200, 200, 200], answers[0].text
    deliver(followers)


def test_intervals_are_those_that_there_were_however_late_they_became_known(
    client: TestClient, order: str, followers: list[Follower]
) -> None:
    before = spans(client, order)

    record_late(client, order, followers)

    after = spans(client, order)
    assert [status for status, _, _ in before][-1:] == ["in_progress"]
    assert [status for status, _, _ in after][-3:] == ["in_progress", "on_hold", "in_progress"]
    assert after[-2][1:] == ("2026-03-02T18:00:00Z", "2026-03-02T20:00:00Z")


def test_the_board_shows_since_when_it_is_so(
    client: TestClient, order: str, followers: list[Follower]
) -> None:
    [before] = client.get("/service-orders").json()["orders"]

    record_late(client, order, followers)

    [after] = client.get("/service-orders").json()["orders"]
    assert before["status_since"] == "2026-03-02T16:00:00Z"
    assert after["status_since"] == "2026-03-02T20:00:00Z"


def test_the_history_tells_late_facts_in_their_place_and_from_what_they_were_taken(
    client: TestClient, order: str, followers: list[Follower]
) -> None:
    record_late(client, order, followers)

    told = history(client, order)["facts"]

    assert [(fact["topic"], fact["source"], fact["reason"]) for fact in told[-4:]] == [
        ("service-order.work-started", None, None),
        ("service-order.hold-placed", "folha 12", "typed-later"),
        ("service-order.part-installed", "folha 12", "typed-later"),
        ("service-order.hold-released", "folha 12", "typed-later"),
    ]


def test_what_was_known_on_each_day_can_still_be_asked(
    client: TestClient, order: str, followers: list[Follower]
) -> None:
    known_first = history(client, order)["facts"][-1]["recorded_at"]
    record_late(client, order, followers)
    known_last = max(fact["recorded_at"] for fact in history(client, order)["facts"])
    during_the_hold = hours(3.5).isoformat()

    then = history(client, order, as_of=during_the_hold, known_at=known_first)["order"]
    now = history(client, order, as_of=during_the_hold, known_at=known_last)["order"]

    assert (then["status"], now["status"]) == ("in_progress", "on_hold")


def test_a_rebuild_shows_the_same(
    client: TestClient, order: str, followers: list[Follower], log: EventLog, pool: Pool
) -> None:
    record_late(client, order, followers)
    live = spans(client, order), client.get("/service-orders").json(), client.get(order).json()

    Rebuild(Source(log, pool), [model.derivation for model in READ_MODELS]).run()

    rebuilt = spans(client, order), client.get("/service-orders").json(), client.get(order).json()
    assert rebuilt == live
