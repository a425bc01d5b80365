"""An import that dies in the middle, of a program that nobody else runs."""

import re
import subprocess
from pathlib import Path
from signal import SIGKILL

from tests.e2e.processes import typed

EXAMPLES = Path(__file__).parents[2] / "examples" / "import"
FILES = [str(EXAMPLES / "oficina.csv"), "--mapping", str(EXAMPLES / "oficina.toml")]
SOME_REJECTED = 5


def test_an_import_that_was_killed_is_run_again_and_told_once(directory: Path) -> None:
    dies = {"OS_EVENTS_FAILPOINTS": "append.answered=kill@7", "OS_EVENTS_DEVELOPMENT": "1"}
    files = [*FILES, "--rejects", str(directory / "rejects.csv")]
    typed(directory / "data", "status")  # the first start, which records too
    killed = typed(directory / "data", "import", *files, **dies)

    again = typed(directory / "data", "import", *files)
    once_more = typed(directory / "data", "import", *files)

    assert (killed.returncode, again.returncode) == (-SIGKILL, SOME_REJECTED)
    recorded, known = counts(again)
    assert recorded > 0
    assert known > 0
    assert counts(once_more) == (0, recorded + known)
    assert typed(directory / "data", "audit").returncode == 0


def counts(done: subprocess.CompletedProcess[str]) -> tuple[int, int]:
    """Then: how many commands were recorded now, and how many before."""
    found = re.search(r"(\d+) commands recorded now, (\d+) known before", done.stdout)
    assert found
    return int(found[1]), int(found[2])
