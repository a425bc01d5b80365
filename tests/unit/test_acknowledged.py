"""The checker of the crash campaign: each promise, broken on purpose."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.campaign.acknowledged import Command, Fact, violations
from tests.support import NOON

ORDER = UUID(int=100)


def a_command(number: int, **fields: object) -> Command:
    """Make a command that was acknowledged where ``a_fact`` of the same number stands."""
    made = Command(UUID(int=number), float(number), "ok", number + 0.5, ORDER, number, number)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def a_fact(number: int) -> Fact:
    return Fact(number, ORDER, number, UUID(int=number), NOON + timedelta(seconds=number))


COMMANDS = [a_command(1), a_command(2), a_command(3)]
FACTS = [a_fact(1), a_fact(2), a_fact(3)]


def test_what_was_promised_and_kept_is_no_violation() -> None:
    assert violations(COMMANDS, FACTS) == []


def test_what_nobody_was_told_of_may_be_there_or_not() -> None:
    unknown = a_command(3, outcome="unknown")

    assert violations([*COMMANDS[:2], unknown], FACTS) == []
    assert violations([*COMMANDS[:2], unknown], FACTS[:2]) == []


@pytest.mark.parametrize(
    ("commands", "facts", "told"),
    [
        (COMMANDS, FACTS[:2], "acknowledged at 3, and is not"),
        (COMMANDS, [*FACTS, a_fact(4)._replace(command_id=UUID(int=3))], "is there 2 times"),
        ([*COMMANDS[:2], a_command(3, outcome="refused")], FACTS, "was refused, and is there"),
        (COMMANDS[:2], [FACTS[0], FACTS[2]], "position 3 stands at place 2"),
        (COMMANDS[:1], [FACTS[0], FACTS[1]._replace(version=3)], "version 3"),
        ([], [FACTS[0], FACTS[1]._replace(recorded_at=NOON)], "not recorded after"),
        ([a_command(1, position=2, version=2), *COMMANDS[1:]], FACTS, "acknowledged at 2"),
        ([a_command(1, invoked_at=9.0), *COMMANDS[1:]], FACTS, "began after 3 was told"),
    ],
)
def test_a_broken_promise_is_named(commands: list[Command], facts: list[Fact], told: str) -> None:
    assert told in "; ".join(violations(commands, facts))
