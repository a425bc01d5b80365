"""Assemble the HTTP application from parts built elsewhere."""

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Lifespan, Scope

from os_events.api import (
    catalogue,
    custody,
    docs,
    ending,
    figures,
    histories,
    opening,
    organising,
    persons,
    problems,
    questions,
    quoting,
    status,
    working,
)
from os_events.api.edge import Edge
from os_events.api.measured import Measured
from os_events.api.parts import Parts

ROUTERS = (
    opening.router,
    organising.router,
    custody.router,
    quoting.router,
    working.router,
    ending.router,
    persons.router,
    questions.router,
    histories.router,
    figures.router,
    status.router,
    status.health,
    catalogue.router,
    docs.router,
)
TITLE = "os_events"
DESCRIPTION = "Ordens de serviço como registro verificável. Service orders as a verifiable record."


class Pages(Mount):
    """Answers every address that does not begin as one of the API's."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leave the API's mistakes to the API."""
        if first_step(scope.get("path", "/")) in API:
            return Match.NONE, {}
        return super().matches(scope)


def first_step(path: str) -> str:
    """Give what stands before the second slash."""
    return path.removeprefix("/").partition("/")[0]


API = {
    first_step(route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
}


def create_app(
    parts: Parts, lifespan: Lifespan[FastAPI] | None = None, pages: ASGIApp | None = None
) -> FastAPI:
    """Wire routers to the given parts, and ``pages`` beside them; opens nothing itself."""
    app = FastAPI(
        title=TITLE,
        version=version("os-events"),
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.parts = parts
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/docs/files", docs.files)
    if pages:
        app.router.routes.append(Pages("/", pages))
    app.add_middleware(Edge)
    app.add_middleware(Measured)  # the outermost
    problems.install(app)
    return app
