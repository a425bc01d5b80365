"""The checkpoint store: what the log stands by, kept outside the database.

A folder with a file for each generation: making the next one's name is the compare-and-swap.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from os_events.errors import ConflictError
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.encoding import HASH_BYTES, FormatError
from os_events.ledger.files import make_folder, write_new
from os_events.ledger.refusals import BY_SLUG, CheckpointStoreLostError, LedgerRefusalError

NAME = re.compile(r"g([0-9]{10})", re.ASCII)
LEAF = re.compile(r"leaf ([0-9a-f]{64})\n", re.ASCII)
REFUSED = "refused"
KEPT = 1000  # generations; of the older ones the last of each hour
PRUNED_EVERY = 100  # generations
HOUR = 3600  # seconds


class SwapLostError(ConflictError):
    """Another publisher moved the checkpoint store. Run one only; this one begins anew."""

    slug = "checkpoint-swap-lost"


class Record(NamedTuple):
    """A checkpoint, not signed yet, and the leaf of its last entry."""

    checkpoint: Checkpoint
    leaf: bytes

    def text(self) -> bytes:
        """Write it: the three lines, an empty one, the leaf."""
        return self.checkpoint.text() + f"\nleaf {self.leaf.hex()}\n".encode()

    @classmethod
    def of(cls, text: bytes) -> "Record":
        """Read it. Raises FormatError."""
        checkpoint, gap, leaf = text.rpartition(b"\nleaf ")
        if not gap or len(leaf) != 2 * HASH_BYTES + 1:
            raise FormatError("no record of a checkpoint and a leaf")
        record = cls(Checkpoint.of(checkpoint), bytes.fromhex(leaf.decode("ascii")))
        if record.text() != text:
            raise FormatError("not the one form of a record")
        return record


class CheckpointStore:
    """One folder. Several processes may use it; one of them wins each generation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def latest(self) -> tuple[int, Record] | None:
        """Give the last generation and its record; None before the first.

        Raises: CheckpointStoreLostError if it cannot be read.
        """
        generation = max(self._generations(), default=0)
        path = self._path(generation)
        return (generation, _record(path, path.read_bytes())) if generation else None

    def records(self) -> Iterator[tuple[str, Record]]:
        """Give all records that are kept, each with the name of its file, oldest first.

        Raises: CheckpointStoreLostError if one cannot be read.
        """
        for generation in sorted(self._generations()):
            path = self._path(generation)
            with suppress(FileNotFoundError):  # pruned meanwhile
                yield path.name, _record(path, path.read_bytes())

    def swap(self, expected: int, record: Record) -> int:
        """Put ``record`` after generation ``expected``, and give its own; 0 is before the first.

        Raises: SwapLostError if ``expected`` is not the last generation any more.
        """
        generation = expected + 1
        make_folder(self.folder)
        try:
            write_new(self._path(generation), record.text())
        except FileExistsError as error:
            raise SwapLostError(f"{self.folder}: generation {generation} is there") from error
        last = max(self._generations())
        if last != generation:  # this one was pruned long ago
            self._path(generation).unlink()
            raise SwapLostError(f"{self.folder}: generation {last} is there")
        if generation % PRUNED_EVERY == 0:
            self._prune(generation)
        return generation

    def refuse(self, refusal: LedgerRefusalError) -> None:
        """Leave word that nothing may be appended; the first word stays."""
        make_folder(self.folder)
        try:
            write_new(self.folder / REFUSED, f"{refusal.slug}\n{refusal}\n".encode())
        except FileExistsError:
            return

    def refusal(self) -> LedgerRefusalError | None:
        """Give the refusal that was left here, until somebody removes its file."""
        try:
            slug, _, words = (self.folder / REFUSED).read_text().partition("\n")
        except FileNotFoundError:
            return None
        return BY_SLUG.get(slug, LedgerRefusalError)(words.strip())

    def _generations(self) -> set[int]:
        if not self.folder.is_dir():
            return set()
        found = (NAME.fullmatch(path.name) for path in self.folder.iterdir())
        return {int(match[1]) for match in found if match}

    def _path(self, generation: int) -> Path:
        return self.folder / f"g{generation:010}"

    def _prune(self, last: int) -> None:
        old = sorted(generation for generation in self._generations() if generation <= last - KEPT)
        of_hour = {int(self._path(one).stat().st_mtime) // HOUR: one for one in old}
        for generation in set(old) - set(of_hour.values()):
            self._path(generation).unlink(missing_ok=True)


def _record(path: Path, text: bytes) -> Record:
    try:
        return Record.of(text)
    except ValueError as error:
        raise CheckpointStoreLostError(f"{path} cannot be read: {error}") from error
