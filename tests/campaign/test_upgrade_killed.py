"""An upgrade that is killed again and again at any moment ends as one that was not."""

import signal
import subprocess
import sys
from pathlib import Path
from random import Random

from tests.upgrades import UPGRADE, copied, held, of_16, opened

KILLS = 15
LONGEST = 6.0  # seconds until a kill: about as long as an upgrade takes


def killed_after(folder: Path, seconds: float) -> bool:
    """Begin an upgrade, and kill it unless it ends before."""
    with subprocess.Popen(
        [sys.executable, "-c", UPGRADE, str(folder)], env={"PYTHONPATH": "src"}
    ) as upgrade:
        try:
            upgrade.wait(seconds)
        except subprocess.TimeoutExpired:
            upgrade.send_signal(signal.SIGKILL)
    return upgrade.returncode == -signal.SIGKILL


def test_killed_at_any_moment_an_upgrade_is_done_again(directory: Path) -> None:
    chance = Random(5)  # noqa: S311 - repeatable
    with of_16() as (made, before):
        folder = copied(made, directory / "data")

    kills = [killed_after(folder, chance.uniform(0.3, LONGEST)) for _ in range(KILLS)]
    done = killed_after(folder, 120)

    with opened(folder) as found:
        after = held(found)
    assert any(kills)
    assert (done, after == before) == (False, True)
