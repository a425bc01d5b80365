"""Who may what: every cell of a table that was written by hand, not from the code."""

import csv
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from os_events.aggregates.base import Request
from os_events.commands.rights import MAY, Action, Question, check_right, may
from os_events.errors import ForbiddenError
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from os_events.values.scalars import Code

HERE, ELSEWHERE = uuid4(), uuid4()


def name_of(action: Action) -> str:
    return action.value if isinstance(action, Code) else action.__name__


TABLE = list(csv.DictReader(Path(__file__).with_name("rights.csv").read_text("utf-8").splitlines()))
ACTIONS = {name_of(action): action for action in MAY}
CELLS = [
    pytest.param(ACTIONS.get(row["action"]), role, row[role] == "x", id=f"{row['action']}-{role}")
    for row in TABLE
    for role in Role
]


def somebody(role: Role, *units: UUID) -> Principal:
    return Principal(Actor(id=str(uuid4()), role=role), frozenset(units) or None)


def test_the_table_written_by_hand_has_every_action_and_every_role() -> None:
    assert [row["action"] for row in TABLE] != []
    assert {row["action"] for row in TABLE} == set(ACTIONS)
    assert {*TABLE[0]} - {"action"} == set(Role)


@pytest.mark.parametrize(("action", "role", "expected"), CELLS)
def test_a_role_may_what_the_table_says(action: Action, role: Role, expected: bool) -> None:  # noqa: FBT001 - a cell
    assert may(somebody(role), action) is expected


@pytest.mark.parametrize(("action", "role", "expected"), CELLS)
def test_a_role_holds_in_its_units_only(action: Action, role: Role, expected: bool) -> None:  # noqa: FBT001 - a cell
    local = somebody(role, HERE)

    assert (may(local, action, HERE), may(local, action, ELSEWHERE)) == (expected, False)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SUPPORT, Role.FIGURES, Role.CUSTOMER])
def test_who_only_looks_never_writes(role: Role) -> None:
    written = [action for action in MAY if not isinstance(action, Question)]

    assert not [action for action in written if may(somebody(role), action)]


def test_auditors_read_everything() -> None:
    assert all(may(somebody(Role.AUDITOR), question) for question in Question)


def test_what_is_in_no_line_nobody_may() -> None:
    assert not [role for role in Role if may(somebody(role), Request)]


def test_a_refusal_names_role_and_action_and_nobody() -> None:
    eve = somebody(Role.AUDITOR)

    with pytest.raises(ForbiddenError, match="auditor may not ask for AddNote here") as refused:
        check_right(eve, ACTIONS["AddNote"])

    assert eve.actor.id not in str(refused.value)
