"""Whether the log may go on: what is signed must still be there. Costs the same for any size."""

from pathlib import Path

from os_events.eventlog.database import LEDGER
from os_events.eventlog.rows import StoredRow, last_row, rows_at
from os_events.ledger.names import names
from os_events.ledger.note import VerifierKey
from os_events.ledger.publication import Publication, former
from os_events.ledger.refusals import (
    CheckpointStoreLostError,
    LedgerRefusalError,
    LogDiffersFromSignedError,
    LogShorterThanSignedError,
    OriginOrKeyError,
)
from os_events.ledger.store import CheckpointStore, Record


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
    latest = store.latest()
    _check_name(url, folder, key, latest[1] if latest else None)
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


def _check_name(url: str, folder: Path, key: VerifierKey, record: Record | None) -> None:
    """Compare with what the log says of itself."""
    known = names(url, LEDGER)
    if not known:
        return
    present = known[-1]
    if key.name == present.origin and key.vkey in present.keys:
        return
    if record and present.origin in {old.name for old, _ in former(folder)}:
        _check_rows(url, record)  # the event that gave the name may be among those that are missing
    raise OriginOrKeyError(f"the log is {present.origin}; the key is {key.vkey}")
