"""/docs: the endpoints to look at and try, and the events, without internet."""

from functools import cache
from html import escape
from importlib.resources import files as resources

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from os_events.api.openapi import document_of
from os_events.messaging import asyncapi
from os_events.messaging.described import rows
from os_events.messaging.public.schemas import as_text, samples, schema_of

PAGE = """<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="/docs/files/swagger-ui.css">
<link rel="icon" href="/docs/files/favicon.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/files/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true});\n'

router = APIRouter(include_in_schema=False)
files = StaticFiles(packages=[("fastapi_offline", "static")])


@router.get("/docs")
def page(request: Request) -> HTMLResponse:
    """Show the endpoints."""
    return HTMLResponse(PAGE.format(title=escape(request.app.title)))


@router.get("/docs/start.js")
def start() -> Response:
    """Start the page: our security policy allows no script within it."""
    return Response(START, media_type="text/javascript")


@router.get("/openapi.json")
def document(request: Request) -> JSONResponse:
    """Describe the API to programs."""
    return JSONResponse(document_of(request.app))


@router.get("/docs/events")
def events() -> HTMLResponse:
    """Show what goes over topics."""
    return HTMLResponse(events_page())


@router.get("/docs/events.css")
def events_style() -> Response:
    """Give that page its style."""
    style = resources("os_events.api").joinpath("templates", "events.css").read_bytes()
    return Response(style, media_type="text/css")


@router.get("/asyncapi.json")
def topics() -> JSONResponse:
    """Describe what goes over topics to programs."""
    return JSONResponse(events_document())


@cache
def events_document() -> asyncapi.Document:
    """Make the document; it is the same for every installation."""
    return asyncapi.document()


@cache
def events_page() -> str:
    """Make the page of it."""
    environment = Environment(
        loader=PackageLoader("os_events.api"), autoescape=True, undefined=StrictUndefined
    )
    environment.globals |= {
        "rows": rows,
        "schema_of": schema_of,
        "summary": asyncapi.summary,
        "as_text": as_text,
    }
    return environment.get_template("events.html").render(
        info=events_document()["info"], channels=asyncapi.channels(), samples=samples()
    )
