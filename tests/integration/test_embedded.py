"""The embedded PostgreSQL: who may reach it, and what it survives."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select

import psycopg
import pytest

from os_events.eventlog.cluster import EmbeddedServerError, programs, server_user
from os_events.eventlog.embedded import Server
from tests.folders import a_folder
from tests.logs import SOON

ELSEWHERE = """
import sys
from pathlib import Path
import psycopg
from os_events.eventlog.embedded import Server
with Server(Path(sys.argv[1]), allow_root=True) as server:
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (x int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    print("ready", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_program(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Given: another program that runs the server, and has recorded a row."""
    command = [sys.executable, "-c", ELSEWHERE, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as program:
        assert program.stdout
        assert program.stdout.readline() == "ready\n"
        yield program
        program.kill()


def a_server(folder: Path) -> Server:
    return Server(folder / "data", allow_root=True)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder that was started once, and is copied."""
    with a_folder() as folder:
        with a_server(folder):
            pass
        yield folder / "data"


@pytest.fixture
def used(made: Path, directory: Path) -> Path:
    """A directory whose data folder was started before, and is stopped."""
    subprocess.run(["cp", "-a", str(made), str(directory)], check=True)  # noqa: S607 - keeps owners
    return directory


def rows(server: Server) -> int:
    with psycopg.connect(server.admin_url("postgres")) as connection:
        [number] = connection.execute("SELECT count(*) FROM kept").fetchone() or [0]
        return int(number)


def running(server: Server) -> list[int]:
    return list(server._cluster.processes())


def kill_all(server: Server) -> None:
    """Kill every process that works in its folder, and wait until none does."""
    for process in running(server):
        with suppress(ProcessLookupError):  # it has ended with its parent
            handle = os.pidfd_open(process)
            os.kill(process, signal.SIGKILL)
            select([handle], [], [], SOON)
            os.close(handle)


def test_what_was_recorded_is_there_at_the_second_start(used: Path) -> None:
    with a_server(used) as server:
        server.create("house")
        server.create("house")
        url = server.url("house")
    assert running(server) == []

    with a_server(used) as server, psycopg.connect(server.url("house")) as connection:
        assert server.url("house") == url
        assert connection.execute("SELECT current_user").fetchone() == ("os_app",)


def test_what_it_was_told_survives_a_kill_of_everything(used: Path) -> None:
    with another_program(used / "data") as program:
        program.kill()
        program.wait()
        kill_all(a_server(used))

    with a_server(used) as server:
        assert rows(server) == 1


def test_a_server_that_was_left_behind_is_taken_over_and_stopped(used: Path) -> None:
    with another_program(used / "data") as program:
        program.kill()
        program.wait()

    with a_server(used) as server:
        assert rows(server) == 1

    assert running(server) == []


def test_a_server_that_dies_while_it_is_taken_over_is_started_again(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taker = a_server(used)
    run = taker._cluster.run

    def late(program: str, *arguments: str) -> None:
        kill_all(taker)
        run(program, *arguments)

    with another_program(used / "data") as program:
        program.kill()
        program.wait()
    monkeypatch.setattr(taker._cluster, "run", late)
    taker.start()
    monkeypatch.undo()

    assert rows(taker) == 1
    taker.stop()


def test_a_second_program_joins_and_leaves_the_server_running(used: Path) -> None:
    with another_program(used / "data") as program:
        with a_server(used) as server:
            assert rows(server) == 1
            psycopg.connect(server.url("postgres")).close()
        assert program.poll() is None
        assert running(server) != []
        program.communicate("")

    assert running(server) == []


def test_a_second_program_that_only_joins_runs_nothing_and_may_be_root(used: Path) -> None:
    with another_program(used / "data"), Server(used / "data", allow_root=False) as server:
        joined = (server.started_here, rows(server))

    assert joined == (False, 1)


def test_programs_that_make_a_database_at_the_same_time_make_one(server: Server) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(server.create, ["together"] * 8))

    assert made == [None] * 8
    psycopg.connect(server.url("together")).close()


def test_a_number_that_the_system_gave_to_another_program_does_not_stop_the_start(
    used: Path,
) -> None:
    with a_server(used) as server:
        lines = server._pid_file()
    lines[0] = str(os.getpid())
    stale = used / "data" / "postgres" / "postmaster.pid"
    stale.write_text("\n".join(lines) + "\n")

    with a_server(used) as server:
        assert running(server) != []


def test_a_first_start_that_was_killed_half_way_is_made_anew(directory: Path) -> None:
    half = directory / "data" / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with a_server(directory) as server:
        assert running(server) != []

    assert not half.exists()


def test_a_folder_too_deep_for_a_socket_has_it_in_a_short_one(used: Path) -> None:
    deep = used / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    (used / "data").rename(deep / "data")

    with a_server(deep) as server, psycopg.connect(server.url("postgres")) as connection:
        socket = Path(connection.info.host)

    assert not socket.is_relative_to(used)
    assert socket.stat().st_mode & 0o777 == 0o700
    socket.rmdir()


def test_a_short_folder_that_leads_elsewhere_is_refused(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = a_server(directory / ("x" * 60) / ("y" * 60))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(directory))
    short = server._socket_folder()
    short.rmdir()
    short.symlink_to("/tmp")  # noqa: S108 - the place where others can put such a link

    with pytest.raises(EmbeddedServerError, match="belongs to somebody else"):
        server.start()


def test_a_folder_of_another_version_is_refused_with_the_way_out(directory: Path) -> None:
    folder = directory / "data" / "postgres"
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("15\n")

    with pytest.raises(EmbeddedServerError, match=r"PostgreSQL 15.*os-events backup FILE"):
        a_server(directory).start()


def test_a_folder_that_can_be_upgraded_is_refused_with_the_command(directory: Path) -> None:
    folder = directory / "data" / "postgres"
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("16\n")

    with pytest.raises(EmbeddedServerError, match="Run os-events upgrade"):
        a_server(directory).start()


def test_a_folder_whose_upgrade_was_interrupted_is_not_made_anew(directory: Path) -> None:
    folder = directory / "data" / "postgres.16"
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("16\n")

    with pytest.raises(EmbeddedServerError, match="Run os-events upgrade again"):
        a_server(directory).start()


def test_a_folder_of_other_things_is_left_alone(directory: Path) -> None:
    folder = directory / "data" / "postgres"
    folder.mkdir(parents=True)
    (folder / "photos").write_text("mine")

    with pytest.raises(EmbeddedServerError, match="holds no database"):
        a_server(directory).start()
    assert (folder / "photos").read_text() == "mine"


def test_root_is_refused_unless_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)

    with pytest.raises(EmbeddedServerError, match="OS_EVENTS_ALLOW_ROOT=1"):
        server_user(allow_root=False)


def test_who_is_refused_leaves_no_folder_behind(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)

    with pytest.raises(EmbeddedServerError, match="OS_EVENTS_ALLOW_ROOT=1"):
        Server(directory / "data", allow_root=False).start()
    assert not (directory / "data").exists()


def test_a_password_that_is_lost_is_made_anew(used: Path) -> None:
    password = used / "data" / "app-password"
    with a_server(used) as server:
        lost = server.url("postgres")
    password.unlink()

    with a_server(used) as server:
        with psycopg.connect(server.url("postgres")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(lost)
    assert password.stat().st_mode & 0o777 == 0o400


def test_there_is_no_way_in_but_the_socket_and_two_users(server: Server) -> None:
    with psycopg.connect(server.admin_url("postgres")) as connection:
        listens = connection.execute("SHOW listen_addresses").fetchone()
        rules = connection.execute(
            "SELECT type, user_name, auth_method FROM pg_hba_file_rules"
        ).fetchall()

    assert listens == ("",)
    assert rules == [("local", ["postgres"], "peer"), ("local", ["os_app"], "scram-sha-256")]
    assert server._cluster.folder.stat().st_mode & 0o777 == 0o700


def test_a_wrong_password_opens_nothing(server: Server) -> None:
    wrong = server.url("postgres").replace(":", ":x", 2).replace("postgresql:x", "postgresql:", 1)

    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(wrong)


@pytest.mark.parametrize("program", ["pg_dump", "pg_restore", "psql", "pg_verifybackup"])
def test_the_tools_of_the_servers_own_version_come_with_it(program: str) -> None:
    assert os.access(programs() / program, os.X_OK)
