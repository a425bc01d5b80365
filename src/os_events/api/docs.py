"""/docs: the endpoints to look at and try, without internet."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from os_events.api.openapi import document_of

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
