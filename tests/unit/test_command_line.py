"""What the command line says before it opens anything."""

import sys
from pathlib import Path

import pytest

from os_events.cli.main import COMMANDS, EXIT, main, parser
from os_events.errors import OsEventsError, TamperedError
from os_events.ledger.refusals import LogShorterThanSignedError
from tests.golden.command_reference import everything

Captured = pytest.CaptureFixture[str]


def run(monkeypatch: pytest.MonkeyPatch, *words: str, **environment: str) -> int:
    """When: the command is run; give its exit status."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["os-events", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["frobnicate"], "invalid choice"),
        ([], "required: COMMAND"),
        (["history", "OS-1", "--as-of", "soon"], "2026-03-02T12:00-03:00"),
        (["import", "x.csv", "--mapping", "nowhere.toml"], "nowhere.toml"),
        (["migrate", "--admin-url", "postgresql://x/y"], "--keys-admin-url"),
    ],
)
def test_what_is_not_understood_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, words: list[str], says: str
) -> None:
    status = run(monkeypatch, *words)

    assert status == 2
    assert says in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    status = run(monkeypatch, "verify", "nowhere.json", "--key", "x")

    assert status == 4
    assert capsys.readouterr().err == "os-events: nowhere.json: No such file or directory\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OS_EVENTS_PORT", "eighty"),
        ("OS_EVENTS_DATABASE_URL", "mysql://localhost/x"),
        ("OS_EVENTS_LEDGER_INTERVAL_SECONDS", "0.0123"),
        ("OS_EVENTS_CONNECTIONS", "002"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, name: str, value: str
) -> None:
    status = run(monkeypatch, "status", **{name: value})

    said = capsys.readouterr().err
    assert status == 2
    assert name in said
    assert value not in said


def test_a_mapping_that_does_not_fit_is_named_with_its_key(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('opened_at = "{A}"\n[opening]\n[source]\nsystem = "x"\n')

    status = run(monkeypatch, "import", "x.csv", "--mapping", str(mapping))

    assert status == 2
    assert "source.record: Field required" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches(name: str) -> None:
    one = next(one for one in everything(parser()) if one.prog == f"os-events {name}")

    assert one.description
    assert all(action.help for action in one._actions if action.option_strings)


@pytest.mark.parametrize(("error", "status"), [(TamperedError, 9), (LogShorterThanSignedError, 8)])
def test_an_error_ends_a_command_by_its_kind(error: type[OsEventsError], status: int) -> None:
    assert next(EXIT[kind] for kind in error.__mro__ if kind in EXIT) == status
