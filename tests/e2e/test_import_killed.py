"""An import that dies in the middle, of a program that nobody else runs."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.processes import typed

EXAMPLES = Path(__file__).parents[2] / "examples" / "import"
FILES = [str(EXAMPLES / "oficina.csv"), "--mapping", str(EXAMPLES / "oficina.toml")]
SOME_REJECTED = 5


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="os-events-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def test_an_import_that_was_killed_is_run_again_and_told_once(folder: Path) -> None:
    dies = {"OS_EVENTS_FAILPOINTS": "append.answered=kill@7", "OS_EVENTS_DEVELOPMENT": "1"}
    files = [*FILES, "--rejects", str(folder / "rejects.csv")]
    typed(folder / "data", "status")  # the first start, which records too
    killed = typed(folder / "data", "import", *files, **dies)

    again = typed(folder / "data", "import", *files)
    once_more = typed(folder / "data", "import", *files)

    assert (killed.returncode, again.returncode) == (-SIGKILL, SOME_REJECTED)
    recorded, known = counts(again)
    assert recorded > 0
    assert known > 0
    assert counts(once_more) == (0, recorded + known)
    assert typed(folder / "data", "audit").returncode == 0


def counts(done: subprocess.CompletedProcess[str]) -> tuple[int, int]:
    """Then: how many commands were recorded now, and how many before."""
    found = re.search(r"(\d+) commands recorded now, (\d+) known before", done.stdout)
    assert found
    return int(found[1]), int(found[2])
