"""The recipe of the reference works with other people's tools, and shows what was changed."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.ledgers import KEY, SmallLog, with_event

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "history-file.md"
RECIPE = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)[-1]


def by_hand(folder: Path, file: bytes, event: int) -> list[str]:
    """Do what the page says; give the lines that it prints."""
    (folder / "FILE").write_bytes(file)
    values = {"FILE": "FILE", "VKEY": KEY.verifier.vkey, "N": str(event), "PATH": "/usr/bin:/bin"}
    command = ["/bin/bash", "-c", RECIPE]
    done = subprocess.run(command, cwd=folder, env=values, capture_output=True, check=False)
    return done.stdout.decode().splitlines()


@pytest.mark.parametrize("size", [1, 2, 3, 8, 9])
@pytest.mark.parametrize("event", [0, -1])
def test_the_recipe_agrees_with_the_verifier(tmp_path: Path, size: int, event: int) -> None:
    history = SmallLog(size).history()

    state, fixed, position, place, root, stated, signature = by_hand(
        tmp_path, history.written(), event
    )

    assert (state, position, root) == (fixed, place, stated)
    assert signature == "Signature Verified Successfully"


def test_the_recipe_shows_a_changed_state(tmp_path: Path) -> None:
    file = with_event(SmallLog(9).history(), 2, state="{}")

    state, fixed, *_ = by_hand(tmp_path, file, 2)

    assert state != fixed


def test_the_recipe_shows_a_changed_entry(tmp_path: Path) -> None:
    history = SmallLog(9).history()
    file = with_event(history, 2, entry=history.events[2].entry.replace("2026", "2025"))

    *_, root, stated, _ = by_hand(tmp_path, file, 2)

    assert root != stated
