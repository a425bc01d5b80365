"""Every message between us and others, and the name of its schema."""

from typing import NamedTuple

from pydantic import BaseModel

from os_events.messaging.intake.outcomes import RequestAccepted, RequestRefused
from os_events.messaging.intake.part_supply import PartSupply
from os_events.messaging.intake.service_request import ServiceRequest
from os_events.messaging.public.catalogue import PUBLIC
from os_events.messaging.public.compatibility import Side


class Contract(NamedTuple):
    """A message on which two sides rely. Shape: ``schema`` is its ``dataschema``."""

    model: type[BaseModel]
    type: str
    schema: str
    written_by: Side = Side.US

    @property
    def version(self) -> str:
        """Name the revision: the file of the schema."""
        return self.schema.rpartition(":")[2]


def contracts() -> dict[str, Contract]:
    """Give them all, by type."""
    found = [*facts(), *outcomes(), *requests()]
    return {contract.type: contract for contract in found}


def facts() -> list[Contract]:
    """Give what orders go through."""
    return [Contract(*public) for public in PUBLIC.values()]


def outcomes() -> list[Contract]:
    """Give what becomes of requests."""
    kinds = (RequestAccepted, RequestRefused)
    return [Contract(kind, kind.TYPE, kind.schema_name()) for kind in kinds]


def requests() -> list[Contract]:
    """Give what others ask for."""
    kinds: tuple[type[ServiceRequest | PartSupply], ...] = (ServiceRequest, PartSupply)
    return [
        Contract(kind, kind.TYPE, f"urn:os-events:schema:{kind.TYPE}:v1", Side.THEM)
        for kind in kinds
    ]
