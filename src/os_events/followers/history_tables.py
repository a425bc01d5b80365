"""What most followers do: whole histories in, the rows of every read model out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg

from os_events.aggregates.chronology import History
from os_events.followers import positions
from os_events.followers.derivation import Derivation
from os_events.followers.follower import Batch
from os_events.followers.histories import BusyHistories, Events, HistorySource
from os_events.followers.tables import Table


class HistoryTables:
    """Keeps tables of one kind of history. They share one reading, one replay, one transaction."""

    def __init__(
        self, source: HistorySource, derivations: Sequence[Derivation[Any]], suffix: str = ""
    ) -> None:
        [(self.kind, self.opened, wanted)] = {alike(one) for one in derivations}
        self.source = source
        self.name = f"{self.kind.TOPIC}{'-opened' if self.opened else ''}"
        self.topics: Sequence[str] = wanted or [f"{self.kind.TOPIC}.%"]
        self.busy = BusyHistories(source, self.topics, opened=self.opened)
        self.tables = [Table(one, suffix) for one in derivations]

    @property
    def positions(self) -> list[str]:
        """Name the positions to be moved: one a table."""
        return [table.name for table in self.tables]

    def prepare(self, connection: psycopg.Connection[Any]) -> None:
        """Make what is missing. A table that comes late catches up beside the others."""
        made = [table.name for table in self.tables if table.prepare(connection)]
        connection.execute(positions.SET, (made, 0))  # one that was dropped is where it never was

    def apply_batch(
        self, connection: psycopg.Connection[Any], batch: Batch, moved: Sequence[str]
    ) -> None:
        """Write the rows of every history in ``batch`` anew, in the tables that are ``moved``."""
        events = self.busy.touched_by(batch)
        if histories := self._replayed(events):
            for table in self.tables:
                if table.name in moved:
                    table.replace(connection, histories)
        self.busy.keep(events, batch.upto)

    def chunks(self, upto: int, size: int) -> list[list[UUID]]:
        """Name all whose histories these are, ``size`` at a time."""
        ids = self.source.begun(self.kind.BEGINS, upto)
        return [ids[first : first + size] for first in range(0, len(ids), size)]

    def read(self, ids: Sequence[UUID], upto: int) -> Mapping[UUID, History]:
        """Read histories up to a position."""
        return self._replayed(self.busy.read(ids, upto))

    def _replayed(self, events: Events) -> dict[UUID, History]:
        return {aggregate_id: self.kind.of(found) for aggregate_id, found in events.items()}


def alike(derivation: Derivation[Any]) -> tuple[type[History], bool, tuple[str, ...]]:
    """Say what derivations must have in common to be kept together."""
    return derivation.of, derivation.opened, derivation.topics


def grouped(
    source: HistorySource, derivations: Iterable[Derivation[Any]], suffix: str = ""
) -> list[HistoryTables]:
    """Put together what can share a reading: an effect, and so a follower, for each group."""
    groups: dict[Any, list[Derivation[Any]]] = {}
    for derivation in derivations:
        groups.setdefault(alike(derivation), []).append(derivation)
    return [HistoryTables(source, group, suffix) for group in groups.values()]
