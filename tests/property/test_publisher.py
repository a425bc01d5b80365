"""Publishers that die anywhere: whatever had landed, the next one makes the topic whole."""

from collections import defaultdict
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from os_events.messaging.scan import Remainder, ending

KEYS = st.lists(st.sampled_from("abc"), min_size=1, max_size=30)  # by position, from 1


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[int, list[bool]]]:
    """Of each publisher that dies: the size of its batches, and which of its records landed."""
    life = st.tuples(st.integers(1, 7), st.lists(st.booleans(), max_size=30))
    return draw(st.lists(life, max_size=6))


def scanned(topic: Sequence[tuple[int, str]]) -> set[int]:
    by_key: dict[str, list[int]] = defaultdict(list)
    for position, key in topic:
        by_key[key].append(position)
    return {position for found in by_key.values() for position in ending(found)}


def publish(keys: list[str], died: list[tuple[int, list[bool]]]) -> list[tuple[int, str]]:
    """Publish a log; every publisher but the last dies in its first batch that lost something."""
    topic: list[tuple[int, str]] = []
    position = place = 0
    for size, landed in [*died, (7, [])]:
        fates = iter(landed)
        remainder = Remainder(scanned(topic[place:]))
        while position < len(keys):
            batch = [
                (at, keys[at - 1])
                for at in range(position + 1, position + size + 1)[: len(keys) - position]
            ]
            sent = [one for one in batch if remainder.lacks(one[0], one[1].encode())]
            arrived = [one for one in sent if next(fates, True)]
            topic += arrived
            if arrived != sent:
                break
            position = batch[-1][0]
            place = len(topic) if position >= remainder.last else place
    return topic


@given(KEYS, lives())
def test_each_key_ends_in_all_its_events_in_order(
    keys: list[str], died: list[tuple[int, list[bool]]]
) -> None:
    topic = publish(keys, died)

    last = list(dict.fromkeys(reversed(topic)))  # each event where it stands last, backwards
    assert sorted(last, key=by_key_backwards) == sorted(enumerate(keys, 1), key=by_key_backwards)
    assert [one for key in "abc" for one in last if one[1] == key] == sorted(
        last, key=by_key_backwards
    )


def by_key_backwards(record: tuple[int, str]) -> tuple[str, int]:
    return record[1], -record[0]


@given(KEYS)
def test_without_a_death_nothing_comes_twice(keys: list[str]) -> None:
    assert publish(keys, []) == list(enumerate(keys, 1))
