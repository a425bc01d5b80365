"""Who is asking, once that has been established."""

from dataclasses import dataclass
from uuid import UUID

from os_events.values.acts import Actor


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody in a role, and the units in which the role holds. Shape: None means all units."""

    actor: Actor
    units: frozenset[UUID] | None = None

    def __post_init__(self) -> None:
        if self.units is not None and not self.units:
            raise ValueError("a role holds in one unit at least")
