"""The log's key is made once, and signs nothing smaller than it has signed."""

import re
import shutil
from pathlib import Path

import pytest

from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.merkle import EMPTY_ROOT
from os_events.ledger.publication import Publication
from os_events.ledger.refusals import BY_SLUG, LogShorterThanSignedError, OriginOrKeyError
from os_events.ledger.signing import load_or_make, new_origin
from os_events.ledger.store import CheckpointStore, Record
from tests.ledgers import KEY, ORIGIN


@pytest.fixture
def store(tmp_path: Path) -> CheckpointStore:
    """An empty store beside the ledger's folder."""
    return CheckpointStore(tmp_path / "store")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The ledger's folder, which is not there yet."""
    return tmp_path / "data" / "ledger"


def with_record(store: CheckpointStore, origin: str, size: int) -> None:
    store.swap(0, Record(Checkpoint(origin, size, bytes(32)), bytes(32)))


def test_an_origin_is_made_of_chance() -> None:
    assert re.fullmatch(r"os-events/[0-9a-f]{16}", new_origin())
    assert new_origin() != new_origin()


def test_the_first_start_makes_a_key_that_others_cannot_read(
    folder: Path, store: CheckpointStore
) -> None:
    signer = load_or_make(folder, store)

    secret = folder / "keys" / "log.skey"
    assert re.fullmatch(r"os-events/[0-9a-f]{16}", signer.verifier.name)
    assert secret.read_text().startswith(f"PRIVATE+KEY+{signer.verifier.name}+")
    assert (secret.stat().st_mode & 0o777, secret.parent.stat().st_mode & 0o777) == (0o400, 0o700)


def test_the_verifier_key_is_told_to_everybody(folder: Path, store: CheckpointStore) -> None:
    signer = load_or_make(folder, store)

    told = folder / "log.vkey"
    assert told.read_text() == f"{signer.verifier.vkey}\n"
    assert told.stat().st_mode & 0o777 == 0o644


def test_the_next_start_finds_the_same_key(folder: Path, store: CheckpointStore) -> None:
    first = load_or_make(folder, store)

    assert load_or_make(folder, store).verifier.vkey == first.verifier.vkey


def test_the_origin_may_be_chosen(folder: Path, store: CheckpointStore) -> None:
    signer = load_or_make(folder, store, "log.example/prod")

    assert signer.verifier.name == "log.example/prod"


@pytest.mark.parametrize("origin", ["with space", "with+plus", "ç", "a" * 64])
def test_an_origin_that_cannot_be_one_is_refused(
    folder: Path, store: CheckpointStore, origin: str
) -> None:
    with pytest.raises(OriginOrKeyError, match="cannot be an origin"):
        load_or_make(folder, store, origin)

    assert not (folder / "keys").exists()


def test_another_origin_than_the_key_has_is_refused(folder: Path, store: CheckpointStore) -> None:
    load_or_make(folder, store)

    with pytest.raises(OriginOrKeyError, match=r"not of log\.example/prod"):
        load_or_make(folder, store, "log.example/prod")


def test_another_origin_than_was_signed_is_refused(folder: Path, store: CheckpointStore) -> None:
    signer = load_or_make(folder, store)
    with_record(store, signer.verifier.name, 3)

    with pytest.raises(OriginOrKeyError, match=r"not of log\.example/prod"):
        load_or_make(folder, store, "log.example/prod")


def test_a_lost_key_is_not_made_anew_for_a_log_that_was_signed(
    folder: Path, store: CheckpointStore
) -> None:
    signer = load_or_make(folder, store)
    with_record(store, signer.verifier.name, 3)
    shutil.rmtree(folder / "keys")

    with pytest.raises(OriginOrKeyError, match=r"log\.skey is missing"):
        load_or_make(folder, store)

    assert not (folder / "keys").exists()


def test_a_lost_key_is_not_made_anew_where_a_checkpoint_is_published(
    folder: Path, store: CheckpointStore
) -> None:
    signer = load_or_make(folder, store)
    Publication(folder).publish(signer.signed(Checkpoint(signer.verifier.name, 3, bytes(32))))
    shutil.rmtree(folder / "keys")

    with pytest.raises(OriginOrKeyError, match=r"log\.skey is missing"):
        load_or_make(folder, store)


def test_the_key_of_another_log_is_refused(folder: Path, store: CheckpointStore) -> None:
    load_or_make(folder, store)
    with_record(store, ORIGIN, 3)

    with pytest.raises(OriginOrKeyError, match=f"not of {ORIGIN}"):
        load_or_make(folder, store)


def test_a_spoiled_key_is_refused(folder: Path, store: CheckpointStore) -> None:
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "log.skey").write_text(KEY.skey[:-5])

    with pytest.raises(OriginOrKeyError, match="cannot be used"):
        load_or_make(folder, store)


def test_the_same_checkpoint_is_signed_again_with_the_same_bytes(
    folder: Path, store: CheckpointStore
) -> None:
    signer = load_or_make(folder, store)
    checkpoint = Checkpoint(signer.verifier.name, 0, EMPTY_ROOT)

    assert signer.signed(checkpoint) == load_or_make(folder, store).signed(checkpoint)


def test_nothing_smaller_than_the_last_is_signed(folder: Path, store: CheckpointStore) -> None:
    signer = load_or_make(folder, store)
    signer.signed(Checkpoint(signer.verifier.name, 4, bytes(32)))

    with pytest.raises(LogShorterThanSignedError):
        signer.signed(Checkpoint(signer.verifier.name, 3, bytes(32)))


def test_nothing_smaller_than_the_store_holds_is_signed(
    folder: Path, store: CheckpointStore
) -> None:
    origin = load_or_make(folder, store).verifier.name
    with_record(store, origin, 4)

    with pytest.raises(LogShorterThanSignedError):
        load_or_make(folder, store).signed(Checkpoint(origin, 3, bytes(32)))


def test_every_refusal_has_its_way_out_in_the_docs() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "when-the-log-refuses.md"
    text = page.read_text()

    assert [slug for slug in BY_SLUG if f"| `{slug}` |" not in text] == []
