"""Every leaf is derived again from its row: what was changed afterwards does not fit."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hmac import compare_digest

from os_events.errors import TamperedError
from os_events.eventlog.rows import StoredRow
from os_events.ledger.entry import FORM, NO_PREVIOUS, Entry, leaf_hash, state_commitment

BEGINNING = datetime.min.replace(tzinfo=UTC)


def entry_of(row: StoredRow) -> bytes:
    """Write the entry of a row. Raises UnicodeEncodeError for a name that no event has."""
    return Entry(
        aggregate=row.aggregate_id,
        event=row.event,
        position=row.position,
        previous=row.previous or NO_PREVIOUS,
        recorded_at=row.recorded_at,
        state=state_commitment(row.nonce, row.state),
        version=row.version,
    ).text()


def rederived(
    rows: Iterable[StoredRow], after: int = 0, since: datetime = BEGINNING
) -> Iterator[StoredRow]:
    """Give the rows that follow position ``after``, as long as each is as it was recorded.

    Raises: TamperedError at the first that is not.
    """
    for row in rows:
        after += 1
        if fault := _fault(row, after, since):
            raise TamperedError(f"position {after}: {fault}")
        since = row.recorded_at
        yield row


def _fault(row: StoredRow, position: int, since: datetime) -> str | None:
    if row.position > position:
        return f"is missing; {row.position} follows (row-missing)"
    if row.position < position:
        return f"a row that was never recorded stands before it, {row.position} (row-extra)"
    if row.recorded_at <= since:
        return "was recorded before the one before it (time-order)"
    if (row.previous is None) != (row.version == 1):
        return f"version {row.version} does not follow one before it (version-gap)"
    if not compare_digest(_leaf(row), row.leaf):
        return "does not give its leaf (row-leaf)"
    return None


def _leaf(row: StoredRow) -> bytes:
    """Derive the leaf of a row; nothing where a row cannot have one."""
    try:
        entry = entry_of(row)
    except UnicodeEncodeError:
        return b""
    return leaf_hash(entry) if FORM.fullmatch(entry) else b""
