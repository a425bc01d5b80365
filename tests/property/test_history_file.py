"""Nothing in a history file can change without being found."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from os_events.ledger.history import History
from os_events.ledger.verdict import Outcome
from os_events.ledger.verify import verify_history
from tests.ledgers import KEY, OURS, THEIRS, SmallLog

LOG = SmallLog(7)
FILE = LOG.history(THEIRS, old=3).written()
KEPT = LOG.checkpoint(3)


def outcome(data: bytes) -> Outcome:
    return verify_history(data, KEY.verifier.vkey, KEPT).outcome


def flipped(place: int, bit: int) -> bytes:
    return FILE[:place] + bytes([FILE[place] ^ 1 << bit]) + FILE[place + 1 :]


def test_the_file_that_is_spoiled_below_is_intact() -> None:
    assert outcome(FILE) == Outcome.INTACT


@pytest.mark.parametrize("bit", range(8))
def test_no_byte_can_have_this_bit_flipped(bit: int) -> None:
    intact = [place for place in range(len(FILE)) if outcome(flipped(place, bit)) == Outcome.INTACT]

    assert intact == []


@given(start=st.integers(0, len(FILE)), length=st.integers(1, 200))
def test_nothing_can_be_cut_out(start: int, length: int) -> None:
    cut = FILE[:start] + FILE[start + length :]

    assert (outcome(cut) == Outcome.INTACT) == (cut == FILE)


@given(junk=st.binary(max_size=400))
def test_any_bytes_get_a_verdict(junk: bytes) -> None:
    assert outcome(junk) == Outcome.UNREADABLE


states = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(states=st.lists(states, min_size=1, max_size=6))
def test_any_text_is_read_as_it_was_written_and_verifies(states: list[str]) -> None:
    log = SmallLog(0)
    log.extend(OURS, states)

    file = log.history().written()

    assert History.of(file) == log.history()
    assert verify_history(file, KEY.verifier.vkey).outcome == Outcome.INTACT


@given(order=st.permutations(range(4)))
def test_events_verify_in_one_order_only(order: list[int]) -> None:
    history = LOG.history(old=3)
    shuffled = replace(history, events=[history.events[place] for place in order])

    verdict = verify_history(shuffled.written(), KEY.verifier.vkey, KEPT)

    assert (verdict.outcome == Outcome.INTACT) == (order == sorted(order))
