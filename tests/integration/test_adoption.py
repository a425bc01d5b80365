"""A checkpoint store that was lost begins anew only from the newest checkpoint that still fits."""

import shutil
from pathlib import Path

import pytest

from os_events.errors import OsEventsError
from os_events.eventlog.log import EventLog
from os_events.ledger.adoption import OlderCheckpointError, StoreNotLostError, adopt
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.export import ForeignCheckpointError
from tests.ledgers import KEY
from tests.publishing import Ledger, a_ledger, opened, recompute, some_orders, tamper


@pytest.fixture
def ledger(log: EventLog, database_url: str, tmp_path: Path) -> Ledger:
    """A log of six events, signed at four and at six; what was signed at four is kept."""
    ledger = a_ledger(database_url, tmp_path)
    opened(log, ledger)
    some_orders(log, 3)
    ledger.publisher.step()
    (tmp_path / "older").write_bytes(ledger.note())
    some_orders(log, 2)
    ledger.publisher.step()
    return ledger


def adopted(ledger: Ledger, note: bytes) -> Checkpoint:
    return adopt(ledger.url, ledger.folder, ledger.store, ledger.key, note)


def test_a_store_that_is_gone_begins_anew_from_what_was_published(
    log: EventLog, ledger: Ledger
) -> None:
    shutil.rmtree(ledger.store.folder)
    lost = ledger.restarted().refusal()

    checkpoint = adopted(ledger, ledger.note())
    some_orders(log, 1)
    again = ledger.restarted()
    again.publisher.step()

    assert lost is not None
    assert (lost.slug, checkpoint.size) == ("checkpoint-store-lost", 6)
    assert (again.refusal(), again.published().size) == (None, 7)


def test_a_store_that_is_behind_goes_on_from_what_was_published(ledger: Ledger) -> None:
    (ledger.store.folder / "g0000000002").unlink()
    lost = ledger.restarted().refusal()

    adopted(ledger, ledger.note())

    assert lost is not None
    assert lost.slug == "checkpoint-store-lost"
    assert ledger.restarted().refusal() is None


def test_a_store_that_is_there_is_left_alone(ledger: Ledger) -> None:
    with pytest.raises(StoreNotLostError):
        adopted(ledger, ledger.note())


def test_an_older_checkpoint_than_the_published_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    shutil.rmtree(ledger.store.folder)

    with pytest.raises(OlderCheckpointError, match="4 of 6"):
        adopted(ledger, (tmp_path / "older").read_bytes())


def test_a_checkpoint_of_another_key_is_refused(ledger: Ledger) -> None:
    shutil.rmtree(ledger.store.folder)

    with pytest.raises(ForeignCheckpointError):
        adopted(ledger, KEY.signed(ledger.published().text()))


CHANGES = {
    "log-differs-from-signed": "UPDATE log.events SET state = state || ' ' WHERE position = 2",
    "log-shorter-than-signed": "DELETE FROM log.events WHERE position = 6",
}


@pytest.mark.parametrize("slug", CHANGES)
def test_a_checkpoint_that_the_log_does_not_hold_is_refused(
    ledger: Ledger, admin_url: str, slug: str
) -> None:
    shutil.rmtree(ledger.store.folder)
    tamper(admin_url, CHANGES[slug])
    recompute(admin_url)

    with pytest.raises(OsEventsError) as raised:
        adopted(ledger, ledger.note())

    assert raised.value.slug == slug
    assert ledger.store.latest() is None
