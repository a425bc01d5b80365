"""Recovery to a point in time: to what was signed is well, to before is refused until declared."""

from pathlib import Path

import pytest

from os_events.aggregates.person.registering import Registered
from tests.recovery import OwnServer
from tests.restores import House


@pytest.fixture
def own(directory: Path) -> OwnServer:
    server = OwnServer(directory)
    server.make()
    return server


def signed_twice(own: OwnServer, house: House) -> tuple[str, str]:
    """Sign five events, then eight, with a base backup before; give time and place in between."""
    own.back_up()
    house.grow(3)
    (instant,) = own.ask("SELECT clock_timestamp()")
    (place,) = own.ask("SELECT pg_current_wal_lsn()")
    house.grow(3)
    return f"recovery_target_time = '{instant}'", f"recovery_target_lsn = '{place}'"


def test_recovery_to_the_end_of_the_archive_leaves_nothing_to_declare(
    own: OwnServer, tmp_path: Path
) -> None:
    with own.running():
        house = own.house(tmp_path)
        signed_twice(own, house)
        own.archived()
    own.recover("")

    with own.running():
        refusal = house.refusal()
        checked = house.audit()
        house.grow(1)
        then = house.audit()
        with house.started() as found:
            first = found.log.read(0, 2, [Registered.TOPIC], opened=True)

    assert (refusal, checked.position, then.position) == (None, 8, 9)
    assert [person.name for person in first if isinstance(person, Registered)] == ["Gestor"]


@pytest.mark.parametrize("kind", [0, 1], ids=["time", "place"])
def test_recovery_to_before_the_last_checkpoint_is_refused_until_a_new_epoch(
    own: OwnServer, tmp_path: Path, kind: int
) -> None:
    with own.running():
        house = own.house(tmp_path)
        targets = signed_twice(own, house)
        own.archived()
    own.recover(targets[kind])

    with own.running():
        with house.started() as found:
            refusal = found.refusal()
        house.new_epoch()
        house.grow(1)
        then, still = house.audit(), house.refusal()

    assert str(refusal) == "positions 6 to 8 are missing, and were signed"
    assert (then.position, still) == (7, None)
