"""The publisher follows the log, and signs what it has derived again: one checkpoint a second."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event as Flag

import structlog

from os_events.errors import OsEventsError, TamperedError
from os_events.eventlog.database import LEDGER, available, connect
from os_events.eventlog.rows import StoredRow, leaves, stored_rows
from os_events.failpoints import failpoint
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.merkle import Tree, extends
from os_events.ledger.publication import Publication
from os_events.ledger.rederive import BEGINNING, rederived
from os_events.ledger.refusals import (
    CheckpointStoreLostError,
    LedgerRefusalError,
    LogDiffersFromSignedError,
    RowLeafError,
)
from os_events.ledger.signing import Signer
from os_events.ledger.standing import check_row, check_standing
from os_events.ledger.store import CheckpointStore, Record

LEASE = "SELECT pg_try_advisory_lock(hashtext('follower'), hashtext('ledger'))"
MOST = 100_000  # rows a round

log = structlog.get_logger()


class Publisher:
    """One log's publisher. It reads the log, and writes files; the store is its only memory."""

    def __init__(self, url: str, folder: Path, store: CheckpointStore, signer: Signer) -> None:
        self._url = url
        self._folder = folder
        self._publication = Publication(folder)
        self._store = store
        self._signer = signer
        self._tree: Tree | None = None  # over what is signed; None: ask the store
        self._generation = 0
        self._record: Record | None = None

    def run(self, stop: Flag, interval: float = 1.0) -> None:
        """Publish until ``stop``, while no other instance does. Unit: seconds between rounds."""
        said = None
        while not stop.is_set():
            try:
                with self._lease() as held:
                    while held and not stop.is_set():
                        self.step()
                        said = None
                        stop.wait(interval)
            except OsEventsError as error:
                if said != str(error):
                    log.warning("no checkpoint", slug=error.slug, reason=str(error))
                said = str(error)
            stop.wait(interval)

    def once(self) -> bool:
        """Make one step, unless another instance is there to do so; tell whether it was made."""
        with self._lease() as held:
            if held:
                self.step()
            return held

    def step(self) -> bool:
        """Sign what came since, and publish it; tell whether there was anything.

        Killed anywhere, the next step repeats what is missing, with the same bytes.

        Raises: LedgerRefusalError, left in the store where only this follower can see it;
        SwapLostError; UnavailableError.
        """
        try:
            tree = self._tree or self._resumed()
            grown = self._grown(tree)
        except BaseException:
            self._tree = None
            raise
        self._tree = grown
        return grown.size > tree.size

    def _resumed(self) -> Tree:
        """Build the tree that the store stands by, from the leaves, and publish its checkpoint."""
        latest = check_standing(self._url, self._folder, self._store, self._signer.verifier)
        self._generation, self._record = latest or (0, None)
        size = self._record.checkpoint.size if self._record else 0
        if any(archived > size for archived, _ in self._publication.archived()):
            raise CheckpointStoreLostError(f"{self._store.folder} is behind the archive")
        tree = Tree()
        with self._refusing(LogDiffersFromSignedError):
            for packed in leaves(self._url, LEDGER, size):
                tree.extend(packed)
                tree.forget()
            if self._record and tree.root() != self._record.checkpoint.root:
                raise TamperedError(
                    f"the first {size} events have another root than the signed one"
                )
        if self._record:
            self._publish(self._record.checkpoint)
        return tree

    def _grown(self, tree: Tree) -> Tree:
        """Take in what follows ``tree``: derive, prove, swap, sign, publish."""
        grown = tree.copy()
        joint = last = None
        since = BEGINNING
        with stored_rows(self._url, LEDGER, tree.size - 1, tree.size + MOST) as rows:
            if self._record:
                joint = check_row(next(rows, None), self._record)
                since = joint.recorded_at
            with self._refusing(RowLeafError):
                for last in rederived(rows, tree.size, since):
                    grown.append(last.leaf)
        if last is None:
            return tree
        proof = grown.consistency(tree.size, grown.size)
        if not extends(tree.size, tree.root(), grown.size, grown.root(), proof):
            raise LogDiffersFromSignedError(f"{grown.size} events do not continue {tree.size}")
        self._archive(joint, last)
        checkpoint = Checkpoint(self._signer.verifier.name, grown.size, grown.root())
        self._record = Record(checkpoint, last.leaf)
        self._generation = self._store.swap(self._generation, self._record)
        failpoint("checkpoint.swapped")
        self._publish(checkpoint)
        grown.forget()
        return grown

    def _archive(self, joint: StoredRow | None, last: StoredRow) -> None:
        """Keep the checkpoint before, if it was the last of its hour."""
        if self._record and joint and _hour(joint) != _hour(last):
            checkpoint = self._record.checkpoint
            self._publication.archive(checkpoint.size, self._signer.signed(checkpoint))

    def _publish(self, checkpoint: Checkpoint) -> None:
        note = self._signer.signed(checkpoint)
        if note != self._publication.current():
            self._publication.publish(note)

    @contextmanager
    def _refusing(self, kind: type[LedgerRefusalError]) -> Iterator[None]:
        """Leave what was found in the store, where whatever may append will read it."""
        try:
            yield
        except TamperedError as error:
            refusal = kind(str(error))
            self._store.refuse(refusal)
            raise refusal from error

    @contextmanager
    def _lease(self) -> Iterator[bool]:
        with available("the log"), connect(self._url, LEDGER) as connection:
            yield connection.execute(LEASE).fetchone() == (True,)


def _hour(row: StoredRow) -> datetime:
    return row.recorded_at.replace(minute=0, second=0, microsecond=0)
