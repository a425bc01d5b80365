"""A body for each request, as the OpenAPI document shows it. They stand in ``examples.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Give the examples by the name of the request."""
    return tomllib.loads(files("os_events.api").joinpath("examples.toml").read_text("utf-8"))
