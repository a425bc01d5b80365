"""Pages about the HTTP API, generated from the application; ``reference.py`` writes them."""

import json
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, cast

from fastapi.routing import APIRoute

import os_events
from os_events.api.app import ROUTERS, create_app
from os_events.api.catalogue import catalogue
from os_events.api.openapi import document_of
from os_events.commands.rights import MAY, Action
from os_events.values.acts import Role
from os_events.values.scalars import Code

ROUTES_HEAD = """# Routes

What needs a key has its roles beside it: `Authorization: Bearer <key>`; a role holds in the units
of its key. Bodies are JSON; `openapi.json` beside this page has the models, with an example of
each, and a running program shows them at `/docs`.

| header | on | meaning |
|---|---|---|
| `Idempotency-Key` | both | makes a repeated request the same request; made and told when absent |
| `If-Match` | requests | the version that was seen: `"3"`; when it is another now, 412 |
| `ETag` | answers | the version that is now the latest |
| `As-Of-Position` | answers | what the answer reflects; send it as `after` to read your own write |
| `Degraded-Since` | answers | the position at which what answers stands still, if it does |
| `Idempotency-Replayed` | answers | `true`: the request had been recorded before |
"""
PROBLEMS_HEAD = """# Problems

What goes wrong comes as `application/problem+json` (RFC 9457). `type` is `/problems/<slug>`, and
that address explains it; `title` is for people, in Portuguese. A refusal names its `rule`; one that
is *overridable* passes when the request names the rule in `overrides`, and says why in `reason`. A
request that does not fit has `fields`: a JSON pointer, a slug and, where a rule forbids the value,
the rule; never the value.

| slug | status | title | rule | overridable | what to do |
|---|--:|---|---|---|---|
"""


def openapi() -> str:
    """Write the OpenAPI document."""
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def document() -> dict[str, Any]:
    """Describe the API; nothing is asked of its parts."""
    return document_of(create_app(None))  # type: ignore[arg-type]  # see above


def problems() -> str:
    """Write the page of problems."""
    for module in walk_packages(os_events.__path__, "os_events."):
        if not module.name.endswith("__main__"):
            import_module(module.name)  # an error is known once its module is
    return PROBLEMS_HEAD + "".join(
        f"| `{slug}` | {one.status} | {one.title} | {one.rule or ''} "
        f"| {'yes' if one.overridable else ''} | {one.detail or ''} |\n"
        for slug, one in sorted(catalogue().items())
    )


def routes() -> str:
    """Write the page of routes."""
    return ROUTES_HEAD + "".join(sections())


def sections() -> Iterator[str]:
    """Write a table for each chapter."""
    found: dict[str, list[APIRoute]] = {}
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                found.setdefault(str(route.tags[0]), []).append(route)
    for tag, of_tag in found.items():
        yield f"\n## {tag.capitalize()}\n\n| route | body | roles | what |\n|---|---|---|---|\n"
        yield from map(line, of_tag)


def line(route: APIRoute) -> str:
    """Write a line of the table."""
    [method] = route.methods or [""]
    action = action_of(route)
    body = "" if action is None or isinstance(action, Code) else f"`{action.__name__}`"
    roles = ", ".join(role.value for role in Role if action and role in MAY[action])
    what = " ".join(route.description.split())
    return f"| `{method} {route.path}` | {body} | {roles} | {what} |\n"


def action_of(route: APIRoute) -> Action | None:
    """Say which line of the rights a route is under; none, where no key is needed."""
    if route.body_field:
        return cast("Action", route.body_field.field_info.annotation)
    asked = [getattr(one.call, "question", None) for one in route.dependant.dependencies]
    return next(filter(None, asked), None)


PAGES = {"openapi.json": openapi, "problems.md": problems, "routes.md": routes}
