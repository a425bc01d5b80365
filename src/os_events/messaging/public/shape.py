"""The base of public shapes."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeAlias
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.errors import TamperedError
from os_events.messaging.public.fields import Act, OpenObject


class ShapeError(TamperedError):
    """A recorded event does not fit its public shape. Install a release that mends the shape."""

    slug = "shape-error"


class Shape(OpenObject):
    """What others see of an event. Shape: ``REVISION`` counts what was added to the schema."""

    MAJOR: ClassVar[int] = 1
    REVISION: ClassVar[int] = 1

    order_id: UUID
    act: Act

    @classmethod
    def of(cls, event: Any) -> Self:
        """Say it of an event, naming each field: what is not named stays here."""
        raise NotImplementedError


Shapes: TypeAlias = Mapping[type[DomainEvent], type[Shape]]
