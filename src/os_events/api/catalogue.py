"""/problems: what each problem means, for whoever follows its ``type``."""

from collections.abc import Iterator
from http import HTTPStatus

from fastapi import APIRouter

from os_events.api.invalid import SAID
from os_events.api.problems import (
    PROTOCOL,
    UNFORESEEN,
    Problem,
    meaning_of,
    meant,
    protocol_problem,
)
from os_events.errors import NotFoundError, OsEventsError

router = APIRouter(tags=["problems"])


class UnknownProblemError(NotFoundError):
    """No problem is called so. See ``docs/reference/problems.md``."""

    slug = "unknown-problem"


@router.get("/problems/{slug}", response_model_exclude_none=True)
def explain_problem(slug: str) -> Problem:
    """Say what a problem means, and what can be done."""
    if found := catalogue().get(slug):
        return found
    raise UnknownProblemError


def catalogue() -> dict[str, Problem]:
    """Give every problem by its slug, as far as the program has loaded what may raise it."""
    found = [
        *(meant(kind) for kind in errors_of(OsEventsError) if meaning_of(kind) is not UNFORESEEN),
        *map(protocol_problem, [*PROTOCOL, HTTPStatus.INTERNAL_SERVER_ERROR]),
        *(field_problem(slug, title) for slug, title in SAID.items()),
    ]
    return {problem.type.removeprefix("/problems/"): problem for problem in found}


def errors_of(base: type[OsEventsError]) -> Iterator[type[OsEventsError]]:
    """Give every error that has a slug of its own."""
    for kind in base.__subclasses__():
        if "slug" in vars(kind):
            yield kind
        yield from errors_of(kind)


def field_problem(slug: str, title: str) -> Problem:
    """Say what is wrong with a field."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return Problem(type=f"/problems/{slug}", title=title, status=status)
