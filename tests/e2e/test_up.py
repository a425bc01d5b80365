"""``os-events up``, from outside: started, stopped, killed, started again."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.processes import (
    answers,
    ask,
    child,
    in_time,
    kill_tree,
    nothing_runs_on,
    postmaster,
    told,
)
from tests.e2e.programs import LONGEST, Program, running

EMPTY: tuple[int, dict[str, object]] = (200, {"orders": [], "next": None, "counts": []})  # a board


@pytest.fixture
def data(directory: Path) -> Path:
    """A folder for the program's data, that is not there yet."""
    return directory / "data"


@pytest.fixture(scope="module")
def steady() -> Iterator[Program]:
    """A program that runs through several tests, whatever they do to its parts."""
    with running() as program:
        yield program


def data_of(program: Program) -> Path:
    return Path(program.environment["OS_EVENTS_DATA_DIRECTORY"])


def test_an_empty_folder_is_enough_and_ctrl_c_leaves_nothing_running(data: Path) -> None:
    with running(data) as program:
        key = program.ask("keys", "new", "--role", "manager", "--quiet").strip()
        board = ask(program, "/service-orders", key)

    assert board == EMPTY
    assert program.process.returncode == 0
    assert nothing_runs_on(data)


def test_what_was_recorded_is_there_again_after_the_whole_tree_was_killed(data: Path) -> None:
    with running(data) as program:
        key = program.ask("keys", "new", "--role", "manager", "--quiet").strip()
        kill_tree(program, data)
    with running(data) as program:
        board = ask(program, "/service-orders", key)

    assert board == EMPTY


def test_a_parent_that_was_killed_takes_its_children_along_and_hinders_nobody(data: Path) -> None:
    with running(data) as program:
        program.process.kill()
        program.process.wait(LONGEST)
        with running(data) as again:
            assert answers(again)

    assert nothing_runs_on(data)


@pytest.mark.parametrize("command", ["serve", "follow"])
def test_a_child_that_dies_is_started_again(steady: Program, command: str) -> None:
    dead = child(steady, command)
    os.kill(dead, signal.SIGKILL)

    assert in_time(lambda: child(steady, command) not in {0, dead})
    assert answers(steady)


def test_a_database_that_dies_is_started_again(steady: Program) -> None:
    dead = postmaster(data_of(steady))
    os.kill(dead, signal.SIGKILL)

    assert in_time(lambda: postmaster(data_of(steady)) not in {0, dead})
    assert answers(steady)


def test_a_second_program_on_the_same_folder_is_told_so(steady: Program) -> None:
    second = told(steady, "up")

    assert second.returncode == 6
    assert "already-running" in second.stderr
    assert "OS_EVENTS_DATA_DIRECTORY" in second.stderr
