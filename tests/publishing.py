"""Given and when: a log that is published, and a superuser who tampers with it."""

from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg

from os_events.aggregates.log import open_log
from os_events.eventlog.log import EventLog
from os_events.ledger.audit import Progress, audited
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.export import history_file
from os_events.ledger.note import VerifierKey
from os_events.ledger.publication import Publication
from os_events.ledger.publisher import Publisher
from os_events.ledger.refusals import LedgerRefusalError
from os_events.ledger.signing import Signer, load_or_make
from os_events.ledger.standing import refusal_of
from os_events.ledger.store import CheckpointStore
from tests.support import an_act, an_order

GUARDS = """SELECT tgrelid::regclass, tgname FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'log.%'"""
RESTORED = """
    DELETE FROM log.events WHERE position > {0};
    DELETE FROM log.vault WHERE position > {0};
    DELETE FROM log.answers WHERE last_position > {0};
"""


class Ledger(NamedTuple):
    """One ledger over one log, as a process that was just started has it."""

    url: str
    folder: Path
    store: CheckpointStore
    signer: Signer
    publisher: Publisher

    @property
    def key(self) -> VerifierKey:
        return self.signer.verifier

    def published(self) -> Checkpoint:
        opened = Publication(self.folder).opened(self.key)
        assert opened is not None
        return opened[1]

    def note(self) -> bytes:
        return (self.folder / "log" / "checkpoint").read_bytes()

    def refusal(self) -> LedgerRefusalError | None:
        return refusal_of(self.url, self.folder, self.store, self.key)

    def audit(self) -> Progress:
        return list(audited(self.url, self.folder, self.store, self.key))[-1]

    def export(self, aggregate_id: UUID, against: bytes | None = None) -> bytes:
        return history_file(self.url, self.folder, self.key, aggregate_id, against)

    def restarted(self) -> "Ledger":
        return a_ledger(self.url, self.folder.parent)


def a_ledger(url: str, folder: Path) -> Ledger:
    """Open the ledger in ``folder``; make its key if there is none."""
    store = CheckpointStore(folder / "store")
    signer = load_or_make(folder / "ledger", store)
    publisher = Publisher(url, folder / "ledger", store, signer)
    return Ledger(url, folder / "ledger", store, signer, publisher)


def opened(log: EventLog, ledger: Ledger) -> None:
    """Record the first event of a log."""
    log.record_now(open_log(an_act(), ledger.key.name, (ledger.key.vkey,)))


def some_orders(log: EventLog, number: int = 4) -> list[UUID]:
    """Record ``number`` orders, each with an event."""
    orders = [an_order() for _ in range(number)]
    for order in orders:
        log.record_now(order)
    return [order.id for order in orders]


def tamper(admin_url: str, statement: str) -> None:
    """Do what a superuser can who switches the guards off and on again."""
    with psycopg.connect(admin_url) as superuser:
        guards = superuser.execute(GUARDS).fetchall()
        for table, guard in guards:
            superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}".encode())
        superuser.execute(statement.encode())
        for table, guard in guards:
            superuser.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}".encode())


RECOMPUTED = """DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT position FROM log.events ORDER BY position LOOP
        UPDATE log.events e SET leaf = log.leaf_hash(log.ledger_entry(e.position, e.aggregate_id,
            e.version, e.event, e.recorded_at, coalesce((SELECT leaf FROM log.events p
                WHERE p.aggregate_id = e.aggregate_id AND p.version = e.version - 1),
                decode(repeat('00', 32), 'hex')), log.state_commitment(e.nonce, e.state)))
        WHERE e.position = one.position;
    END LOOP;
END $$"""


def restore(admin_url: str, position: int) -> None:
    """Bring the log back to what it was when it ended at ``position``."""
    tamper(admin_url, RESTORED.format(position))


def recompute(admin_url: str) -> None:
    """Let every leaf fit the row that it stands in."""
    tamper(admin_url, RECOMPUTED)
