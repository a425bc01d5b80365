"""What is stored, sealed and opened again is what was there."""

from secrets import token_bytes
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order.notes import AddNote
from os_events.errors import TamperedError
from os_events.eventlog.log import replay
from os_events.eventlog.mapper import EventMapper, SealedEvent
from os_events.eventlog.vault import Kept, Place, placeholders, seal, unseal, way_to
from os_events.values.scalars import canonical
from tests.logs import ONE_KEY, stored
from tests.support import a_line, a_triage, an_order, ask, facts

MAPPER = EventMapper()
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=60
)
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=10,
)
places = st.builds(
    Place, st.uuids(), st.integers(1, 2**53 - 1), st.from_regex(r"(/[a-z_]+){1,3}", fullmatch=True)
)


def sealed(place: Place, value: Any) -> tuple[Kept, bytes]:
    placeholder, row = seal(place, ONE_KEY, canonical(value), token_bytes)
    return Kept((), placeholder["$commitment"], UUID(placeholder["$key"])), row.sealed


@given(place=places, value=values)
def test_any_value_opens_as_it_was_sealed(place: Place, value: Any) -> None:
    kept, row = sealed(place, value)

    assert unseal(place, kept, row, ONE_KEY.cipher) == value


@given(place=places, value=values, data=st.data())
def test_one_bit_changed_anywhere_opens_nothing(
    place: Place, value: Any, data: st.DataObject
) -> None:
    kept, row = sealed(place, value)
    bit = data.draw(st.integers(0, 8 * len(row) - 1))
    flipped = bytearray(row)
    flipped[bit // 8] ^= 1 << bit % 8

    with pytest.raises(TamperedError):
        unseal(place, kept, bytes(flipped), ONE_KEY.cipher)


def opened(event: SealedEvent) -> DomainEvent:
    """Then: an event whose values come back from the vault."""
    state, rows = from_json(event.state), {row.pointer: row for row in event.vault}
    for kept in list(placeholders(state)):
        place = Place(UUID(str(event.originator_id)), event.originator_version, kept.pointer)
        holder, name = way_to(state, kept.path)
        holder[name] = unseal(place, kept, rows[kept.pointer].sealed, ONE_KEY.cipher)
    return MAPPER.event(event, state)


@given(problem=words, note=words, line=words)
def test_events_come_back_as_they_were(problem: str, note: str, line: str) -> None:
    order = an_order(reported_problem=problem, lines=(a_line(description=line),))
    ask(ask(order, a_triage()), AddNote(text=note))

    written = stored(order)

    assert [opened(event) for event in written] == facts(order)


@given(problem=words, line=words)
def test_what_is_stored_rebuilds_the_order(problem: str, line: str) -> None:
    order = ask(an_order(reported_problem=problem, lines=(a_line(description=line),)), a_triage())

    rebuilt = replay(None, map(MAPPER.to_domain_event, stored(order)))

    assert (rebuilt.version, rebuilt.lines, rebuilt.triaged) == (2, order.lines, True)


@given(problem=words)
def test_no_stored_byte_is_the_values_own(problem: str) -> None:
    [event] = stored(an_order(reported_problem=f"canary {problem}"))

    assert b"canary" not in event.state
    assert all(b"canary" not in row.sealed for row in event.vault)
