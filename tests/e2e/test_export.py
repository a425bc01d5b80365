"""Exports for analysts, as somebody types them, beside a program that runs."""

import json
import stat
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pyarrow.parquet as pq

from os_events.projections.facts import FACTS
from tests.e2e.processes import told
from tests.e2e.programs import Program
from tests.exports import misfits_ocel, misfits_xes


def checkpoint(sample: Program) -> tuple[int, str]:
    """Read size and root of the signed checkpoint."""
    folder = Path(sample.environment["OS_EVENTS_DATA_DIRECTORY"]) / "ledger"
    _, size, root, *_ = (folder / "log" / "checkpoint").read_text().splitlines()
    return int(size), root


def test_a_log_of_traces_is_written_to_standard_output(sample: Program) -> None:
    written = sample.ask("export", "xes", "-")

    log = fromstring(written)  # noqa: S314 - our own words
    assert list(misfits_xes(log)) == []
    assert written.count("<trace>") == 16


def test_an_object_centric_log_has_the_root_that_was_signed(
    sample: Program, tmp_path: Path
) -> None:
    size, root = checkpoint(sample)
    file = tmp_path / "orders.json"

    sample.ask("export", "ocel", str(file), "--position", str(size))

    found = json.loads(file.read_text())
    assert found["os_events"] | {"log": ""} == {"log": "", "position": size, "root": root}
    assert list(misfits_ocel(found)) == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["orders.json"]


def test_every_table_of_facts_is_written(sample: Program, tmp_path: Path) -> None:
    sample.ask("export", "parquet", str(tmp_path / "tables"))

    rows = {one.stem: pq.read_table(one).num_rows for one in (tmp_path / "tables").iterdir()}
    assert rows.keys() == {one.name for one in FACTS}
    assert min(rows.values()) > 15


def test_a_position_that_the_log_has_not_reached_is_refused_and_no_file_is_left(
    sample: Program, tmp_path: Path
) -> None:
    said = told(sample, "export", "xes", str(tmp_path / "x.xes"), "--position", "999999999")

    assert said.returncode == 4
    assert "position-beyond-log" in said.stderr
    assert list(tmp_path.iterdir()) == []
