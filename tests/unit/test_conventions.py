"""House rules of the domain, and of all code, that no linter knows."""

import ast
import re
from pathlib import Path
from typing import TypeGuard

import pytest

import os_events.aggregates
from os_events.aggregates.base import Aggregate, DomainEvent, Request
from os_events.aggregates.rules import RefusalError
from os_events.errors import OsEventsError
from os_events.values.personal import mark_of
from tests.golden.reference import DOCS, PAGES, events, kinds, refusals, refused_by, requests

SOURCE = Path(os_events.aggregates.__file__).parents[1]
DOMAIN = sorted((SOURCE / "aggregates").rglob("*.py"))
AGGREGATES = {kind.TOPIC for kind in kinds(Aggregate)}
EVENT_NAMES = {event.__name__ for event in events()}
SHAPES = [set(event.own_fields()) for event in events()]
RULES = {refusal.slug: refusal.rule for refusal in refusals()}


def called(kind: type) -> str:
    return kind.__name__


@pytest.mark.parametrize("event", events(), ids=lambda event: event.TOPIC)
def test_an_event_has_a_name_for_ever_and_says_what_happened(event: type[DomainEvent]) -> None:
    aggregate, _, fact = event.TOPIC.partition(".")

    assert aggregate in AGGREGATES
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", fact)
    assert vars(event).get("__doc__")


@pytest.mark.parametrize("event", events(), ids=lambda event: event.TOPIC)
def test_an_event_is_told_in_two_languages_by_its_own_fields(event: type[DomainEvent]) -> None:
    pt, en = event.TOLD.fields()

    assert pt == en
    assert pt <= set(event.own_fields())


@pytest.mark.parametrize("event", events(), ids=lambda event: event.TOPIC)
def test_what_is_personal_may_be_absent(event: type[DomainEvent]) -> None:
    personal = {name for name in event.own_fields() if mark_of(event, name)}

    assert [name for name in personal if event.model_fields[name].is_required()] == []


@pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.slug)
def test_a_refusal_names_its_rule_and_speaks_to_people(refusal: type[RefusalError]) -> None:
    assert re.fullmatch(r"[A-Z]\d+", refusal.rule)
    assert refusal.pt.endswith((".", "?"))
    assert refusal.__name__ == "".join(map(str.title, refusal.slug.split("-"))) + "Error"


@pytest.mark.parametrize("request_", requests(), ids=called)
def test_a_request_names_the_refusals_of_the_rules_that_decide_it(request_: type[Request]) -> None:
    refused = refused_by(request_)

    assert refused <= set(RULES)
    assert set(request_.RULES) == {RULES[slug] for slug in refused}


@pytest.mark.parametrize("request_", requests(), ids=called)
def test_what_an_import_may_lack_is_a_field_that_may_be_absent(request_: type[Request]) -> None:
    fields = [request_.model_fields[name] for name in request_.IMPORTS_MAY_LACK]

    assert all(field.default is None for field in fields)


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_restating_a_fact_never_refuses(path: Path) -> None:
    tree = ast.parse(path.read_text())
    appliers = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "apply"]

    assert not [n for a in appliers for n in ast.walk(a) if isinstance(n, ast.Raise | ast.Assert)]


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_whoever_names_a_fact_names_all_its_fields(path: Path) -> None:
    named = [(call, {keyword.arg for keyword in call.keywords}) for call in facts_named(path)]

    assert [ast.unparse(call.func) for call, fields in named if fields not in SHAPES] == []


def facts_named(path: Path) -> list[ast.Call]:
    """Find where facts are made: by the name of their class, or by ``cls`` within it."""
    tree = ast.parse(path.read_text())
    events_here = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name in EVENT_NAMES]
    inside = [n for one in events_here for n in ast.walk(one) if is_call_of(n, {"cls"})]
    return [*inside, *(n for n in ast.walk(tree) if is_call_of(n, EVENT_NAMES))]


def is_call_of(node: ast.AST, names: set[str]) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    return node.func.id in names


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_is_what_the_code_says(page: str) -> None:
    assert (DOCS / page).read_text() == PAGES[page]()


def test_every_error_has_its_own_slug_and_says_what_to_do() -> None:
    errors = set(kinds(OsEventsError)) - {RefusalError}

    assert len({error.slug for error in errors}) == len(errors)
    assert all(vars(error).get("__doc__") for error in errors)


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_grows_a_tail(path: Path) -> None:
    tree = ast.parse(path.read_text())
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert len(path.read_text().splitlines()) <= 300
    assert not [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= 40]


def test_locked_dependencies_name_no_address() -> None:
    locked = (SOURCE.parents[1] / "requirements.txt").read_text()

    assert "--hash=sha256:" in locked
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host| @ ", locked)
