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
from os_events.ledger.names import Name, names
from os_events.ledger.note import SignatureError, VerifierKey
from os_events.ledger.publication import Publication, former
from os_events.ledger.rederive import rederived
from os_events.ledger.refusals import LogDiffersFromSignedError
from os_events.ledger.store import CheckpointStore

EVERY = 1000  # positions between two signs of life


class Progress(NamedTuple):
    """How far an audit is: at ``position`` of ``last``, and ``checkpoints`` agreed so far."""

    position: int
    last: int
    checkpoints: int


class Kept(NamedTuple):
    """A checkpoint that was kept outside the database, where, and by which key, if it is signed."""

    place: str
    checkpoint: Checkpoint
    vkey: str = ""


def audited(
    url: str, folder: Path, store: CheckpointStore, key: VerifierKey, *, to_the_end: bool = True
) -> Iterator[Progress]:
    """Check the whole log; give signs of life, and at the end how much was checked.

    Not ``to_the_end``: what was signed may reach beyond it, as after the restore of a backup.

    Raises: TamperedError that names the first position, or checkpoint, that does not fit;
    CheckpointStoreLostError, UnavailableError.
    """
    kept = _kept(folder, store, key)  # before the rows, which then hold at least that much
    waiting = _expected(kept, _names(url), key, whole=to_the_end)
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
    if waiting and to_the_end:
        most = waiting[-1]
        raise TamperedError(
            f"positions {tree.size + 1} to {most.checkpoint.size}: are missing; "
            f"{most.place} holds them (log-shorter-than-signed)"
        )
    yield Progress(tree.size, tree.size, agreed)


def _compare(kept: Kept, tree: Tree, fitting: int) -> None:
    if kept.checkpoint.root != tree.root():
        raise TamperedError(
            f"positions {fitting + 1} to {tree.size}: not what was signed; {kept.place} has "
            f"another root over the first {tree.size} (log-differs-from-signed)"
        )


def _kept(folder: Path, store: CheckpointStore, key: VerifierKey) -> list[Kept]:
    """Collect what is kept outside the database."""
    places = [(key, folder), *former(folder)]
    kept = [one for signer, place in places for one in _signed(signer, place)]
    held = store.records()
    return kept + [Kept(str(store.folder / name), record.checkpoint) for name, record in held]


def _names(url: str) -> list[Name]:
    try:
        return names(url, AUDITOR)
    except LogDiffersFromSignedError as error:
        raise TamperedError(f"position 1: {error} ({error.slug})") from error


def _expected(kept: list[Kept], told: list[Name], key: VerifierKey, *, whole: bool) -> list[Kept]:
    """Sort by size, and leave out what the log tells to be lost. Raises TamperedError."""
    known = {name.origin: name for name in told or [Name(key.name, (key.vkey,), None)]}
    expected = []
    for one in kept:
        origin = one.checkpoint.origin
        name = known.get(origin)
        if name is None and not whole:  # the event that told the name may be lost
            name = Name(origin, (one.vkey,), None)
        if name is None or one.vkey not in {"", *name.keys}:
            raise TamperedError(f"{one.place}: of another log, {origin} (origin-or-key)")
        if not _is_lost(one, name):
            expected.append(one)
    return sorted(expected, key=lambda one: one.checkpoint.size)


def _is_lost(kept: Kept, name: Name) -> bool:
    """Say whether the log itself tells that what was signed here is gone. Raises TamperedError."""
    size = kept.checkpoint.size
    if name.left is None or size <= name.left:
        return False
    if name.signed is not None and (
        size > name.signed or (size == name.signed and kept.checkpoint.root != name.root)
    ):
        raise TamperedError(
            f"{kept.place}: not what the log says was signed as {name.origin}"
            " (log-differs-from-signed)"
        )
    return True


def _signed(key: VerifierKey, folder: Path) -> Iterator[Kept]:
    """Read every signed checkpoint that a folder keeps."""
    publication = Publication(folder)
    for _, path in publication.archived():
        yield Kept(str(path), _opened(path, key), key.vkey)
    if publication.current():
        yield Kept(str(publication.path), _opened(publication.path, key), key.vkey)


def _opened(path: Path, key: VerifierKey) -> Checkpoint:
    try:
        return Checkpoint.opened(path.read_bytes(), key)
    except FormatError as error:
        raise TamperedError(f"{path}: {error} (checkpoint-format)") from error
    except SignatureError as error:
        raise TamperedError(f"{path}: {error} (log-signature)") from error
