"""An older release beside a newer one, on one log: it is built out of this repository's history."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.processes import ask, told, typed
from tests.e2e.programs import Program, running

ROOT = Path(__file__).parents[2]
ADDED = "src/os_events/messaging/sql/messaging/0001_messaging.sql"  # what the older one lacks
PERSON = {"relations": ["customer"], "name": "Maria Aparecida"}


def git(*words: str) -> bytes:
    return subprocess.run(
        ["/usr/bin/git", *words], cwd=ROOT, check=True, capture_output=True
    ).stdout


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source of the release before the newer schema."""
    added = git("log", "--diff-filter=A", "--format=%H", "--", ADDED).decode().split()[-1]
    folder = tmp_path_factory.mktemp("older")
    whole = git("archive", f"{added}~1", "src")
    subprocess.run(["/bin/tar", "-x"], input=whole, cwd=folder, check=True)
    return folder / "src"


@contextmanager
def of_release(source: Path) -> Iterator[None]:
    """Let programs that are started meanwhile be those of another release."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(source))
        yield


def key_of(program: Program) -> str:
    return program.ask("keys", "new", "--role", "manager", "--quiet").strip()


def told_of_a_person(program: Program, key: str) -> int:
    status, _ = ask(program, "/persons", key, PERSON)
    return status


def test_an_older_program_goes_on_while_a_newer_one_brings_the_schema_up_to_date(
    older: Path, directory: Path
) -> None:
    data = directory / "data"
    with of_release(older), running(data) as program:
        key = key_of(program)
        before = told_of_a_person(program, key)
        with of_release(ROOT / "src"):
            migrated = typed(data, "status")
        after = told_of_a_person(program, key)
        ready, _ = ask(program, "/health/ready")
    with running(data) as newer:
        then = told_of_a_person(newer, key)
        audit = told(newer, "audit")

    assert (before, migrated.returncode, after, ready, then) == (201, 0, 201, 200, 201)
    assert audit.returncode == 0


def test_an_older_program_that_starts_on_a_newer_schema_refuses_and_records_nothing(
    older: Path, directory: Path
) -> None:
    data = directory / "data"
    with running(data) as newer:
        key = key_of(newer)
        told_of_a_person(newer, key)
        before = told(newer, "audit").stdout
    with of_release(older):
        refused = typed(data, "up", "--empty")
    with running(data) as newer:
        after = told(newer, "audit").stdout

    assert refused.returncode == 8
    assert after.split(",")[0] == before.split(",")[0]
