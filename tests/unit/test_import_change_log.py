"""One row for each change: which requests a record's states become."""

from datetime import UTC, datetime
from typing import Any

import pytest

from os_events.commands.importing.change_log import ChangeLogTeller
from os_events.commands.importing.mapping import Mapping
from os_events.commands.importing.rows import Record, Row
from os_events.commands.importing.steps import RejectedError, Story

MAPPING = """
opened_at = "{opened|instant}"

[source]
system = "desk"
record = "{number}"
zone = "UTC"
instants = ["%H:%M"]
unknown = ["?"]

[opening]
reported_problem = "{group}"

[change_log]
state = "state"
at = "{at|instant}"

[change_log.states]
New = { means = "open" }
Active = { means = "work" }
Travelling = { means = "work" }
"Awaiting User" = { means = "hold", cause = "customer" }
"Awaiting Vendor" = { means = "hold", cause = "third_party" }
Resolved = { means = "done" }
Closed = { means = "closed" }
Dropped = { means = "cancelled" }

[change_log.fields]
StartWork = { lines = ["incident"] }

[[change_log.also]]
columns = ["group"]
first = true
request = "AssignResponsible"
fields = { duty = "lead" }

[[change_log.also]]
columns = ["priority"]
not_while = ["New"]
request = "TriageServiceOrder"
"""


def at(clock: str) -> datetime:
    return datetime.strptime(clock, "%H:%M").replace(tzinfo=UTC)


def told(*rows: str) -> Story:
    """When: each row is ``state``, then ``clock group priority opened`` as far as they differ."""
    mapping = Mapping.of_toml(MAPPING)
    assert mapping.change_log
    names = ("state", "at", "group", "priority", "opened")
    usual = ("New", "09:00", "?", "low", "09:00")
    made = []
    for line, row in enumerate(rows, 2):
        cells = dict(zip(names, usual, strict=True)) | dict(
            zip(names, row.split(","), strict=False)
        )
        made.append(Row(line, cells, whole=True))
    return ChangeLogTeller(mapping, mapping.change_log).told(Record("INC1", made))


def asked(story: Story) -> list[list[str]]:
    """Then: the names of the requests of each step."""
    return [[one.request for one in step.asked] for step in story.steps]


def fields_of(story: Story, request: str) -> list[dict[str, Any]]:
    return [one.fields for step in story.steps for one in step.asked if one.request == request]


def test_an_order_opens_when_the_file_says_so() -> None:
    story = told("New,09:30,?,low,09:10")

    assert asked(story) == [["OpenServiceOrder"]]
    assert story.steps[0].asked[0].occurred_at == at("09:10")


def test_an_order_opens_at_its_first_row_where_that_is_earlier() -> None:
    story = told("New,09:05,?,low,09:10")

    assert story.steps[0].asked[0].occurred_at == at("09:05")


def test_a_first_row_that_is_active_opens_the_order_and_starts_the_work_at_its_own_time() -> None:
    story = told("Active,09:30,?,low,09:10")

    assert asked(story) == [["OpenServiceOrder"], ["StartWork"]]
    assert story.steps[1].asked[0].occurred_at == at("09:30")


def test_a_row_whose_state_is_that_of_the_row_before_tells_nothing() -> None:
    story = told("New,09:00", "Active,09:10", "Active,09:20", "Active,09:30")

    assert asked(story) == [["OpenServiceOrder"], ["StartWork"]]


def test_rows_are_told_in_the_order_of_the_file_whatever_their_times() -> None:
    story = told("New,11:10", "Active,09:52", "Resolved,11:03")

    assert asked(story) == [["OpenServiceOrder"], ["StartWork"], ["CompleteWork"]]


def test_an_order_that_waits_has_a_hold_whose_reason_is_the_state() -> None:
    story = told("New,09:00", "Awaiting User,09:10")

    assert fields_of(story, "PlaceHold") == [
        {"scope": "order", "cause": "customer", "reason": {"code": "awaiting-user"}}
    ]


def test_work_that_had_begun_goes_on_when_the_wait_is_over() -> None:
    story = told("Active,09:00", "Awaiting User,09:10", "Active,09:20")

    assert asked(story)[-1] == ["ReleaseHold"]
    assert fields_of(story, "ReleaseHold") == [{"resumes_work": True}]


def test_work_that_had_not_begun_begins_when_the_wait_is_over() -> None:
    story = told("New,09:00", "Awaiting User,09:10", "Active,09:20")

    assert asked(story)[-1] == ["ReleaseHold", "StartWork"]
    assert fields_of(story, "ReleaseHold") == [{"resumes_work": False}]


def test_another_wait_is_a_release_and_a_new_hold() -> None:
    story = told("Active,09:00", "Awaiting User,09:10", "Awaiting Vendor,09:20", "Active,09:30")

    assert asked(story)[-2:] == [["ReleaseHold", "PlaceHold"], ["ReleaseHold"]]
    assert [one["resumes_work"] for one in fields_of(story, "ReleaseHold")] == [False, True]


def test_what_is_resolved_out_of_a_wait_is_done_without_an_invented_start() -> None:
    story = told("New,09:00", "Awaiting User,09:10", "Resolved,09:20", "Closed,09:30")

    assert asked(story)[-2:] == [["ReleaseHold", "CompleteWork"], ["CloseServiceOrder"]]


def test_what_was_resolved_and_goes_on_is_reopened_and_started_anew() -> None:
    story = told("Active,09:00", "Resolved,09:10", "Active,09:20")

    assert asked(story)[-1] == ["ReopenServiceOrder", "StartWork"]
    assert fields_of(story, "ReopenServiceOrder") == [
        {"cause": "other", "reason": {"code": "active"}}
    ]


def test_two_states_of_one_meaning_are_one() -> None:
    story = told("Active,09:00", "Travelling,09:10", "Resolved,09:20")

    assert asked(story)[1:] == [["StartWork"], ["CompleteWork"]]


def test_a_dropped_order_says_why_by_its_state() -> None:
    story = told("New,09:00", "Dropped,09:10")

    assert fields_of(story, "CancelServiceOrder") == [{"reason": {"code": "dropped"}}]


def test_a_changed_group_makes_another_responsible_before_the_new_state() -> None:
    story = told("New,09:00,A", "Resolved,09:10,B")

    assert asked(story) == [
        ["OpenServiceOrder"],
        ["AssignResponsible"],
        ["AssignResponsible", "CompleteWork"],
    ]


def test_a_group_that_is_cleared_makes_no_fact_and_is_counted() -> None:
    story = told("New,09:00,A", "New,09:10,?")

    assert story.unrecorded == {"group": 1}


def test_a_change_after_the_end_makes_no_fact_and_is_counted() -> None:
    story = told("Resolved,09:00,A", "Closed,09:10,A", "Closed,09:20,B")

    assert story.unrecorded == {"group": 1}


def test_a_priority_that_changes_while_the_order_is_new_is_counted_only() -> None:
    story = told("New,09:00,?,low", "New,09:10,?,high", "Active,09:20,?,urgent")

    assert story.unrecorded == {"priority": 1}
    assert asked(story)[-1] == ["TriageServiceOrder", "StartWork"]


@pytest.mark.parametrize(
    ("rows", "line", "slug"),
    [
        (["New,09:00", "Parked,09:10"], 3, "unknown-state"),
        (["?,09:00"], 2, "no-state"),
        (["New,?"], 2, "no-state"),
        (["New,nine"], 2, "unreadable-cell"),
        (["Active,09:00", "New,09:10"], 3, "work-undone"),
    ],
)
def test_a_record_that_cannot_be_told_names_its_line(rows: list[str], line: int, slug: str) -> None:
    with pytest.raises(RejectedError) as caught:
        told(*rows)

    assert (caught.value.line, caught.value.slug) == (line, slug)
