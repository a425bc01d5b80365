"""An image without an engine: the Dockerfile's steps in a mount namespace, commands as its user.

Needs root, for the namespace. Everything that is made lies in one temporary folder, whose parts are
mounted where the image has them; the rest of the file system is read-only to what runs.
"""

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.manifests import DEPLOY, dockerfile

ROOT = DEPLOY.parent
PLACES = ("/src", "/opt/os-events", "/var/lib/os-events")
PYTHON = "/usr/local"  # where the image has it: ours is mounted there
PEOPLE = ("groupadd", "useradd")  # ids are numbers here: no account is made
OWNER = 10001


class Container:
    """What the image would be, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for place in PLACES:
            (folder / place.strip("/")).mkdir(parents=True)
            Path(place).mkdir(parents=True, exist_ok=True)
        (folder / "tmp").mkdir(mode=0o777)
        self.environment: dict[str, str] = {}
        self.entry: list[str] = []
        self.user = ""

    def build(self) -> None:
        """Do what the Dockerfile says, in its order. Raises CalledProcessError."""
        for what, told in dockerfile():
            if what == "RUN" and not told.startswith(PEOPLE):
                self._step(told)
            elif what == "COPY" and not told.startswith("--from"):
                self._copy(told)
            elif what == "ENV":
                name, _, value = told.partition("=")
                self.environment[name] = value
            elif what == "USER":
                self.user = told
            elif what == "ENTRYPOINT":
                self.entry = list(eval(told, {}))  # noqa: S307 - a list in our own file

    def command(self, *arguments: str, more: Mapping[str, str] | None = None) -> list[str]:
        """Give the command that runs the entry point with these arguments, and nothing of ours."""
        return self.words(*self.entry, *arguments, more=more)

    def words(self, *words: str, more: Mapping[str, str] | None = None) -> list[str]:
        """Give the command that runs ``words`` as the image's user, on its read-only root."""
        uid, _, gid = self.user.partition(":")
        told = {"LD_LIBRARY_PATH": f"{PYTHON}/lib", **self.environment, **(more or {})}
        env = [f"{name}={value}" for name, value in told.items()]
        nobody = [
            "setpriv",
            f"--reuid={uid}",
            f"--regid={gid}",
            "--clear-groups",
            "--bounding-set=-all",
            "--inh-caps=-all",
            "--no-new-privs",
        ]
        inside = shlex.join([*nobody, "env", "-i", *env, *words])
        read_only = "mount --bind /opt/os-events /opt/os-events && mount -o remount,bind,ro / && "
        read_only += "mount -o remount,bind,ro /opt/os-events && "
        return self._namespace(f"{read_only}cd / && exec {inside}")

    def _namespace(self, script: str) -> list[str]:
        mounts = [
            f"mount --bind {shlex.quote(str(self.folder / place.strip('/')))} {place}"
            for place in PLACES
        ]
        mounts.append(f"mount --bind {shlex.quote(str(self.folder / 'tmp'))} /tmp")
        mounts.append(f"mount --bind {shlex.quote(sys.base_prefix)} {PYTHON}")
        mounts.append(f"export PATH={PYTHON}/bin:/usr/bin:/bin LD_LIBRARY_PATH={PYTHON}/lib")
        whole = " && ".join([*mounts, script])
        return ["unshare", "--mount", "--propagation=private", "sh", "-c", whole]

    def _step(self, told: str) -> None:
        done = subprocess.run(
            self._namespace(f"cd / && {told}"), check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{told}: {done.stderr[-2000:]}"

    def _copy(self, told: str) -> None:
        *sources, target = told.split()
        place = self.folder / target.strip("/")
        place.mkdir(parents=True, exist_ok=True)
        for source in sources:
            whole = ROOT / source
            what = f"{whole}/." if whole.is_dir() else str(whole)
            subprocess.run(["cp", "-r", what, str(place)], check=True)  # noqa: S607
