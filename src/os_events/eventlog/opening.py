"""The vault, read: states with their personal values in place of the placeholders."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json

from os_events.errors import TamperedError
from os_events.eventlog.database import VAULT, available, open_pool
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.mapper import LoggedEvent
from os_events.eventlog.vault import Kept, Place, placeholders, unseal, way_to
from os_events.values.personal import ERASED

# A probe by index for each: a planner without statistics reads the whole vault instead.
ROWS = """SELECT row.* FROM unnest(%b::bigint[]) AS asked (at) CROSS JOIN LATERAL (
    SELECT position, pointer, sealed FROM log.vault WHERE position = asked.at) AS row"""
DESTROYED = "SELECT key_id FROM log.erased WHERE key_id = ANY (%b)"

Spot = tuple[int, str]  # position and pointer


class Vault:
    """Opens personal values. What was erased is ``Erased``; what is missing otherwise is not."""

    def __init__(self, url: str, keys: KeyRing, pool_size: int) -> None:
        self._pool = open_pool(url, VAULT, pool_size)
        self._keys = keys

    def states(self, logged: Sequence[LoggedEvent]) -> list[dict[str, Any]]:
        """Decode states, personal values opened.

        Raises: TamperedError if the vault holds another value, or none where its key lives.
        """
        states: list[dict[str, Any]] = [from_json(event.state) for event in logged]
        sealed = [list(placeholders(state)) for state in states]
        spots = {
            (event.id, kept.pointer): kept
            for event, found in zip(logged, sealed, strict=True)
            for kept in found
        }
        if spots:
            rows = self._rows({position for position, _ in spots})
            keys = self._keys.by_id(kept.key_id for kept in spots.values())
            self._check_missing(spots, rows, keys)
            for event, state, found in zip(logged, states, sealed, strict=True):
                for kept in found:
                    holder, name = way_to(state, kept.path)
                    holder[name] = _value(event, kept, rows, keys)
        return states

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close()

    def _rows(self, positions: Collection[int]) -> dict[Spot, bytes]:
        with available("the vault"), self._pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            rows = cursor.execute(ROWS, (sorted(positions),), prepare=True)
            return {(position, pointer): sealed for position, pointer, sealed in rows}

    def _check_missing(
        self, spots: Mapping[Spot, Kept], rows: Mapping[Spot, bytes], keys: Mapping[UUID, AESGCM]
    ) -> None:
        """Tell a row that somebody deleted from one that was erased.

        An erasure destroys the key first; where one is still at hand, ``log.erased`` names it.
        """
        missing = {
            spot: kept.key_id
            for spot, kept in spots.items()
            if spot not in rows and kept.key_id in keys
        }
        if not missing:
            return
        with available("the vault"), self._pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            erased = cursor.execute(DESTROYED, (list(set(missing.values())),)).fetchall()
        if gone := sorted(spot for spot, key in missing.items() if (key,) not in erased):
            position, pointer = gone[0]
            raise TamperedError(f"position {position}: the value of {pointer} was deleted")


def _value(
    event: LoggedEvent, kept: Kept, rows: Mapping[Spot, bytes], keys: Mapping[UUID, AESGCM]
) -> Any:
    sealed, cipher = rows.get((event.id, kept.pointer)), keys.get(kept.key_id)
    if sealed is None or cipher is None:
        return ERASED
    aggregate_id = cast("UUID", event.originator_id)
    place = Place(aggregate_id, event.originator_version, kept.pointer)
    return unseal(place, kept, sealed, cipher)
