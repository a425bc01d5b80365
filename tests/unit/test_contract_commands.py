"""The commands that write what others may rely on."""

import json
import sys
from pathlib import Path

import pytest

from os_events.cli.main import main
from os_events.messaging import asyncapi
from os_events.messaging.public import schemas
from tests.golden.samples import SCHEMAS

Captured = pytest.CaptureFixture[str]


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """When: the command is run."""
    monkeypatch.setattr(sys, "argv", ["os-events", *words])
    main()


def test_schemas_are_written_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, tmp_path: Path
) -> None:
    run(monkeypatch, "schemas", "export", "--to", str(tmp_path))

    named = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert {path.relative_to(tmp_path) for path in named} == {
        path.relative_to(SCHEMAS) for path in SCHEMAS.rglob("*.json")
    }


def test_schemas_that_are_outdated_are_told_and_left(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "schemas", "export", "--check", "--to", str(tmp_path))

    assert ended.value.code == 6
    assert "os-events: schema-outdated: os.order.opened.v1/v1.json, " in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_broken_promise_is_not_written(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, tmp_path: Path
) -> None:
    schemas.export(tmp_path)
    kept = tmp_path / "os.order.closed.v1" / "v1.json"
    kept.write_text(kept.read_text().replace('"total_centavos"', '"total"'))

    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "schemas", "export", "--to", str(tmp_path))

    assert ended.value.code == 5
    assert "os.order.closed.v1 v1: total: field removed" in capsys.readouterr().err
    assert '"total"' in kept.read_text()


def test_the_document_of_the_topics_is_printed_or_written(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, tmp_path: Path
) -> None:
    run(monkeypatch, "asyncapi", "export")
    run(monkeypatch, "asyncapi", "export", "--to", str(tmp_path / "asyncapi.json"))

    printed = capsys.readouterr().out
    assert printed == (tmp_path / "asyncapi.json").read_text()
    assert json.loads(printed) == asyncapi.document()
