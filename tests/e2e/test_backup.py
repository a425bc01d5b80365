"""Backups: what comes back, and what must not pass for the log that was signed."""

import re
from pathlib import Path

from tests.e2e.processes import ask, in_time, told, typed
from tests.e2e.programs import Program, running

PERSON = {"relations": ["customer"], "name": "Maria Aparecida"}


def manager_of(program: Program) -> str:
    return program.ask("keys", "new", "--role", "manager", "--quiet").strip()


def events(data: Path) -> int:
    found = re.search(r"log +(\d+) events", typed(data, "status").stdout)
    assert found
    return int(found[1])


def signed(data: Path) -> int:
    """Count the events, once all of them are signed."""
    head = events(data)
    published = data / "ledger" / "log" / "checkpoint"
    assert in_time(lambda: published.exists() and f"\n{head}\n" in published.read_text())
    return head


def test_a_backup_comes_back_elsewhere_whole_and_proved(sample: Program, directory: Path) -> None:
    key = manager_of(sample)
    backup, elsewhere = directory / "backup.tar", directory / "elsewhere"
    sample.ask("backup", str(backup), "--with-secrets")
    _, board = ask(sample, "/service-orders?ended=true", key)
    typed(elsewhere, "restore", str(backup))

    with running(elsewhere) as restored:
        _, found = ask(restored, "/service-orders?ended=true", key)
        audit = told(restored, "audit")
        rebuild = told(restored, "rebuild")
        _, rebuilt = ask(restored, "/service-orders?ended=true", key)

    assert found["orders"] == rebuilt["orders"] == board["orders"]
    assert (audit.returncode, rebuild.returncode) == (0, 0)


def test_without_the_key_file_a_restored_log_does_not_start(directory: Path) -> None:
    typed(directory / "data", "status")  # the first start registers a manager, under a key
    typed(directory / "data", "backup", str(directory / "backup.tar"))

    restored = typed(directory / "elsewhere", "restore", str(directory / "backup.tar"))
    started = typed(directory / "elsewhere", "status")

    assert str(directory / "elsewhere" / "keys" / "kek") in restored.stderr
    assert str(directory / "elsewhere" / "ledger" / "keys" / "log.skey") in restored.stderr
    assert started.returncode == 8
    assert "kek-missing" in started.stderr


def test_an_old_backup_over_a_newer_log_answers_and_records_nothing(directory: Path) -> None:
    data, backup = directory / "data", directory / "backup.tar"
    with running(data) as program:
        key = manager_of(program)
        ask(program, "/persons", key, PERSON)
        program.ask("backup", str(backup))
        ask(program, "/persons", key, PERSON)
        newer = signed(data)
    refused = told(program, "restore", str(backup))
    back = told(program, "restore", str(backup), "--replace")

    with running(data) as program:
        board, _ = ask(program, "/service-orders", key)
        status, problem = ask(program, "/persons", key, PERSON)
        said = told(program, "status")

    assert (refused.returncode, back.returncode) == (6, 0)
    assert (board, status) == (200, 503)
    assert problem["type"].endswith("log-shorter-than-signed")
    assert said.returncode == 8
    assert f"positions {newer} to {newer} are missing" in said.stdout


def test_after_an_old_backup_the_log_goes_on_once_somebody_says_that_the_rest_is_lost(
    directory: Path,
) -> None:
    data, backup = directory / "data", directory / "backup.tar"
    with running(data) as program:
        key = manager_of(program)
        program.ask("backup", str(backup))
        ask(program, "/persons", key, PERSON)
        lost = signed(data)
    typed(data, "restore", str(backup), "--replace")

    asked = typed(data, "ledger", "new-epoch", "--reason", "disk failed")
    declared = typed(data, "ledger", "new-epoch", "--reason", "disk failed", "--yes")
    with running(data) as program:
        key = manager_of(program)
        status, _ = ask(program, "/persons", key, PERSON)
        audit = told(program, "audit")

    assert (asked.returncode, declared.returncode) == (2, 0)
    assert f"positions {lost} to {lost} were signed" in asked.stdout
    assert (status, audit.returncode) == (201, 0)
    assert "has ended" in audit.stdout


def test_a_file_that_is_not_whole_brings_nothing_back(directory: Path) -> None:
    typed(directory / "data", "status")
    typed(directory / "data", "backup", str(directory / "backup.tar"))
    whole = (directory / "backup.tar").read_bytes()
    place = whole.index(b"PGDMP") + 500
    (directory / "backup.tar").write_bytes(whole[:place] + b"?" + whole[place + 1 :])

    said = typed(directory / "data", "restore", str(directory / "backup.tar"), "--replace")

    assert said.returncode == 4
    assert "log.dump" in said.stderr
    assert events(directory / "data") == 2
