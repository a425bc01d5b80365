"""How followers are told of: what stands still is seen whatever else it is asked with."""

import pytest

from os_events.cli.status import state_of
from os_events.followers.positions import AsOf, FollowerState, least
from tests.support import NOON


@pytest.mark.parametrize(
    ("follower", "told"),
    [
        (FollowerState("board", 7, None, None, None), "well"),
        (FollowerState("board", 8, None, None, None), "well"),
        (FollowerState("board", 3, None, None, None), "4 behind"),
        (FollowerState("board", 3, 4, NOON, "KeyError"), "KeyError"),
    ],
)
def test_a_follower_is_well_only_where_the_log_ends(follower: FollowerState, told: str) -> None:
    assert state_of(follower, 7) == told


def test_an_answer_out_of_two_tables_reflects_what_both_have() -> None:
    assert least(AsOf(7), AsOf(4)) == AsOf(4)
    assert least(AsOf(4), AsOf(4, degraded_since=5)) == AsOf(4, 5)
    assert least(AsOf(9, degraded_since=10), AsOf(4)) == AsOf(4, 10)
