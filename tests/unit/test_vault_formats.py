"""What a sealed value is bound to: no database."""

import json
from pathlib import Path
from secrets import token_bytes
from uuid import UUID

import pytest

from os_events.errors import TamperedError
from os_events.eventlog.vault import NONCE, SALT, Kept, Place, VaultRow, commit, seal, unseal
from os_events.values.scalars import canonical
from tests.logs import ONE_KEY

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "personal.json").read_text())
HERE = Place(UUID(VECTOR["aggregate"]), VECTOR["version"], VECTOR["pointer"])
VALUE = canonical(VECTOR["value"])


def sealed(value: bytes) -> tuple[Kept, VaultRow]:
    placeholder, row = seal(HERE, ONE_KEY, value, token_bytes)
    return Kept(("problem",), placeholder["$commitment"], UUID(placeholder["$key"])), row


def test_a_commitment_is_that_of_the_published_vector() -> None:
    assert VALUE.hex() == VECTOR["value_bytes_hex"]
    assert commit(bytes.fromhex(VECTOR["salt_hex"]), VALUE) == VECTOR["commitment"]


def test_a_sealed_value_opens_where_it_was_sealed() -> None:
    kept, row = sealed(VALUE)

    assert unseal(HERE, kept, row.sealed, ONE_KEY.cipher) == VECTOR["value"]


def test_one_value_twice_looks_different() -> None:
    one, other = (sealed(VALUE)[0] for _ in range(2))

    assert one.commitment != other.commitment


@pytest.mark.parametrize(
    "elsewhere",
    [
        HERE._replace(aggregate_id=UUID(int=3)),
        HERE._replace(version=2),
        HERE._replace(pointer="/x"),
    ],
    ids=["another aggregate", "another version", "another field"],
)
def test_a_value_opens_nowhere_else(elsewhere: Place) -> None:
    kept, row = sealed(VALUE)

    with pytest.raises(TamperedError, match="does not open"):
        unseal(elsewhere, kept, row.sealed, ONE_KEY.cipher)


def test_who_has_the_key_cannot_put_another_value_in_its_place() -> None:
    kept, row = sealed(VALUE)
    bound = HERE.bound(row.key_id, kept.commitment)
    forged = ONE_KEY.cipher.encrypt(bytes(NONCE), bytes(SALT) + canonical("forged"), bound)

    with pytest.raises(TamperedError, match="is not the recorded one"):
        unseal(HERE, kept, bytes(NONCE) + forged, ONE_KEY.cipher)
