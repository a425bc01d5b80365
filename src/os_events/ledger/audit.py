"""The audit of a whole log: every row gives its leaf, every checkpoint that was kept its root."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from os_events.errors import TamperedError
from os_events.eventlog.database import AUDITOR
from os_events.eventlog.rows import last_row, stored_rows
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.encoding import FormatError
from os_events.ledger.merkle import Tree
from os_events.ledger.note import SignatureError, VerifierKey
from os_events.ledger.publication import Publication
from os_events.ledger.rederive import rederived
from os_events.ledger.store import CheckpointStore

EVERY = 1000  # positions between two signs of life


class Progress(NamedTuple):
    """How far an audit is: at ``position`` of ``last``, and ``checkpoints`` agreed so far."""

    position: int
    last: int
    checkpoints: int


class Kept(NamedTuple):
    """A checkpoint that was kept outside the database, and where."""

    place: str
    checkpoint: Checkpoint


def audited(url: str, folder: Path, store: CheckpointStore, key: VerifierKey) -> Iterator[Progress]:
    """Check the whole log; give signs of life, and at the end how much was checked.

    Raises: TamperedError that names the first position, or checkpoint, that does not fit;
    CheckpointStoreLostError, UnavailableError.
    """
    waiting = _kept(folder, store, key)  # before the rows, which then hold at least what they say
    head = last_row(url, AUDITOR)
    last = head.position if head else 0
    tree, agreed, fitting = Tree(), 0, 0
    with stored_rows(url, AUDITOR) as rows:
        for row in rederived(rows):
            tree.append(row.leaf)
            while waiting and waiting[0].checkpoint.size == tree.size:
                _compare(waiting.pop(0), tree, fitting)
                agreed, fitting = agreed + 1, tree.size
            if tree.size % EVERY == 0:
                tree.forget()
                yield Progress(tree.size, max(last, tree.size), agreed)
    if waiting:
        place, checkpoint = waiting[-1]
        raise TamperedError(
            f"positions {tree.size + 1} to {checkpoint.size}: are missing; "
            f"{place} holds them (log-shorter-than-signed)"
        )
    yield Progress(tree.size, tree.size, agreed)


def _compare(kept: Kept, tree: Tree, fitting: int) -> None:
    if kept.checkpoint.root != tree.root():
        raise TamperedError(
            f"positions {fitting + 1} to {tree.size}: not what was signed; {kept.place} has "
            f"another root over the first {tree.size} (log-differs-from-signed)"
        )


def _kept(folder: Path, store: CheckpointStore, key: VerifierKey) -> list[Kept]:
    """Collect what is kept outside the database, by size."""
    publication = Publication(folder)
    kept = [Kept(str(path), _opened(path, key)) for _, path in publication.archived()]
    if publication.current():
        kept.append(Kept(str(publication.path), _opened(publication.path, key)))
    kept += [Kept(str(store.folder / name), record.checkpoint) for name, record in store.records()]
    for place, checkpoint in kept:
        if checkpoint.origin != key.name:
            raise TamperedError(f"{place}: of another log, {checkpoint.origin} (origin-or-key)")
    return sorted(kept, key=lambda one: one.checkpoint.size)


def _opened(path: Path, key: VerifierKey) -> Checkpoint:
    try:
        return Checkpoint.opened(path.read_bytes(), key)
    except FormatError as error:
        raise TamperedError(f"{path}: {error} (checkpoint-format)") from error
    except SignatureError as error:
        raise TamperedError(f"{path}: {error} (log-signature)") from error
