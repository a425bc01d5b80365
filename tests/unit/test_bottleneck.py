"""Where orders get stuck: what fills up and takes the most time."""

from os_events.kpis.answer import Group
from os_events.kpis.bottleneck import bottleneck


def a_stage(status: str, seconds: int, entries: int, exits: int = 0, p90: int = 0) -> Group:
    """Spend time in a status; orders come and go."""
    flows = {"entries": entries, "exits": exits, "unended": entries - exits}
    return Group(None, {"series": status}, seconds, 1, entries, p90, p90, flows=flows)


def test_the_bottleneck_is_what_took_most_time_of_what_filled_up() -> None:
    found = bottleneck(
        [
            a_stage("queued", 500, 3, 3),
            a_stage("on_hold", 300, 2, 1),
            a_stage("awaiting_parts", 200, 5, 1),
        ]
    )

    assert (found.status, found.longest_wait) == ("on_hold", "queued")


def test_of_two_that_took_the_same_the_one_with_the_longer_stays_is_it() -> None:
    found = bottleneck([a_stage("queued", 500, 2, p90=250), a_stage("on_hold", 500, 1, p90=500)])

    assert found.status == "on_hold"


def test_where_nothing_filled_up_only_the_longest_wait_is_named() -> None:
    found = bottleneck([a_stage("queued", 500, 3, 3), a_stage("on_hold", 900, 1, 2)])

    assert (found.status, found.longest_wait) == (None, "on_hold")


def test_what_waits_for_its_owner_is_no_bottleneck_and_is_told_beside() -> None:
    found = bottleneck([a_stage("ready_for_pickup", 900, 2), a_stage("queued", 1, 1)])

    assert found.status == "queued"
    assert [one.values["series"] for one in found.done] == ["ready_for_pickup"]


def test_an_empty_period_has_no_bottleneck() -> None:
    found = bottleneck([])

    assert (found.status, found.longest_wait, found.stages, found.done) == (None, None, (), ())


def test_a_share_is_of_the_time_in_all_statuses() -> None:
    waiting = a_stage("queued", 1, 1)

    found = bottleneck([a_stage("ready_for_pickup", 2, 2), waiting])

    assert str(found.share(waiting)) == "33.3"
