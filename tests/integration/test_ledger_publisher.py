"""The publisher signs what is there, once, and goes on after any kill with the same bytes."""

import subprocess
import sys
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest

from os_events import failpoints
from os_events.eventlog.database import LEDGER
from os_events.eventlog.log import EventLog
from os_events.eventlog.rows import leaves
from os_events.failpoints import Failpoints
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.merkle import Tree
from os_events.ledger.publisher import Publisher
from os_events.ledger.refusals import CheckpointStoreLostError, LogDiffersFromSignedError
from os_events.ledger.store import SwapLostError
from tests.publishing import Ledger, a_ledger, opened, recompute, some_orders, tamper

KILLED = """
import sys
from pathlib import Path
from tests.publishing import a_ledger
a_ledger(sys.argv[1], Path(sys.argv[2])).publisher.step()
"""


@pytest.fixture
def ledger(database_url: str, tmp_path: Path) -> Ledger:
    """A ledger over an empty log, with a key, and nothing signed."""
    return a_ledger(database_url, tmp_path)


def root(ledger: Ledger, size: int) -> bytes:
    return Tree(b"".join(leaves(ledger.url, LEDGER, size))).root()


def archived(ledger: Ledger) -> list[str]:
    return sorted(path.name for path in (ledger.folder / "archive").glob("*"))


def grown(log: EventLog, ledger: Ledger, number: int) -> int:
    """Record so many orders, and sign them; give the size that is published."""
    some_orders(log, number)
    ledger.publisher.step()
    return ledger.published().size


def test_an_empty_log_is_not_signed(ledger: Ledger) -> None:
    assert not ledger.publisher.step()
    assert ledger.store.latest() is None


def test_what_was_recorded_is_signed_stored_and_published(log: EventLog, ledger: Ledger) -> None:
    opened(log, ledger)
    some_orders(log, 4)

    assert ledger.publisher.step()

    expected = Checkpoint(ledger.key.name, 5, root(ledger, 5))
    latest = ledger.store.latest()
    assert ledger.published() == expected
    assert latest is not None
    assert (latest[0], latest[1].checkpoint) == (1, expected)


def test_nothing_new_is_not_signed_again(log: EventLog, ledger: Ledger) -> None:
    some_orders(log, 2)
    ledger.publisher.step()

    assert not ledger.publisher.step()
    assert ledger.store.latest() == (1, ledger.store.latest()[1])  # type: ignore[index] # there is


def test_each_round_signs_what_came_since(log: EventLog, ledger: Ledger) -> None:
    sizes = [grown(log, ledger, number) for number in (1, 2, 4)]

    assert sizes == [1, 3, 7]
    assert ledger.published().root == root(ledger, 7)


def test_a_publisher_that_was_started_anew_goes_on(log: EventLog, ledger: Ledger) -> None:
    some_orders(log, 3)
    ledger.publisher.step()
    some_orders(log, 2)

    assert ledger.restarted().publisher.step()
    assert ledger.published() == Checkpoint(ledger.key.name, 5, root(ledger, 5))


def test_a_death_between_swap_and_publishing_is_made_good_with_the_same_bytes(
    log: EventLog, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_orders(log, 3)
    ledger.publisher.step()
    before = ledger.note()
    some_orders(log, 2)
    with monkeypatch.context() as patched:
        patched.setattr(failpoints, "_armed", Failpoints("checkpoint.swapped=raise"))
        with pytest.raises(RuntimeError, match="failpoint"):
            ledger.publisher.step()
    assert ledger.note() == before

    twin = ledger.restarted()
    is_new = twin.publisher.step()

    assert not is_new
    assert ledger.note() == ledger.signer.signed(Checkpoint(ledger.key.name, 5, root(ledger, 5)))


def test_a_publisher_that_failed_asks_the_store_and_goes_on_itself(
    log: EventLog, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_orders(log, 3)
    with monkeypatch.context() as patched:
        patched.setattr(failpoints, "_armed", Failpoints("checkpoint.swapped=raise"))
        with pytest.raises(RuntimeError, match="failpoint"):
            ledger.publisher.step()

    ledger.publisher.step()

    assert ledger.published().size == 3


def test_a_killed_process_is_made_good_by_the_next(
    log: EventLog, ledger: Ledger, tmp_path: Path
) -> None:
    some_orders(log, 3)
    command = [sys.executable, "-c", KILLED, ledger.url, str(tmp_path)]
    environment = {"PYTHONPATH": "src:.", failpoints.VARIABLE: "checkpoint.swapped=kill"}

    killed = subprocess.run(command, env=environment, check=False, timeout=60)

    assert killed.returncode == -9
    assert not (ledger.folder / "log" / "checkpoint").exists()
    ledger.restarted().publisher.step()
    assert ledger.published() == Checkpoint(ledger.key.name, 3, root(ledger, 3))


def test_of_two_publishers_one_loses_the_swap_and_learns_from_the_store(
    log: EventLog, ledger: Ledger
) -> None:
    some_orders(log, 1)
    twin = ledger.restarted()
    ledger.publisher.step()
    twin.publisher.step()
    some_orders(log, 1)
    ledger.publisher.step()
    some_orders(log, 1)

    with pytest.raises(SwapLostError):
        twin.publisher.step()
    twin.publisher.step()

    assert ledger.published() == Checkpoint(ledger.key.name, 3, root(ledger, 3))


def test_only_one_of_two_runs(log: EventLog, ledger: Ledger) -> None:
    some_orders(log, 1)

    with ledger.publisher._lease() as held:
        made = ledger.restarted().publisher.once()

    assert (held, made) == (True, False)
    assert ledger.publisher.once()
    assert ledger.published().size == 1


def test_the_runner_signs_until_it_is_told_to_stop(log: EventLog, ledger: Ledger) -> None:
    some_orders(log, 2)
    stop = Flag()
    signed = Flag()
    publisher = ledger.publisher
    thread = Thread(target=publisher.run, args=(stop, 0.01))
    watch(publisher, signed)

    thread.start()
    was_signed = signed.wait(10)
    stop.set()
    thread.join(10)

    assert was_signed
    assert not thread.is_alive()
    assert ledger.published().size == 2


def watch(publisher: Publisher, signed: Flag) -> None:
    """Say when a round has ended."""
    step = publisher.step

    def watched() -> bool:
        is_new = step()
        signed.set()
        return is_new

    publisher.step = watched  # type: ignore[method-assign] # only to be told


def test_the_last_checkpoint_of_each_hour_is_kept(
    log: EventLog, ledger: Ledger, admin_url: str
) -> None:
    some_orders(log, 3)
    tamper(admin_url, "UPDATE log.events SET recorded_at = recorded_at - interval '1 hour'")
    recompute(admin_url)
    ledger.publisher.step()
    of_that_hour = ledger.note()
    some_orders(log, 1)

    ledger.publisher.step()

    assert archived(ledger) == ["3.ckpt"]
    assert (ledger.folder / "archive" / "3.ckpt").read_bytes() == of_that_hour


def test_a_row_that_does_not_give_its_leaf_is_not_signed_and_left_as_a_refusal(
    log: EventLog, ledger: Ledger, admin_url: str
) -> None:
    some_orders(log, 3)
    ledger.publisher.step()
    some_orders(log, 3)
    tamper(admin_url, "UPDATE log.events SET state = state || ' ' WHERE position = 5")

    with pytest.raises(Exception, match="position 5: does not give its leaf") as raised:
        ledger.publisher.step()

    refusal = ledger.restarted().refusal()
    assert ledger.published().size == 3
    assert refusal is not None
    assert (refusal.slug, str(refusal)) == ("row-leaf", str(raised.value))


def test_after_the_refusal_is_taken_away_the_publisher_goes_on(
    log: EventLog, ledger: Ledger, admin_url: str
) -> None:
    some_orders(log, 3)
    tamper(admin_url, "UPDATE log.events SET version = 2 WHERE position = 3")
    with pytest.raises(Exception, match="version 2 does not follow"):
        ledger.publisher.step()
    tamper(admin_url, "UPDATE log.events SET version = 1 WHERE position = 3")

    (ledger.store.folder / "refused").unlink()

    assert ledger.publisher.step()


def test_an_older_leaf_that_was_recomputed_is_found_at_the_next_start(
    log: EventLog, ledger: Ledger, admin_url: str
) -> None:
    some_orders(log, 5)
    ledger.publisher.step()
    tamper(admin_url, "UPDATE log.events SET state = state || ' ' WHERE position = 2")
    recompute(admin_url)
    twin = ledger.restarted()
    assert twin.refusal() is None

    with pytest.raises(LogDiffersFromSignedError, match="another root"):
        twin.publisher.step()

    refusal = twin.refusal()
    assert refusal is not None
    assert refusal.slug == "log-differs-from-signed"


def test_a_store_behind_the_archive_is_lost(log: EventLog, ledger: Ledger) -> None:
    some_orders(log, 3)
    ledger.publisher.step()
    (ledger.folder / "archive").mkdir()
    (ledger.folder / "archive" / "4.ckpt").write_bytes(ledger.note())

    with pytest.raises(CheckpointStoreLostError, match="archive"):
        ledger.restarted().publisher.step()
