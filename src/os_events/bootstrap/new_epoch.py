"""After a restore that lost what was signed: the log goes on from what is left, by another name.

The event that says so is recorded first, and all else follows from it: killed anywhere, it is done
again. Should the lost rows come back instead, the former name is as good as before.
"""

from collections.abc import Callable
from typing import NamedTuple

from os_events.aggregates.log import Log, Loss, LossCause, restore_log
from os_events.bootstrap.backups import InUseError
from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.commands.beginning import FIRST_EVENTS
from os_events.errors import ConflictError
from os_events.eventlog.database import LEDGER
from os_events.eventlog.rows import last_row, leaves, rows_at
from os_events.eventlog.submission import RequestKey
from os_events.failpoints import failpoint
from os_events.ledger.audit import audited
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.encoding import to_base64
from os_events.ledger.merkle import Tree
from os_events.ledger.names import names
from os_events.ledger.note import SigningKey
from os_events.ledger.publication import Publication, former, freeze
from os_events.ledger.refusals import LogShorterThanSignedError
from os_events.ledger.signing import KEY, NEXT, signing_key, succeed, successor
from os_events.ledger.standing import refusal_of
from os_events.ledger.store import Record
from os_events.values.acts import Act, Channel


class NothingLostError(ConflictError):
    """What was signed is all there, or something else is wrong. See ``os-events status``."""

    slug = "nothing-lost"


class TooLittleLeftError(ConflictError):
    """Nothing is left that a log could go on from. Restore a backup that holds its beginning."""

    slug = "too-little-left"


class Shortened(NamedTuple):
    """How much of what was signed is left, and who signed it."""

    left: int
    signed: Checkpoint
    key: SigningKey


def shortened(found: Installation) -> Shortened | None:
    """Look at what is left of the log; None: a new epoch was begun, and is not whole yet.

    Raises: InUseError, NothingLostError, TooLittleLeftError.
    """
    server, folder = found.databases.server, found.settings.ledger
    if server and not server.started_here:
        raise InUseError(f"os-events is running on {server.folder}")
    if is_begun(found):
        return None
    key, url = signing_key(folder / KEY), found.fit.log
    refusal = refusal_of(url, folder, found.store, key.verifier)
    latest, last = found.store.latest(), last_row(url, LEDGER)
    if not isinstance(refusal, LogShorterThanSignedError) or latest is None:
        raise NothingLostError(f"{refusal.slug}: {refusal}" if refusal else "the log is whole")
    if last is None or last.position < FIRST_EVENTS or not names(url, LEDGER):
        raise TooLittleLeftError(f"{last.position if last else 0} events")
    return Shortened(last.position, latest[1].checkpoint, key)


def is_begun(found: Installation) -> bool:
    """Say whether the log has another name already, and the rest does not follow yet."""
    path, known = found.settings.ledger / NEXT, names(found.fit.log, LEDGER)
    return path.exists() and bool(known) and signing_key(path).verifier.name == known[-1].origin


def begin_epoch(
    found: Installation,
    left: Shortened,
    why: tuple[LossCause, str],
    tell: Callable[[int, int], None],
) -> None:
    """Check what is left, and record that the log goes on from there by another name.

    Raises: TamperedError where what is left is not what was signed; UnavailableError.
    """
    folder, store, url = found.settings.ledger, found.store, found.fit.log
    for checked in audited(url, folder, store, left.key.verifier, to_the_end=False):
        tell(checked.position, checked.last)
    new = successor(folder).verifier
    cause, explanation = why
    loss = Loss(
        former_origin=left.key.verifier.name,
        former_keys=(*untold(found), left.key.verifier.vkey),
        signed_size=left.signed.size,
        signed_root=to_base64(left.signed.root),
        restored_size=left.left,
        cause=cause,
        explanation=explanation,
    )
    now, log = edge_clock(), found.log_as_it_is
    the_log = log.load(Log, rows_at(url, LEDGER, [1])[1].aggregate_id)
    act = Act(
        id=the_log.id,
        actor=found.manager.actor,
        channel=Channel.SYSTEM,
        occurred_at=now,
        asked_at=now,
        company=found.company,
    )
    restore_log(the_log, act, (new.name, new.vkey), loss)
    log.record_now(the_log, RequestKey.of(f"{new.name}\nlog.restored", b""))
    failpoint("epoch.recorded")


def untold(found: Installation) -> list[str]:
    """Give the keys of former names that the log does not know any more."""
    known = {vkey for name in names(found.fit.log, LEDGER) for vkey in name.keys}
    return [key.vkey for key, _ in former(found.settings.ledger) if key.vkey not in known]


def finish_epoch(found: Installation) -> str:
    """Let checkpoints and keys follow the log; give the new vkey. Raises UnavailableError."""
    folder, store = found.settings.ledger, found.store
    old, new = signing_key(folder / KEY), signing_key(folder / NEXT)
    generation, record = store.latest() or (0, None)
    if record and record.checkpoint.origin == old.verifier.name:
        publication = Publication(folder)
        if not (folder / "former" / old.verifier.key_id.hex()).exists():
            publication.publish(old.signed(record.checkpoint.text()))
        freeze(folder, old.verifier)
        failpoint("epoch.frozen")
        store.swap(generation, _present(found.fit.log, new.verifier.name))
        failpoint("epoch.swapped")
    succeed(folder, old)
    return new.verifier.vkey


def _present(url: str, origin: str) -> Record:
    """Make the first record under a name: over all that is there."""
    last = last_row(url, LEDGER)
    assert last is not None  # noqa: S101 - the event that gives the name is there
    tree = Tree()
    for packed in leaves(url, LEDGER, last.position):
        tree.extend(packed)
        tree.forget()
    return Record(Checkpoint(origin, last.position, tree.root()), last.leaf)
