"""Given: a small log in memory, with a key of its own, and the files that can be made of it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.entry import NO_PREVIOUS, Entry, leaf_hash, state_commitment
from os_events.ledger.history import Growth, History, ProvedEvent
from os_events.ledger.merkle import Tree
from os_events.ledger.note import SigningKey
from os_events.ledger.proof import Proof

VECTORS = Path(__file__).parent / "vectors"
ORIGIN = "os-events/0123456789abcdef"
KEY = SigningKey(ORIGIN, bytes(range(32)))
OURS = UUID(int=1)
THEIRS = UUID(int=2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Stored(NamedTuple):
    """An event of the small log."""

    entry: Entry
    nonce: bytes
    state: str


class SmallLog:
    """Events of two orders in turn, ours first, each a second after the other."""

    def __init__(self, size: int) -> None:
        self.events: list[Stored] = []
        for place in range(size):
            self.append((OURS, THEIRS)[place % 2], f'{{"parts":{place},"what":"conexão"}}')

    def extend(self, aggregate: UUID, states: Sequence[str]) -> None:
        """Record an event for each state."""
        for state in states:
            self.append(aggregate, state)

    def append(self, aggregate: UUID, state: str) -> None:
        """Record one more event."""
        before = [event.entry for event in self.events if event.entry.aggregate == aggregate]
        position = len(self.events) + 1
        nonce = position.to_bytes(16, "big")
        entry = Entry(
            aggregate=aggregate,
            event="service-order.part-installed",
            position=position,
            previous=leaf_hash(before[-1].text()) if before else NO_PREVIOUS,
            recorded_at=NOON + timedelta(seconds=position),
            state=state_commitment(nonce, state.encode()),
            version=len(before) + 1,
        )
        self.events.append(Stored(entry, nonce, state))

    @property
    def tree(self) -> Tree:
        """The tree over all."""
        return Tree(b"".join(leaf_hash(event.entry.text()) for event in self.events))

    def checkpoint(self, size: int | None = None, key: SigningKey = KEY) -> bytes:
        """Sign the first ``size`` events."""
        size = len(self.events) if size is None else size
        return key.signed(Checkpoint(ORIGIN, size, self.tree.root(size)).text())

    def history(self, aggregate: UUID = OURS, old: int | None = None) -> History:
        """Prove the history of one order under a checkpoint over all."""
        tree = self.tree
        events = [
            ProvedEvent(
                event.entry.text().decode(),
                event.nonce,
                event.state,
                Proof(place, tree.inclusion(place, tree.size)).text(),
            )
            for place, event in enumerate(self.events)
            if event.entry.aggregate == aggregate
        ]
        growth = None if old is None else Growth(old, tree.consistency(old, tree.size))
        return History(self.checkpoint().decode(), growth, events)


def with_event(history: History, place: int, **changes: Any) -> bytes:
    """Tamper with one event of a file."""
    events = list(history.events)
    events[place] = events[place]._replace(**changes)
    return replace(history, events=events).written()


def with_entry(history: History, place: int, change: Callable[[Entry], Entry]) -> bytes:
    """Tamper with one entry of a file, in its form."""
    entry = change(Entry.of(history.events[place].entry.encode()))
    return with_event(history, place, entry=entry.text().decode())


def vectors(name: str) -> Any:
    """Read one of the project's own examples."""
    return json.loads((VECTORS / name).read_text())
