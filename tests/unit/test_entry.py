"""An entry has one form, and its leaf is the published one."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from os_events.ledger.encoding import FormatError
from os_events.ledger.entry import Entry, leaf_hash, state_commitment
from tests.ledgers import vectors

EXAMPLES = vectors("entries.json")


def entry_of(example: dict[str, Any]) -> Entry:
    return Entry(
        aggregate=UUID(example["aggregate"]),
        event=example["event"],
        position=example["position"],
        previous=bytes.fromhex(example["previous"]),
        recorded_at=datetime.fromisoformat(example["recorded_at"]),
        state=state_commitment(bytes.fromhex(example["nonce"]), example["state"].encode()),
        version=example["version"],
    )


@pytest.mark.parametrize("example", EXAMPLES["valid"], ids=lambda example: example["event"])
def test_an_entry_and_its_leaf_are_the_published_ones(example: dict[str, Any]) -> None:
    entry = entry_of(example)

    text = entry.text()

    assert entry.state.hex() == example["state_commitment"]
    assert text.hex() == example["entry_hex"]
    assert leaf_hash(text).hex() == example["leaf"]


@pytest.mark.parametrize("example", EXAMPLES["valid"], ids=lambda example: example["event"])
def test_an_entry_that_is_read_is_the_one_that_was_written(example: dict[str, Any]) -> None:
    entry = entry_of(example)

    read = Entry.of(bytes.fromhex(example["entry_hex"]))

    assert read == entry


@pytest.mark.parametrize("example", EXAMPLES["invalid"], ids=lambda example: example["why"])
def test_a_malformed_entry_is_refused(example: dict[str, Any]) -> None:
    text = bytes.fromhex(example["entry_hex"])

    with pytest.raises(FormatError):
        Entry.of(text)


def test_thirty_four_forms_are_refused() -> None:
    assert len(EXAMPLES["invalid"]) == 34


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    brasilia = timezone(timedelta(hours=-3))
    entry = entry_of(EXAMPLES["valid"][1])

    elsewhere = entry._replace(recorded_at=entry.recorded_at.astimezone(brasilia))

    assert elsewhere.text() == entry.text()


def test_a_year_has_four_digits() -> None:
    entry = entry_of(EXAMPLES["valid"][1])._replace(recorded_at=datetime(33, 4, 3, tzinfo=UTC))

    assert Entry.of(entry.text()) == entry
