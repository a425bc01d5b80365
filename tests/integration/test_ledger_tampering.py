"""What a superuser changes is found: by the audit, or by whatever may append, or by both."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from os_events.aggregates.service_order.order import ServiceOrder
from os_events.errors import OsEventsError, TamperedError
from os_events.eventlog.log import EventLog
from os_events.ledger import audit
from os_events.ledger.audit import Progress
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.refusals import BY_SLUG
from os_events.ledger.signing import load_or_make
from os_events.ledger.store import CheckpointStore, Record
from tests.ledgers import ORIGIN
from tests.publishing import Ledger, a_ledger, opened, recompute, restore, some_orders, tamper
from tests.support import a_triage, an_order, ask

EDITS = {
    "position": "UPDATE log.events SET position = 9 WHERE position = 5",
    "aggregate": "UPDATE log.events SET aggregate_id = gen_random_uuid() WHERE position = 5",
    "version": "UPDATE log.events SET version = 7 WHERE position = 5",
    "event": "UPDATE log.events SET event = 'service-order.closed' WHERE position = 5",
    "event beyond ASCII": "UPDATE log.events SET event = 'conclusão' WHERE position = 5",
    "event with a quote": """UPDATE log.events SET event = 'a","event":"b' WHERE position = 5""",
    "time": "UPDATE log.events SET recorded_at = recorded_at + '1 us' WHERE position = 5",
    "time without end": "UPDATE log.events SET recorded_at = 'infinity' WHERE position = 5",
    "time before all": "UPDATE log.events SET recorded_at = '-infinity' WHERE position = 5",
    "nonce": "UPDATE log.events SET nonce = uuid_send(gen_random_uuid()) WHERE position = 5",
    "leaf": "UPDATE log.events SET leaf = sha256(leaf) WHERE position = 5",
    "state": "UPDATE log.events SET state = state || ' ' WHERE position = 5",
    "deleted": "DELETE FROM log.events WHERE position = 5",
}
DOUBLED = """INSERT INTO log.events SELECT {}, gen_random_uuid(), version, event,
    recorded_at + '1 us', nonce, leaf, state FROM log.events WHERE position = {}"""


@pytest.fixture
def ledger(log: EventLog, database_url: str, tmp_path: Path) -> Ledger:
    """A log of eight events, signed at four and at eight."""
    ledger = a_ledger(database_url, tmp_path)
    opened(log, ledger)
    some_orders(log, 3)
    ledger.publisher.step()
    some_orders(log, 2)
    an_order_with_two_events(log)
    ledger.publisher.step()
    return ledger


def an_order_with_two_events(log: EventLog) -> None:
    order = an_order()
    log.record_now(order)
    log.record_now(ask(log.load(ServiceOrder, order.id), a_triage()))


def finding(ledger: Ledger) -> str:
    """Audit, and give what it found."""
    with pytest.raises(TamperedError) as raised:
        ledger.audit()
    return str(raised.value)


def refusal(ledger: Ledger) -> str | None:
    """Ask as a process that was just started does."""
    found = ledger.restarted().refusal()
    return found.slug if found else None


def test_an_untouched_log_passes(ledger: Ledger) -> None:
    assert ledger.audit() == Progress(position=8, last=8, checkpoints=3)
    assert refusal(ledger) is None


def test_an_audit_shows_how_far_it_is(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "EVERY", 3)

    signs = list(audit.audited(ledger.url, ledger.folder, ledger.store, ledger.key))

    assert signs == [Progress(3, 8, 0), Progress(6, 8, 1), Progress(8, 8, 3)]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edited_row_is_found_at_its_position(ledger: Ledger, admin_url: str, edit: str) -> None:
    tamper(admin_url, edit)

    assert finding(ledger).startswith("position 5: ")


@pytest.mark.parametrize("edit", ["state", "leaf", "time without end", "deleted"])
def test_an_edited_row_is_not_signed(
    log: EventLog, database_url: str, admin_url: str, tmp_path: Path, edit: str
) -> None:
    ledger = a_ledger(database_url, tmp_path)
    some_orders(log, 8)
    tamper(admin_url, EDITS[edit])

    with pytest.raises(OsEventsError, match="position 5: "):
        ledger.publisher.step()

    assert refusal(ledger) == "row-leaf"
    assert not (ledger.folder / "log").exists()


def test_an_edit_is_found_in_a_log_that_was_never_signed(
    log: EventLog, database_url: str, admin_url: str, tmp_path: Path
) -> None:
    ledger = a_ledger(database_url, tmp_path)
    some_orders(log, 8)
    tamper(admin_url, EDITS["state"])

    assert finding(ledger) == "position 5: does not give its leaf (row-leaf)"


IMPOSSIBLE = {
    "(time-order)": "UPDATE log.events SET recorded_at = recorded_at - interval '1 hour'",
    "(version-gap)": "UPDATE log.events SET version = 7",
    "(row-leaf)": """UPDATE log.events SET event = 'a","event":"b'""",
}


@pytest.mark.parametrize("code", IMPOSSIBLE)
def test_what_no_log_records_is_found_though_every_leaf_fits_and_nothing_is_signed(
    log: EventLog, database_url: str, admin_url: str, tmp_path: Path, code: str
) -> None:
    ledger = a_ledger(database_url, tmp_path)
    some_orders(log, 8)
    tamper(admin_url, f"{IMPOSSIBLE[code]} WHERE position = 5")
    recompute(admin_url)

    found = finding(ledger)

    assert (found.partition(":")[0], found.endswith(code)) == ("position 5", True)


def test_a_history_told_backwards_is_found_though_every_leaf_fits(
    log: EventLog, database_url: str, admin_url: str, tmp_path: Path
) -> None:
    ledger = a_ledger(database_url, tmp_path)
    an_order_with_two_events(log)
    tamper(admin_url, "UPDATE log.events SET version = version + 10")
    tamper(admin_url, "UPDATE log.events SET version = 13 - version")
    recompute(admin_url)  # the second leaf
    recompute(admin_url)  # the first, which names the second

    assert finding(ledger) == "position 1: version 2 does not follow one before it (version-gap)"


def test_an_edited_row_with_its_own_leaf_is_found_by_its_successor(
    ledger: Ledger, admin_url: str
) -> None:
    tamper(
        admin_url,
        """UPDATE log.events SET state = '{}', leaf = log.leaf_hash(log.ledger_entry(position,
        aggregate_id, version, event, recorded_at, decode(repeat('00', 32), 'hex'),
        log.state_commitment(nonce, '{}'))) WHERE position = 7""",
    )

    assert finding(ledger) == "position 8: does not give its leaf (row-leaf)"


def test_all_leaves_recomputed_after_an_edit_are_found_by_what_was_signed(
    ledger: Ledger, admin_url: str
) -> None:
    tamper(admin_url, EDITS["state"])
    recompute(admin_url)

    found = finding(ledger)

    assert found.startswith("positions 5 to 8: not what was signed; ")
    assert "another root over the first 8 (log-differs-from-signed)" in found


def test_an_edit_of_the_last_row_with_its_leaf_is_refused_at_once(
    ledger: Ledger, admin_url: str
) -> None:
    tamper(admin_url, "UPDATE log.events SET state = '{}' WHERE position = 8")
    recompute(admin_url)

    assert refusal(ledger) == "log-differs-from-signed"


@pytest.mark.parametrize("first", [8, 7, 1])
def test_rows_deleted_at_the_tail_are_found(ledger: Ledger, admin_url: str, first: int) -> None:
    tamper(admin_url, f"DELETE FROM log.events WHERE position >= {first}")  # noqa: S608 - a number

    found = finding(ledger)

    assert found.startswith(f"positions {first} to 8: are missing; ")
    assert found.endswith("(log-shorter-than-signed)")
    assert refusal(ledger) == "log-shorter-than-signed"


def test_the_refusal_names_the_missing_range(ledger: Ledger, admin_url: str) -> None:
    tamper(admin_url, "DELETE FROM log.events WHERE position > 5")

    assert str(ledger.refusal()) == "positions 6 to 8 are missing, and were signed"


def test_an_old_backup_is_refused_and_found(ledger: Ledger, admin_url: str) -> None:
    restore(admin_url, 4)

    assert refusal(ledger) == "log-shorter-than-signed"
    assert "positions 5 to 8: are missing" in finding(ledger)


def test_an_old_backup_that_was_grown_over_is_refused_and_found(
    log: EventLog, ledger: Ledger, admin_url: str
) -> None:
    restore(admin_url, 4)
    some_orders(log, 6)

    assert refusal(ledger) == "log-differs-from-signed"
    assert finding(ledger).startswith("positions 5 to 8: not what was signed")


def test_a_log_that_was_grown_over_is_not_signed_by_a_publisher_that_goes_on(
    log: EventLog, ledger: Ledger, admin_url: str
) -> None:
    restore(admin_url, 4)
    some_orders(log, 6)

    with pytest.raises(BY_SLUG["log-differs-from-signed"]):
        ledger.publisher.step()

    assert ledger.published().size == 8


@pytest.mark.parametrize("position", [0, -3])
def test_a_row_inserted_before_the_first_is_found(
    ledger: Ledger, admin_url: str, position: int
) -> None:
    tamper(admin_url, DOUBLED.format(position, 5))

    assert "(row-extra)" in finding(ledger)


def test_a_row_appended_by_hand_is_found(ledger: Ledger, admin_url: str) -> None:
    tamper(admin_url, DOUBLED.format(9, 8))

    assert finding(ledger).startswith("position 9: ")


def test_two_swapped_rows_are_found(ledger: Ledger, admin_url: str) -> None:
    tamper(admin_url, "UPDATE log.events SET position = -position WHERE position IN (3, 4)")
    tamper(admin_url, "UPDATE log.events SET position = position + 7 WHERE position < 0")

    assert finding(ledger).startswith("position 3: ")


def emptied(ledger: Ledger) -> None:
    shutil.rmtree(ledger.store.folder)


def one_back(ledger: Ledger) -> None:
    (ledger.store.folder / "g0000000002").unlink()


@pytest.mark.parametrize("lose", [emptied, one_back])
def test_a_store_that_lost_what_was_published_is_refused(
    ledger: Ledger, lose: Callable[[Ledger], None]
) -> None:
    lose(ledger)

    assert refusal(ledger) == "checkpoint-store-lost"


def test_a_record_that_cannot_be_read_is_refused(ledger: Ledger) -> None:
    (ledger.store.folder / "g0000000002").write_bytes(b"")

    with pytest.raises(BY_SLUG["checkpoint-store-lost"], match="cannot be read"):
        ledger.restarted()
    assert ledger.refusal() is not None


def test_the_store_of_another_log_is_refused(ledger: Ledger) -> None:
    ledger.store.swap(2, Record(Checkpoint(ORIGIN, 8, bytes(32)), bytes(32)))

    found = ledger.refusal()

    assert found is not None
    assert (found.slug, ORIGIN in str(found)) == ("origin-or-key", True)
    assert finding(ledger).endswith(f"of another log, {ORIGIN} (origin-or-key)")


def test_the_key_of_another_log_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    other = load_or_make(tmp_path / "other", CheckpointStore(tmp_path / "no store"))

    found = ledger._replace(signer=other).refusal()

    assert found is not None
    assert found.slug == "origin-or-key"


def test_a_ledger_that_was_made_anew_is_not_that_of_this_log(
    ledger: Ledger, tmp_path: Path
) -> None:
    made_anew = a_ledger(ledger.url, tmp_path / "anew")

    found = made_anew.refusal()

    assert found is not None
    assert found.slug == "origin-or-key"
    assert str(found).startswith(f"the log is {ledger.key.name}; ")


def test_an_opening_that_was_spoiled_is_refused(ledger: Ledger, admin_url: str) -> None:
    tamper(admin_url, "UPDATE log.events SET state = 'spoiled' WHERE position = 1")

    assert refusal(ledger) == "log-differs-from-signed"


def test_a_published_checkpoint_of_another_key_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    other = load_or_make(tmp_path / "other", CheckpointStore(tmp_path / "no store"))
    (ledger.folder / "log" / "checkpoint").write_bytes(other.signed(ledger.published()))

    assert refusal(ledger) == "origin-or-key"
    assert "not signed by" in finding(ledger)


def test_a_spoiled_archive_is_named(ledger: Ledger) -> None:
    (ledger.folder / "archive").mkdir()
    (ledger.folder / "archive" / "4.ckpt").write_bytes(b"spoiled")

    assert finding(ledger).endswith("(checkpoint-format)")
    assert "4.ckpt: " in finding(ledger)


def test_what_a_publisher_found_is_read_by_whatever_may_append(ledger: Ledger) -> None:
    ledger.store.refuse(BY_SLUG["row-leaf"]("position 5: does not give its leaf"))

    assert refusal(ledger) == "row-leaf"
