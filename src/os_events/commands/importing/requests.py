"""What a mapping may ask for, by name."""

import os_events.aggregates  # noqa: F401 - every chapter, so that every request is known
from os_events.aggregates.base import Change
from os_events.aggregates.service_order.order import ServiceOrder

CHANGES: dict[str, type[Change[ServiceOrder]]] = {
    change.__name__: change for change in Change[ServiceOrder].__subclasses__()
}
