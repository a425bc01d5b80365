"""An order's history leaves the house as one file that verifies without it."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from os_events.aggregates.service_order.order import ServiceOrder
from os_events.errors import NotFoundError, TamperedError
from os_events.eventlog.log import EventLog
from os_events.ledger.export import ForeignCheckpointError, NotYetSignedError
from os_events.ledger.history import History
from os_events.ledger.verdict import Outcome, Verdict
from os_events.ledger.verify import verify_history
from tests.publishing import Ledger, a_ledger, opened, recompute, some_orders, tamper
from tests.support import a_triage, an_order, ask


@pytest.fixture
def ledger(log: EventLog, database_url: str, tmp_path: Path) -> Ledger:
    """A log that has begun."""
    ledger = a_ledger(database_url, tmp_path)
    opened(log, ledger)
    return ledger


def an_order_among_others(log: EventLog) -> UUID:
    order = an_order()
    some_orders(log, 3)
    log.record_now(order)
    some_orders(log, 3)
    log.record_now(ask(log.load(ServiceOrder, order.id), a_triage()))
    return order.id


def verdict(ledger: Ledger, file: bytes, against: bytes | None = None) -> Verdict:
    """Verify with what is published of the key, and nothing else."""
    return verify_history(file, (ledger.folder / "log.vkey").read_text(), against)


def test_an_exported_history_is_intact(log: EventLog, ledger: Ledger) -> None:
    order = an_order_among_others(log)
    ledger.publisher.step()

    found = verdict(ledger, ledger.export(order))

    assert found.outcome == Outcome.INTACT
    assert found.subject is not None
    assert (found.subject.aggregate, found.subject.events) == (order, 2)
    assert found.subject.checkpoint == ledger.published()


def test_a_personal_value_is_not_in_the_file(log: EventLog, ledger: Ledger) -> None:
    order = an_order_among_others(log)
    ledger.publisher.step()

    file = ledger.export(order)

    assert b"$commitment" in file
    assert "A tela não acende" not in file.decode()


def test_the_states_are_those_that_were_recorded(log: EventLog, ledger: Ledger) -> None:
    order = an_order_among_others(log)
    ledger.publisher.step()

    events = History.of(ledger.export(order)).events

    assert [json.loads(event.entry)["event"] for event in events] == [
        "service-order.opened",
        "service-order.triaged",
    ]
    assert json.loads(events[0].state)["order_number"] == "OS-2026-000001"


def test_a_history_proves_that_the_log_grew_from_a_kept_checkpoint(
    log: EventLog, ledger: Ledger
) -> None:
    some_orders(log, 2)
    ledger.publisher.step()
    kept = ledger.note()
    order = an_order_among_others(log)
    ledger.publisher.step()

    with_proof = verdict(ledger, ledger.export(order, kept), kept)
    without = verdict(ledger, ledger.export(order), kept)

    assert (with_proof.outcome, without.outcome) == (Outcome.INTACT, Outcome.INCONCLUSIVE)


def test_the_checkpoint_of_now_needs_no_proof(log: EventLog, ledger: Ledger) -> None:
    order = an_order_among_others(log)
    ledger.publisher.step()

    file = ledger.export(order, ledger.note())

    assert verdict(ledger, file, ledger.note()).outcome == Outcome.INTACT


def test_what_is_not_signed_yet_is_not_exported(log: EventLog, ledger: Ledger) -> None:
    order = an_order_among_others(log)

    with pytest.raises(NotYetSignedError, match="signed are 0 events; the last is 9"):
        ledger.export(order)


def test_a_history_that_grew_waits_for_the_next_checkpoint(log: EventLog, ledger: Ledger) -> None:
    order = an_order()
    log.record_now(order)
    ledger.publisher.step()
    log.record_now(ask(log.load(ServiceOrder, order.id), a_triage()))

    with pytest.raises(NotYetSignedError, match="signed are 2 events; the last is 3"):
        ledger.export(order.id)


def test_what_was_never_recorded_is_not_found(ledger: Ledger) -> None:
    with pytest.raises(NotFoundError):
        ledger.export(uuid4())


def test_a_checkpoint_of_another_log_is_refused(
    log: EventLog, ledger: Ledger, tmp_path: Path
) -> None:
    order = an_order_among_others(log)
    ledger.publisher.step()
    other = a_ledger(ledger.url, tmp_path / "other")

    with pytest.raises(ForeignCheckpointError):
        ledger.export(order, other.signer.signed(ledger.published()._replace(origin="x")))


def test_a_checkpoint_of_a_log_that_was_rewritten_since_is_no_beginning_of_this_one(
    log: EventLog, ledger: Ledger
) -> None:
    order = an_order_among_others(log)
    ledger.publisher.step()
    forked = ledger.published()._replace(size=4, root=bytes(32))
    note = a_ledger(ledger.url, ledger.folder.parent).signer._key.signed(forked.text())

    with pytest.raises(TamperedError, match="consistency"):
        ledger.export(order, note)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE log.events SET state = state || ' ' WHERE position = 5",
        "UPDATE log.events SET recorded_at = recorded_at - interval '1 us' WHERE position = 5",
    ],
)
def test_an_edited_history_is_not_handed_out(
    log: EventLog, ledger: Ledger, admin_url: str, edit: str
) -> None:
    order = an_order_among_others(log)
    ledger.publisher.step()
    tamper(admin_url, edit)

    with pytest.raises(TamperedError, match="event 1 of the file"):
        ledger.export(order)


def test_a_history_whose_leaves_were_recomputed_is_not_handed_out(
    log: EventLog, ledger: Ledger, admin_url: str
) -> None:
    order = an_order_among_others(log)
    ledger.publisher.step()
    tamper(admin_url, "UPDATE log.events SET state = state || ' ' WHERE position = 2")
    recompute(admin_url)

    with pytest.raises(TamperedError, match="inclusion"):
        ledger.export(order)
