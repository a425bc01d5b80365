"""The database writes the entries and leaves that the published vectors show."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "entries.json").read_text())
DERIVED = """WITH e AS (SELECT log.ledger_entry(%(position)s, %(aggregate)s, %(version)s, %(event)s,
        %(recorded_at)s, decode(%(previous)s, 'hex'), decode(%(state_commitment)s, 'hex')) AS entry)
    SELECT encode(log.state_commitment(decode(%(nonce)s, 'hex'),
                                       convert_to(%(state)s, 'UTF8')), 'hex'),
        encode(entry, 'hex'), encode(log.leaf_hash(entry), 'hex') FROM e"""


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: str(vector["position"]))
def test_an_entry_is_that_of_the_published_vector(admin_url: str, vector: dict[str, Any]) -> None:
    with psycopg.connect(admin_url) as connection:
        derived = connection.execute(DERIVED, vector).fetchone()

    assert derived == (vector["state_commitment"], vector["entry_hex"], vector["leaf"])
