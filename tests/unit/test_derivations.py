"""Rows are functions of histories: of nothing else, wherever they are derived."""

import os
import sys
from subprocess import run
from typing import Any

import pytest

from os_events.followers.derivation import (
    Derivation,
    columns_of,
    documents_of,
    reader_of,
    writer_of,
)
from os_events.projections.person_record import PersonRecord
from tests.views import DERIVATIONS, a_person, person_history

DERIVE = """
from hashlib import sha256
from tests.golden.lives import a_customer, a_repaired_telephone
from tests.views import DERIVATIONS, history, person_history

told = {"service-order": history(a_repaired_telephone()), "person": person_history(a_customer())}
rows = [list(one.rows(told[one.of.TOPIC])) for one in DERIVATIONS]
print(sha256(repr(rows).encode()).hexdigest(), sum(map(len, rows)))
"""


def derived(**environment: str) -> str:
    """When: another process derives, elsewhere in the world."""
    command = [sys.executable, "-W", "ignore", "-c", DERIVE]
    path = os.pathsep.join(sys.path)
    given = {"PATH": os.defpath, "PYTHONPATH": path} | environment
    return run(command, env=given, check=True, capture_output=True, text=True).stdout


def test_rows_depend_on_no_hash_seed_zone_or_language() -> None:
    here = derived(PYTHONHASHSEED="1", TZ="America/Noronha", LC_ALL="C.UTF-8")
    there = derived(PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="tr_TR.UTF-8")

    assert here == there
    assert int(here.split()[1]) > len(DERIVATIONS)


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda one: one.name)
def test_the_first_column_says_whose_row_it_is(derivation: Derivation[Any]) -> None:
    [first, *_] = columns_of(derivation)

    assert first in {"order_id", "person_id"}


def test_a_row_is_read_back_as_it_was_written() -> None:
    derivation = PersonRecord.derivation
    [row] = derivation.rows(person_history(a_person()))
    [(place, _)] = documents_of(derivation).items()

    written = list(writer_of(derivation)(row))
    written[place] = written[place].dumps(written[place].obj)

    assert reader_of(derivation)(tuple(written)) == row
