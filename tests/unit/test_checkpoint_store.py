"""The store has one winner a generation, and remembers long enough."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest

from os_events.errors import UnavailableError
from os_events.ledger import store as store_module
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.encoding import FormatError
from os_events.ledger.refusals import CheckpointStoreLostError, LedgerRefusalError, RowLeafError
from os_events.ledger.store import CheckpointStore, Record, SwapLostError
from tests.ledgers import ORIGIN


def a_record(size: int = 3) -> Record:
    return Record(Checkpoint(ORIGIN, size, bytes(32)), bytes([size % 256]) * 32)


@pytest.fixture
def store(tmp_path: Path) -> CheckpointStore:
    """An empty store, whose folder is not there yet."""
    return CheckpointStore(tmp_path / "checkpoints")


def generations(store: CheckpointStore) -> list[int]:
    return [int(path.name[1:]) for path in sorted(store.folder.iterdir())]


def filled(store: CheckpointStore, number: int) -> CheckpointStore:
    for generation in range(number):
        store.swap(generation, a_record(generation + 1))
    return store


def test_an_empty_store_has_no_record(store: CheckpointStore) -> None:
    assert store.latest() is None
    assert list(store.records()) == []


def test_what_was_swapped_in_is_the_latest(store: CheckpointStore) -> None:
    generation = filled(store, 2).swap(2, a_record(7))

    assert generation == 3
    assert store.latest() == (3, a_record(7))
    assert (store.folder / "g0000000003").read_bytes() == a_record(7).text()


def test_a_record_is_the_three_lines_an_empty_one_and_the_leaf() -> None:
    text = a_record().text().decode()

    assert text == f"{ORIGIN}\n3\n{'A' * 43}=\n\nleaf {'03' * 32}\n"


def test_whoever_expects_an_older_generation_has_lost(store: CheckpointStore) -> None:
    filled(store, 3)

    with pytest.raises(SwapLostError, match="generation 3"):
        store.swap(2, a_record(9))

    assert store.latest() == (3, a_record(3))


def test_of_many_that_expect_the_same_generation_one_wins(store: CheckpointStore) -> None:
    together = Barrier(8)
    won: list[int] = []
    threads = [Thread(target=attempt, args=(store, together, won, n)) for n in range(1, 9)]

    run(threads)

    assert len(won) == 1
    assert store.latest() == (1, a_record(won[0]))


def run(threads: list[Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


def attempt(store: CheckpointStore, together: Barrier, won: list[int], size: int) -> None:
    together.wait(10)
    try:
        store.swap(0, a_record(size))
    except SwapLostError:
        return
    won.append(size)


@pytest.fixture
def short_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that keeps ten generations, and prunes every fifth."""
    monkeypatch.setattr(store_module, "KEPT", 10)
    monkeypatch.setattr(store_module, "PRUNED_EVERY", 5)


@pytest.mark.usefixtures("short_memory")
def test_the_last_generations_are_kept(store: CheckpointStore) -> None:
    filled(store, 30)

    assert set(range(21, 31)) <= set(generations(store))
    assert len(generations(store)) == 11


@pytest.mark.usefixtures("short_memory")
def test_of_older_generations_the_last_of_each_hour_is_kept(store: CheckpointStore) -> None:
    filled(store, 9)
    age(store, 1, hours=2)
    age(store, 2, hours=2)
    age(store, 3, hours=1)

    for_all = filled_from(store, 9, 25)

    assert generations(for_all)[:2] == [2, 3]


def age(store: CheckpointStore, generation: int, hours: int) -> None:
    """Let a record be as old as said."""
    path = store.folder / f"g{generation:010}"
    then = path.stat().st_mtime - hours * 3600
    os.utime(path, (then, then))


def filled_from(store: CheckpointStore, first: int, last: int) -> CheckpointStore:
    for generation in range(first, last):
        store.swap(generation, a_record(generation + 1))
    return store


@pytest.mark.usefixtures("short_memory")
def test_whoever_slept_until_its_generation_was_pruned_has_lost(store: CheckpointStore) -> None:
    filled(store, 30)
    assert 4 not in generations(store)

    with pytest.raises(SwapLostError, match="generation 30"):
        store.swap(3, a_record(4))

    assert 4 not in generations(store)


def test_a_write_that_was_cut_off_leaves_no_generation(
    store: CheckpointStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, 1)
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(UnavailableError, match="No space"):
        store.swap(1, a_record(9))

    assert store.latest() == (1, a_record(1))
    assert generations(store) == [1]


def full(_: int) -> None:
    raise OSError(28, "No space left on device")


def emptied(text: bytes) -> bytes:
    return text[:0]


def cut(text: bytes) -> bytes:
    return text[:-2]


def doubled(text: bytes) -> bytes:
    return text + text


def shouted(text: bytes) -> bytes:
    return text.replace(b"leaf 0", b"leaf A")


@pytest.mark.parametrize("spoil", [emptied, cut, doubled, shouted])
def test_a_record_that_was_spoiled_is_refused(
    store: CheckpointStore, spoil: Callable[[bytes], bytes]
) -> None:
    path = filled(store, 1).folder / "g0000000001"
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(CheckpointStoreLostError, match="g0000000001 cannot be read"):
        store.latest()


def test_a_record_without_a_leaf_is_none() -> None:
    with pytest.raises(FormatError):
        Record.of(a_record().checkpoint.text())


def test_a_refusal_is_left_until_its_file_is_removed(store: CheckpointStore) -> None:
    store.refuse(RowLeafError("position 5: does not give its leaf"))

    found = store.refusal()
    (store.folder / "refused").unlink()

    assert isinstance(found, RowLeafError)
    assert str(found) == "position 5: does not give its leaf"
    assert store.refusal() is None


def test_the_first_refusal_stays(store: CheckpointStore) -> None:
    store.refuse(RowLeafError("first"))
    store.refuse(RowLeafError("second"))

    assert str(store.refusal()) == "first"


def test_a_refusal_of_a_later_version_is_one_too(store: CheckpointStore) -> None:
    store.folder.mkdir()
    (store.folder / "refused").write_text("witness-ahead\nit holds more\n")

    found = store.refusal()

    assert isinstance(found, LedgerRefusalError)
    assert str(found) == "it holds more"
