"""A checkpoint store that was lost begins anew, from the newest checkpoint that anybody kept."""

from pathlib import Path

from os_events.errors import ConflictError, RuleViolationError
from os_events.eventlog.database import AUDITOR
from os_events.eventlog.rows import leaves, rows_at
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.encoding import FormatError
from os_events.ledger.export import ForeignCheckpointError
from os_events.ledger.merkle import Tree
from os_events.ledger.note import SignatureError, VerifierKey
from os_events.ledger.publication import Publication
from os_events.ledger.refusals import LogDiffersFromSignedError, LogShorterThanSignedError
from os_events.ledger.store import CheckpointStore, Record


class StoreNotLostError(ConflictError):
    """The checkpoint store is there, and not behind. See ``os-events status`` for what is wrong."""

    slug = "store-not-lost"


class OlderCheckpointError(RuleViolationError):
    """A newer checkpoint is known here than the one given. Give the newest that anybody kept."""

    slug = "checkpoint-not-newest"


def adopt(
    url: str, folder: Path, store: CheckpointStore, key: VerifierKey, note: bytes
) -> Checkpoint:
    """Let the log stand by a signed checkpoint again, if it still holds what that signed.

    Raises: ForeignCheckpointError, OlderCheckpointError, StoreNotLostError;
    LogShorterThanSignedError, LogDiffersFromSignedError; TamperedError, UnavailableError.
    """
    try:
        checkpoint = Checkpoint.opened(note, key)
    except (FormatError, SignatureError) as error:
        raise ForeignCheckpointError(str(error)) from error
    latest, newest = store.latest(), _newest(folder, key)
    held = latest[1].checkpoint.size if latest else 0
    if latest and held >= max(newest, checkpoint.size):
        raise StoreNotLostError(f"{store.folder} holds a checkpoint of {held} events")
    if checkpoint.size < max(newest, held):
        raise OlderCheckpointError(f"it has {checkpoint.size} of {max(newest, held)} events")
    store.swap(latest[0] if latest else 0, _checked(url, checkpoint))
    return checkpoint


def _newest(folder: Path, key: VerifierKey) -> int:
    """Give the size of the largest checkpoint that is published or kept."""
    publication = Publication(folder)
    opened = publication.opened(key)
    return max(opened[1].size if opened else 0, *(size for size, _ in publication.archived()), 0)


def _checked(url: str, checkpoint: Checkpoint) -> Record:
    """Compare a checkpoint with the log."""
    row = rows_at(url, AUDITOR, [checkpoint.size]).get(checkpoint.size)
    if row is None:
        raise LogShorterThanSignedError(f"position {checkpoint.size} is missing, and was signed")
    tree = Tree()
    for packed in leaves(url, AUDITOR, checkpoint.size):
        tree.extend(packed)
        tree.forget()
    if tree.root() != checkpoint.root:
        raise LogDiffersFromSignedError(f"the first {checkpoint.size} events have another root")
    return Record(checkpoint, row.leaf)
