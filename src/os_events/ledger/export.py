"""A history file is made of the log: the rows of one aggregate, and their proofs."""

from pathlib import Path
from uuid import UUID

from os_events.errors import NotFoundError, RuleViolationError, TamperedError, UnavailableError
from os_events.eventlog.database import AUDITOR
from os_events.eventlog.rows import StoredRow, history_rows, leaves
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.encoding import FormatError
from os_events.ledger.history import LARGEST_FILE, Growth, History, ProvedEvent
from os_events.ledger.merkle import Tree
from os_events.ledger.note import SignatureError, VerifierKey
from os_events.ledger.proof import Proof
from os_events.ledger.publication import Publication
from os_events.ledger.rederive import entry_of
from os_events.ledger.verdict import Outcome
from os_events.ledger.verify import verify_history


class NotYetSignedError(UnavailableError):
    """The last checkpoint is older than what is to be proved. Ask again in a second.

    Where no publisher runs, start one: ``os-events up`` or ``os-events follow``.
    """

    slug = "not-yet-signed"


class ForeignCheckpointError(RuleViolationError):
    """The older checkpoint is none of this log. Give one that this log has signed."""

    slug = "checkpoint-foreign"


class HistoryTooLargeError(RuleViolationError):
    """The history is larger than a verifier reads. Nothing can be done yet."""

    slug = "history-too-large"


def history_file(
    url: str, folder: Path, key: VerifierKey, aggregate_id: UUID, against: bytes | None = None
) -> bytes:
    """Write the history file of one aggregate, under the checkpoint that is published now.

    ``against`` is an older checkpoint: the file will prove that the log has grown from it. Personal
    values stay in the vault: states hold commitments to them. What the verifier would not call
    intact is not handed out.

    Raises: NotFoundError, NotYetSignedError, ForeignCheckpointError, HistoryTooLargeError,
    OriginOrKeyError, TamperedError, UnavailableError.
    """
    opened = Publication(folder).opened(key)
    rows = history_rows(url, AUDITOR, aggregate_id)
    if not rows:
        raise NotFoundError(f"nothing is recorded of {aggregate_id}")
    if opened is None or opened[1].size < rows[-1].position:
        size = opened[1].size if opened else 0
        raise NotYetSignedError(f"signed are {size} events; the last is {rows[-1].position}")
    note, signed = opened
    tree = Tree()
    for packed in leaves(url, AUDITOR, signed.size):
        tree.extend(packed)
    history = History(
        checkpoint=note.decode(),
        growth=_growth(tree, against, key),
        events=[_proved(row, tree) for row in rows],
    )
    data = history.written()
    _check(data, key, against)
    return data


def _proved(row: StoredRow, tree: Tree) -> ProvedEvent:
    return ProvedEvent(
        entry=entry_of(row).decode("ascii"),
        nonce=row.nonce,
        state=row.state.decode(),
        proof=Proof(row.position - 1, tree.inclusion(row.position - 1, tree.size)).text(),
    )


def _growth(tree: Tree, against: bytes | None, key: VerifierKey) -> Growth | None:
    if against is None:
        return None
    try:
        old = Checkpoint.opened(against, key).size
    except (FormatError, SignatureError) as error:
        raise ForeignCheckpointError(str(error)) from error
    if old > tree.size:
        raise NotYetSignedError(f"signed are {tree.size} events; the older checkpoint has {old}")
    return Growth(old, tree.consistency(old, tree.size)) if 0 < old < tree.size else None


def _check(data: bytes, key: VerifierKey, against: bytes | None) -> None:
    if len(data) > LARGEST_FILE:
        raise HistoryTooLargeError(f"{len(data)} bytes; at most {LARGEST_FILE} are read")
    verdict = verify_history(data, key.vkey, against)
    if verdict.outcome != Outcome.INTACT:
        raise TamperedError(verdict.told("en"))
