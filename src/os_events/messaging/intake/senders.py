"""Who may send requests: a topic, a source, and as whom it acts here. One file of the house."""

import tomllib
from functools import cached_property
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from os_events.values.scalars import ShortText, Value

TopicName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$", max_length=200)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Sender(Value):
    """One system that sends to one topic.

    Shape: ``source`` is the ``source`` of its CloudEvents. It acts as ``integration:<name>`` in a
    role, ``integration`` for who asks for work, ``stock`` for who supplies parts; without ``units``
    in all of them.
    """

    topic: TopicName
    source: ShortText
    name: Name
    role: Literal[Role.INTEGRATION, Role.STOCK] = Role.INTEGRATION
    units: Annotated[tuple[UUID, ...], Field(min_length=1)] | None = None

    @property
    def principal(self) -> Principal:
        """Say who acts."""
        actor = Actor(id=f"integration:{self.name}", role=self.role)
        return Principal(actor, None if self.units is None else frozenset(self.units))


class Senders(Value):
    """All of them; whoever else writes to one of the topics is not listened to."""

    senders: Annotated[tuple[Sender, ...], Field(min_length=1)]

    @classmethod
    def of_toml(cls, text: str) -> Self:
        """Read the file. Raises ValueError."""
        return cls.model_validate(tomllib.loads(text))

    @model_validator(mode="after")
    def _a_name_is_that_of_one_source(self) -> Self:
        named = {(one.name, one.source) for one in self.senders}
        apart = [{name for name, _ in named}, {source for _, source in named}]
        if any(len(one) < len(named) for one in apart) or len(self._known) < len(self.senders):
            raise ValueError("a name is that of one source, and a source is named once a topic")
        return self

    @cached_property
    def _known(self) -> dict[tuple[str, str], Sender]:
        return {(one.topic, one.source): one for one in self.senders}

    @property
    def topics(self) -> list[str]:
        """Name the topics to listen to."""
        return sorted({one.topic for one in self.senders})

    def find(self, topic: str, source: str) -> Sender | None:
        """Find who sends there under this name."""
        return self._known.get((topic, source))
