"""The house: supplier, units and policies. One file of the installation; no aggregate."""

import tomllib
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from os_events.errors import NotFoundError
from os_events.values.scalars import Code, Days, Ibge, Uf, Value, Zone


class RegulatoryProfile(Code):
    """Which duties of telecom law hold."""

    REPAIR_SHOP = "repair_shop", "assistência técnica"
    TELECOM_FULL = "telecom_full", "operadora de telecomunicações"
    TELECOM_PPP = "telecom_ppp", "prestadora de pequeno porte"
    TELECOM_MICRO = "telecom_micro", "microprestadora (até 5.000 acessos)"


class UnknownUnitError(NotFoundError):
    """The company has no such unit. Use the id of a unit of the company file."""

    slug = "unknown-unit"


class Unit(Value):
    """A place of business. Shape: ``holidays`` are those of its municipality only."""

    id: UUID
    name: str
    zone: Zone
    uf: Uf
    municipality: Ibge
    address: str
    phone: str
    email: str | None = None
    holidays: tuple[date, ...] = ()


class Policies(Value):
    """Values that a house may set, each with its floor (rules.md 16)."""

    quote_validity_days: Annotated[int, Field(ge=10, le=365)] = 10
    legal_warranty_days: Annotated[int, Field(ge=90, le=3650)] = 90
    contractual_warranty_days: Days = 0
    prior_practice: bool = False
    late_entry_minutes: Annotated[int, Field(ge=1, le=1440)] = 15


class Company(Value):
    """Who provides the service, where, and by which house rules."""

    legal_name: str
    trade_name: str | None = None
    tax_id: str
    municipal_registration: str | None = None
    regulatory_profile: RegulatoryProfile = RegulatoryProfile.REPAIR_SHOP
    policies: Policies = Policies()
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]

    @classmethod
    def of_toml(cls, text: str) -> Self:
        """Read a company file. Raises ValueError."""
        return cls.model_validate(tomllib.loads(text))

    @property
    def zone(self) -> str:
        """The time zone of the house: that of its first unit."""
        return self.units[0].zone

    def unit(self, unit_id: UUID) -> Unit:
        """Find a unit. Raises UnknownUnitError."""
        for unit in self.units:
            if unit.id == unit_id:
                return unit
        raise UnknownUnitError(f"unit {unit_id} is not in the company file")
