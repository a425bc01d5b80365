"""On which servers nothing is recorded: no database."""

import pytest

from os_events.eventlog.safety import (
    Check,
    UnsafeDatabaseError,
    program_checks,
    refuse_unsafe,
    server_check,
    setting_check,
)
from os_events.failpoints import Failpoints


@pytest.mark.parametrize(
    ("version", "number"),
    [
        ("CockroachDB CCL v25.1.0 (x86_64-pc-linux-gnu)", 130000),
        ("PostgreSQL 15.2-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu", 150002),
        ("PostgreSQL 14.18 on x86_64-pc-linux-gnu", 140018),
    ],
)
def test_other_servers_and_older_ones_are_refused(version: str, number: int) -> None:
    assert not server_check(version, number).ok


@pytest.mark.parametrize("number", [150000, 180004])
def test_postgresql_from_15_on_is_taken(number: int) -> None:
    assert server_check(f"PostgreSQL {number // 10000}.4 on x86_64-pc-linux-gnu", number).ok


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fsync", "off"),
        ("full_page_writes", "off"),
        ("synchronous_commit", "off"),
        ("synchronous_commit", "local"),
        ("synchronous_commit", "remote_write"),
        ("data_checksums", "off"),
        ("server_encoding", "SQL_ASCII"),
        ("default_transaction_isolation", "repeatable read"),
    ],
)
def test_a_setting_that_breaks_a_promise_is_named(name: str, value: str) -> None:
    check = setting_check(name, value)

    assert check.name == name
    assert check.advice.startswith(f"it is {value}: ")


@pytest.mark.parametrize("value", ["on", "remote_apply"])
def test_a_stricter_commit_is_taken(value: str) -> None:
    assert setting_check("synchronous_commit", value).ok


def test_everything_that_is_wrong_is_said_at_once() -> None:
    checks = [Check("fsync", "turn it on"), Check("server"), Check("clocks", "set them")]

    with pytest.raises(UnsafeDatabaseError) as refusal:
        refuse_unsafe(checks)

    assert str(refusal.value) == "fsync: turn it on; clocks: set them"


def test_an_armed_failpoint_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os_events.failpoints._armed", Failpoints("append.sent=kill"))

    [refused] = program_checks(failpoints_allowed=False)
    [allowed] = program_checks(failpoints_allowed=True)

    assert "append.sent" in refused.advice
    assert allowed.ok
