"""Templates into answers: what every page says of itself, and of who reads it."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from os_events.aggregates.facets import BillingFacet, CustodyFacet, QuoteFacet
from os_events.aggregates.service_order.charges import CostKind
from os_events.aggregates.service_order.codes import OrderType, Priority
from os_events.aggregates.status import OrderStatus
from os_events.console.formats import Speaker
from os_events.console.moments import Clocks
from os_events.kpis.question import Dimension, Grain
from os_events.values.acts import Channel, Role

NAMED = (  # what templates call by its name
    BillingFacet,
    Channel,
    Clocks,
    CostKind,
    CustodyFacet,
    Dimension,
    Grain,
    OrderStatus,
    OrderType,
    Priority,
    QuoteFacet,
    Role,
)


@dataclass(frozen=True)
class Frame:
    """What stands around every page.

    Shape: ``person`` and ``role`` are in words, and empty without a session; ``token`` goes into
    every form that changes something; ``here`` is where the language switch comes back to;
    ``refusal`` is the slug of what keeps the log from going on, if anything does; who
    ``sees_figures`` or ``sees_webhooks`` finds the way there, and is told how many of the latter
    stand still.
    """

    company: str
    here: str
    token: str
    person: str = ""
    role: str = ""
    search: str = ""
    refusal: str = ""
    sees_figures: bool = False
    sees_webhooks: bool = False
    webhooks_still: int = 0

    def is_at(self, path: str) -> bool:
        """Say whether the reader is on this page."""
        return self.here.partition("?")[0] == path


@cache
def static(name: str) -> str:
    """Give the address of a file beside the templates; it changes when the file does."""
    content = files("os_events.console").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={sha256(content).hexdigest()[:12]}"


@cache
def templates() -> Environment:
    """Open the templates. What they name and are not given is a bug, and raises."""
    environment = Environment(
        loader=PackageLoader("os_events.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"static": static} | {kind.__name__: kind for kind in NAMED}
    return environment


def page(
    template: str, speaker: Speaker, frame: Frame, status: int = 200, **values: Any
) -> HTMLResponse:
    """Answer with a page."""
    content = templates().get_template(template).render(speaker.words() | {"frame": frame} | values)
    return HTMLResponse(content, status, {"Content-Language": speaker.listener.language})
