"""deploy/ as far as it can be run without an engine for containers or a cluster."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import kubernetes_validate
import pytest
import yaml

from os_events.eventlog.cluster import programs
from tests.campaign.containers import OWNER, Container
from tests.manifests import DEPLOY, KUBERNETES, UNITS

PATIENCE = 60.0  # seconds
SECRETS = {"OS_APP_PASSWORD": "app secret", "OS_BI_PASSWORD": "dashboards' secret"}
SUPERUSER = "superuser secret"
BUILT = ("base", "overlays/small", "overlays/kafka")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a mount namespace needs root")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(port: int, path: str) -> int:
    """Ask until somebody answers well, for a minute at most."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{port}{path}") as found:
            return int(found.status)
        sleep(0.2)
    return 0


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that is not below /tmp, which is mounted over."""
    made = Path("/var/tmp") / f"os-events-image-{os.getpid()}"  # noqa: S108 - the number is ours
    made.mkdir(mode=0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def image(folder: Path) -> Container:
    container = Container(folder / "image")
    container.build()
    return container


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[int]:
    """A PostgreSQL with our settings file, as prepare.sql leaves it; give its port."""
    data, port = folder / "postgres", free_port()
    as_server = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    data.mkdir(mode=0o700)
    shutil.chown(data, "nobody", "nogroup")
    (folder / "superuser").write_text(SUPERUSER)
    clean = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    options = ["--auth=scram-sha-256", "--username=postgres", f"--pwfile={folder / 'superuser'}"]
    made = [programs() / "initdb", "-D", data, "--encoding=UTF8", "--data-checksums", *options]
    subprocess.run([*as_server, *map(str, made)], check=True, env=clean, stdout=subprocess.DEVNULL)
    ours = [f"-c config_file={DEPLOY / 'postgresql' / 'os_events.conf'}"]
    ours += ["-c listen_addresses=127.0.0.1", "-c shared_buffers=128MB", f"-p {port}"]
    ours += [f"-k {data}", f"-D {data}"]
    start = [programs() / "pg_ctl", "-w", "-D", data, "-l", data / "log", "-o", " ".join(ours)]
    subprocess.run([*as_server, *map(str, start), "start"], check=True, env=clean)
    prepare = [programs() / "psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--quiet"]
    where = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "postgres"}
    told = {**clean, **where, "PGPASSWORD": SUPERUSER, "PGDATABASE": "postgres", **SECRETS}
    script = str(DEPLOY / "postgresql" / "prepare.sql")
    for _ in range(2):  # it may be run again
        subprocess.run(
            [*map(str, prepare), f"--file={script}"],
            check=True,
            env=told,
            stdout=subprocess.DEVNULL,
        )
    yield port
    stop = [str(programs() / "pg_ctl"), "-D", str(data), "-m", "fast", "stop"]
    subprocess.run([*as_server, *stop], check=True)


@pytest.fixture(scope="module")
def settings(server: int) -> dict[str, str]:
    """What the secrets and the settings of a pod would be."""
    password = SECRETS["OS_APP_PASSWORD"].replace(" ", "%20")
    place = f"127.0.0.1:{server}"
    superuser = SUPERUSER.replace(" ", "%20")
    return {
        "OS_EVENTS_DATABASE_URL": f"postgresql://os_app:{password}@{place}/os_events",
        "OS_EVENTS_KEYS_DATABASE_URL": f"postgresql://os_app:{password}@{place}/os_events_keys",
        "OS_EVENTS_ADMIN_URL": f"postgresql://postgres:{superuser}@{place}/os_events",
        "OS_EVENTS_KEYS_ADMIN_URL": f"postgresql://postgres:{superuser}@{place}/os_events_keys",
        "OS_EVENTS_HOST": "127.0.0.1",
        "OS_EVENTS_METRICS_HOST": "127.0.0.1",
    }


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_the_image_is_built_migrates_serves_and_follows_on_a_root_that_it_cannot_write(
    image: Container, settings: dict[str, str]
) -> None:
    migrated = subprocess.run(
        image.command("migrate", more=settings), check=True, stdout=subprocess.PIPE, text=True
    )
    http, first, second = free_port(), free_port(), free_port()
    serve = {**settings, "OS_EVENTS_PORT": str(http), "OS_EVENTS_METRICS_PORT": str(first)}
    follow = {**settings, "OS_EVENTS_METRICS_PORT": str(second)}

    with ExitStack() as house:
        api = house.enter_context(running(image.command("serve", more=serve)))
        followers = house.enter_context(running(image.command("follow", more=follow)))
        answers = [
            answer(http, "/health/ready"),
            answer(first, "/metrics"),
            answer(second, "/health/live"),
            answer(second, "/health/ready"),
        ]
        written = subprocess.run(image.words("touch", "/opt/os-events/x", "/src/x"), check=False)
        owner = int(Path(f"/proc/{api.pid}/status").read_text().split("Uid:")[1].split()[0])
        began = monotonic()
        api.send_signal(signal.SIGTERM)
        followers.send_signal(signal.SIGTERM)
        ended = [api.wait(PATIENCE), followers.wait(PATIENCE)]

    print(f"migrated: {migrated.stdout.count('ran ')}; stopped in {monotonic() - began:.1f} s")
    assert answers == [200, 200, 200, 200]
    assert owner == OWNER
    assert written.returncode != 0
    assert set(ended) <= {0, -signal.SIGTERM}


def test_dashboards_read_figures_and_nothing_behind_them(
    image: Container, server: int, settings: dict[str, str]
) -> None:
    subprocess.run(image.command("migrate", more=settings), check=True)
    told = {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server),
        "PGUSER": "dashboards",
        "PGPASSWORD": SECRETS["OS_BI_PASSWORD"],
        "PGDATABASE": "os_events",
    }
    ask = [str(programs() / "psql"), "--no-psqlrc", "--command"]

    read = subprocess.run([*ask, "SELECT count(*) FROM log.events"], check=False, env=told)
    may = subprocess.run([*ask, "SELECT has_schema_privilege('bi', 'USAGE')"], check=True, env=told)

    assert read.returncode != 0
    assert may.returncode == 0


@pytest.mark.parametrize("kustomization", BUILT)
def test_kustomize_builds_what_kubernetes_takes(kustomization: str) -> None:
    built = subprocess.run(
        ["kubectl", "kustomize", str(KUBERNETES / kustomization)],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    documents = list(yaml.safe_load_all(built.stdout))

    for document in documents:
        kubernetes_validate.validate(document, "1.37", strict=True)
    print(f"{kustomization}: {len(documents)} documents")
    assert documents


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_a_unit(unit: Path, image: Container) -> None:
    verify = f"systemd-analyze verify --man=no {DEPLOY / 'systemd' / unit.name}"

    done = subprocess.run(image._namespace(verify), check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert not done.stderr
