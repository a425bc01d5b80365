"""What tables look like as files, and what is said where they cannot be written."""

import sys
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import pyarrow as pa
import pytest

from os_events.aggregates.history import OrderHistory
from os_events.cli.export_parquet import ParquetMissingError, writer
from os_events.exports.parquet import column, schema_of
from os_events.followers.derivation import Derivation
from os_events.values.acts import Role
from tests.exports import MADE_OF


@dataclass(frozen=True)
class Row:
    """What a row is."""

    order_id: UUID
    role: Role
    amount: int | None
    at: datetime
    day: date | None
    late: bool


def test_columns_have_the_types_of_the_fields_of_a_row() -> None:
    derivation = Derivation(name="rows_1", of=OrderHistory, row=Row, rows=lambda _: [], ddl="")

    schema = schema_of(derivation, MADE_OF)

    assert [(one.name, one.type, one.nullable) for one in schema] == [
        ("order_id", pa.string(), False),
        ("role", pa.string(), False),
        ("amount", pa.int64(), True),
        ("at", pa.timestamp("us", tz="UTC"), False),
        ("day", pa.date32(), True),
        ("late", pa.bool_(), False),
    ]
    assert schema.metadata == {
        b"description": b"What a row is.",
        b"os_events.log": b"log.example",
        b"os_events.position": b"2",
        b"os_events.root": b"A" * 43 + b"=",
    }


@pytest.mark.parametrize("hint", [Row, int | str, list[int], float])
def test_what_is_no_single_value_is_no_column(hint: object) -> None:
    with pytest.raises(TypeError, match="is no column"):
        column("x", hint)


def test_without_its_library_the_line_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "os_events.exports.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(ParquetMissingError, match="pyarrow") as refused:
        writer()

    assert 'pip install "os-events[export]"' in (type(refused.value).__doc__ or "")
