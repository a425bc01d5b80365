"""Whether the log may go on: what is signed must still be there. Costs the same for any size."""

import json
from pathlib import Path

from os_events.eventlog.database import LEDGER
from os_events.eventlog.rows import StoredRow, last_row, rows_at
from os_events.ledger.note import VerifierKey
from os_events.ledger.publication import Publication
from os_events.ledger.refusals import (
    CheckpointStoreLostError,
    LedgerRefusalError,
    LogDiffersFromSignedError,
    LogShorterThanSignedError,
    OriginOrKeyError,
)
from os_events.ledger.store import CheckpointStore, Record

OPENED = "log.opened"


def refusal_of(
    url: str, folder: Path, store: CheckpointStore, key: VerifierKey
) -> LedgerRefusalError | None:
    """Give the reason why nothing may be appended now; None if there is none.

    Whatever may append asks at its start, and every few seconds. Raises UnavailableError while the
    database cannot be reached.
    """
    try:
        check_standing(url, folder, store, key)
    except LedgerRefusalError as refusal:
        return refusal
    return None


def check_standing(
    url: str, folder: Path, store: CheckpointStore, key: VerifierKey
) -> tuple[int, Record] | None:
    """Give the last generation of the store, if the log stands by it.

    Raises: the LedgerRefusalError that says what is wrong; UnavailableError.
    """
    if left := store.refusal():
        raise left
    _check_name(url, key)
    latest = store.latest()
    opened = Publication(folder).opened(key)
    published = opened[1].size if opened else 0
    if latest is None:
        if published:
            raise CheckpointStoreLostError(f"{store.folder} is empty; {published} are signed")
        return None
    record = latest[1]
    if record.checkpoint.origin != key.name:
        raise OriginOrKeyError(f"{store.folder} is that of {record.checkpoint.origin}")
    if published > record.checkpoint.size:
        behind = f"{record.checkpoint.size} of {published}"
        raise CheckpointStoreLostError(f"{store.folder} is behind what was published: {behind}")
    _check_rows(url, record)
    return latest


def check_row(row: StoredRow | None, record: Record) -> StoredRow:
    """Give the row at the signed size, if it is the one that was signed.

    Raises: LogShorterThanSignedError, LogDiffersFromSignedError.
    """
    size = record.checkpoint.size
    if row is None:
        raise LogShorterThanSignedError(f"position {size} is missing, and was signed")
    if row.leaf != record.leaf:
        raise LogDiffersFromSignedError(f"position {size} has another leaf than the one signed")
    return row


def _check_rows(url: str, record: Record) -> None:
    size = record.checkpoint.size
    last = last_row(url, LEDGER)
    head = last.position if last else 0
    if head < size:
        raise LogShorterThanSignedError(
            f"positions {head + 1} to {size} are missing, and were signed"
        )
    check_row(rows_at(url, LEDGER, [size]).get(size), record)


def _check_name(url: str, key: VerifierKey) -> None:
    """Compare with what the log says of itself in its first event."""
    first = rows_at(url, LEDGER, [1]).get(1)
    if first is None or first.event != OPENED:
        return
    try:
        opened = json.loads(first.state)
        origin, vkeys = opened["origin"], opened["keys"]
    except (ValueError, KeyError, TypeError) as error:
        raise LogDiffersFromSignedError("position 1 does not say which log this is") from error
    if origin != key.name or key.vkey not in vkeys:
        raise OriginOrKeyError(f"the log is {origin}; the key is {key.vkey}")
