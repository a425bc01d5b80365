"""What clients were told, held against what the log holds in the end: quality's history checker.

Each command carries an id of its own as its correlation, so that its events can be told apart.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal, NamedTuple
from uuid import UUID


@dataclass
class Command:
    """One command of a client, and what it was told. Unit of times: seconds of one clock."""

    command_id: UUID
    invoked_at: float
    outcome: Literal["ok", "refused", "unknown"] = "unknown"
    answered_at: float = 0.0
    aggregate_id: UUID | None = None
    version: int = 0
    position: int = 0


class Fact(NamedTuple):
    """One event of the log."""

    position: int
    aggregate_id: UUID
    version: int
    command_id: UUID
    recorded_at: datetime


def violations(commands: Sequence[Command], facts: Sequence[Fact]) -> list[str]:
    """Name everything that was promised and is not so; nothing when all is well."""
    return [*_not_dense(facts), *_not_as_told(commands, facts), *_not_in_order(commands)]


def _not_dense(facts: Sequence[Fact]) -> Iterator[str]:
    for place, fact in enumerate(facts, 1):
        if fact.position != place:
            yield f"position {fact.position} stands at place {place}"
            break
    for earlier, later in pairwise(facts):
        if later.recorded_at <= earlier.recorded_at:
            yield f"position {later.position} was not recorded after the one before"
    versions: dict[UUID, int] = {}
    for fact in facts:
        if fact.version != versions.get(fact.aggregate_id, 0) + 1:
            yield f"position {fact.position}: version {fact.version} of {fact.aggregate_id}"
        versions[fact.aggregate_id] = fact.version


def _not_as_told(commands: Iterable[Command], facts: Sequence[Fact]) -> Iterator[str]:
    there = Counter(fact.command_id for fact in facts)
    at = {fact.position: fact for fact in facts}
    for command in commands:
        times = there[command.command_id]
        if times > 1:
            yield f"{command.command_id} is there {times} times"
        if command.outcome == "refused" and times:
            yield f"{command.command_id} was refused, and is there"
        if command.outcome == "ok":
            fact = at.get(command.position)
            told = (command.command_id, command.aggregate_id, command.version)
            if fact is None or (fact.command_id, fact.aggregate_id, fact.version) != told:
                yield f"{command.command_id} was acknowledged at {command.position}, and is not"


def _not_in_order(commands: Iterable[Command]) -> Iterator[str]:
    """Find commands that were acknowledged before another began, and stand behind it."""
    acknowledged = [command for command in commands if command.outcome == "ok"]
    by_answer = sorted(acknowledged, key=lambda command: command.answered_at)
    highest, answered = 0, 0
    for command in sorted(acknowledged, key=lambda command: command.invoked_at):
        while answered < len(by_answer) and by_answer[answered].answered_at < command.invoked_at:
            highest = max(highest, by_answer[answered].position)
            answered += 1
        if command.position < highest:
            yield f"{command.command_id} at {command.position} began after {highest} was told"
