"""What whoever runs the program is told, though nothing is wrong."""

from pathlib import Path

from pydantic import SecretStr

from os_events.cli.advice import advice
from os_events.settings import Settings

ELSEWHERE = SecretStr("postgresql://db/os_events")


def test_checkpoints_beside_the_embedded_database_are_told_of(tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path)
    settings.checkpoints.mkdir()

    told = list(advice(settings))

    assert any("OS_EVENTS_CHECKPOINT_STORE" in words for words in told)


def test_checkpoints_are_not_on_the_disk_of_a_database_elsewhere(tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path, database_url=ELSEWHERE)
    settings.checkpoints.mkdir()

    told = list(advice(settings))

    assert not any("OS_EVENTS_CHECKPOINT_STORE" in words for words in told)
