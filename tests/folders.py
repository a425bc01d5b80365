"""Where the servers that tests start keep their data: in memory, where there is enough of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory

MEMORY = Path("/dev/shm")  # noqa: S108 - what is made in it is called by chance
ENOUGH = 2 * 2**30  # bytes: several servers, each with its log


@contextmanager
def a_folder() -> Iterator[Path]:
    """Make a directory for an embedded server, and remove it.

    Not pytest's own: run by root, the server is another user, and pytest shuts its directories to
    others whenever a second run begins. A server that is killed loses nothing in memory either:
    the system keeps what it has written, as it does for a disk.
    """
    roomy = MEMORY.is_dir() and disk_usage(MEMORY).free > ENOUGH
    with TemporaryDirectory(prefix="os-events-", dir=MEMORY if roomy else None) as name:
        Path(name).chmod(0o711)
        yield Path(name)
