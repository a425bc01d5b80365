"""What all aggregates, all events and all requests share."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, Self, TypeVar
from uuid import UUID, uuid5

from eventsourcing.domain import BaseAggregate, CanInitAggregate, CanMutateAggregate
from eventsourcing.utils import register_topic
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from os_events.values.acts import Act, Actor, Channel, Claims, Device, Reason, Role, Source
from os_events.values.personal import Erased, Sealed, personal_fields
from os_events.values.scalars import Instant, RuleId, known_zone, texts
from os_events.values.words import Told

A = TypeVar("A", bound="Aggregate")

NOBODY = Actor(id="nobody", role=Role.POLICY)
NOWHERE = UUID(int=0)
UNRECORDED = datetime.max.replace(tzinfo=UTC)
LONGEST = 4000
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
    r"|["
    + "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)


def event_id(aggregate_id: UUID, version: int) -> UUID:
    """Name an event by its place: drawn by nobody, and the same for everybody."""
    return uuid5(aggregate_id, str(version))


class DomainEvent(BaseModel):
    """A fact: frozen, closed to unknown fields, plain JSON on disk."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    TOPIC: ClassVar[str]
    TOLD: ClassVar[Told]
    schema_version: ClassVar[int] = 1

    # The header, filled in by ``begin`` and ``happened``: whoever decides names only what is new.
    originator_id: UUID = NOWHERE
    originator_version: int = 0
    actor: Actor = NOBODY
    channel: Channel = Channel.SYSTEM
    timestamp: Instant = Field(default=UNRECORDED, alias="occurred_at")  # the library's name
    zone: str = "UTC"
    device: Device = Device()
    on_behalf_of: UUID | None = None
    causation_id: UUID | None = None
    correlation_id: UUID = NOWHERE
    reason: Reason | None = None
    corrects: UUID | None = None
    rule_ids: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    source: Source | None = None
    traceparent: str | None = None
    position: int = 0  # this and the next: told by the log when it is read
    recorded_at: Instant = UNRECORDED

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "TOPIC" in vars(cls):
            register_topic(cls.TOPIC, cls)  # else only a process that wrote one could read one

    @property
    def event_id(self) -> UUID:
        """Its identity."""
        return event_id(self.originator_id, self.originator_version)

    @property
    def aggregate_id(self) -> UUID:
        """Whose history this is in."""
        return self.originator_id

    @property
    def version(self) -> int:
        """Its place in that history."""
        return self.originator_version

    @property
    def occurred_at(self) -> datetime:
        """When it happened, as claimed."""
        return self.timestamp

    @classmethod
    def own_fields(cls) -> list[str]:
        """Name the fields that are not the header's."""
        return [name for name in cls.model_fields if name not in HEADER]

    def __repr__(self) -> str:
        """Leave values out of logs and tracebacks: some are personal."""
        return f"<{self.TOPIC} {self.originator_id} v{self.originator_version}>"

    __str__ = __repr__


class Owner(NamedTuple):
    """Whose personal data an aggregate's events hold, and which keys they are sealed with."""

    subject: UUID
    aggregate_id: UUID
    year: int


class Aggregate(BaseAggregate[UUID]):
    """A request decides, then names a fact; the fact's ``apply`` restates it and never refuses."""

    TOPIC: ClassVar[str]

    class Event(DomainEvent, CanMutateAggregate[UUID]):
        """Base of the later facts of an aggregate."""

        def mutate(self, aggregate: Any) -> Any:
            """Apply the fact as the next of its aggregate, which remembers the latest of a kind."""
            aggregate.last_of[self.TOPIC.partition(".")[2]] = self.originator_version
            return super().mutate(aggregate)

    @classmethod
    def begin(cls, act: Act, fact: "InitialEvent", overridden: Sequence[str] = ()) -> Self:
        """Make the aggregate that ``fact`` is the beginning of; it is called by the act's id."""
        head = header(act, act.id, 1, tuple(overridden))
        first = fact.model_copy(update=head | {"originator_topic": cls.TOPIC})
        aggregate = first.beginning(cls)
        aggregate.pending_events.append(aggregate.placed(first))
        return aggregate

    @property
    def subject(self) -> UUID:
        """Whom its personal data are about."""
        return self.id

    @property
    def zone(self) -> str:
        """The zone of the place of performance."""
        return "UTC"

    @property
    def next_event_id(self) -> UUID:
        """The id that the next fact will have."""
        return event_id(self.id, self.version + 1)

    @property
    def last_of(self) -> dict[str, int]:
        """Give the version of the latest fact of each kind, but for the first of all."""
        found: dict[str, int] = vars(self).setdefault("_last_of", {})
        return found

    def event(self, version: int) -> UUID:
        """Name the fact at a version."""
        return event_id(self.id, version)

    @property
    def overridden(self) -> list[str]:
        """Rules that stood in the way of this command, and were knowingly overridden."""
        found: list[str] = vars(self).setdefault("_overridden", [])
        return found

    def owner(self) -> Owner:
        """Say how the personal values of its events are kept."""
        return Owner(self.subject, self.id, self.created_on.year)

    def happened(self, act: Act, fact: Event) -> None:
        """Apply a new fact, and keep it until it is recorded."""
        head = header(act, self.id, self.version + 1, tuple(dict.fromkeys(self.overridden)))
        fact = self.placed(fact.model_copy(update=head))
        fact.mutate(self)
        self.pending_events.append(fact)

    def collect_events(self) -> Sequence[Any]:
        """Hand over what happened; the command is over."""
        self.overridden.clear()
        return super().collect_events()

    def placed(self, fact: Any) -> Any:
        """Fill in what the act left to the aggregate: zone and correlation."""
        missing: dict[str, Any] = {}
        if fact.zone is None:
            missing["zone"] = self.zone
        if fact.correlation_id is None:
            missing["correlation_id"] = self.id
        return fact.model_copy(update=missing) if missing else fact


class InitialEvent(DomainEvent, CanInitAggregate[UUID]):
    """The first fact of an aggregate; its fields become the attributes of the same name."""

    originator_topic: str = ""

    def beginning(self, kind: type["A"]) -> "A":
        """Make the aggregate that begins here."""
        aggregate = self.mutate(None)
        assert isinstance(aggregate, kind)  # noqa: S101 - for the type checker
        return aggregate


HEADER = set(InitialEvent.model_fields)


def header(
    act: Act, aggregate_id: UUID, version: int, overridden: tuple[str, ...]
) -> dict[str, Any]:
    """Say of a fact whose history it is in, where, and by which act."""
    fields = {name: value for name, value in act if name not in Act.NOT_RECORDED}
    fields["timestamp"] = fields.pop("occurred_at")
    place = {"originator_id": aggregate_id, "originator_version": version}
    return fields | place | {"overrides": overridden}


def asks_what_imports_may_lack(schema: dict[str, Any], request: type[Any]) -> None:
    """Say in a JSON schema that a caller must give what only an import may lack."""
    if request.IMPORTS_MAY_LACK:
        schema["required"] = [*schema.get("required", []), *request.IMPORTS_MAY_LACK]


class Request(Claims):
    """What somebody asks for. It is also the body of the HTTP request: no second schema.

    Shape: ``RULES`` are the rules under which it is decided. ``overrides`` names those of kind WRN
    that may be overridden, with a reason. ``IMPORTS_MAY_LACK`` names the fields that are absent
    only where a fact comes from another system, which did not keep them: they are never made up.
    """

    model_config = ConfigDict(json_schema_extra=asks_what_imports_may_lack)

    RULES: ClassVar[tuple[str, ...]] = ()
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ()

    zone: Annotated[str, Field(max_length=64), AfterValidator(known_zone)] | None = None
    overrides: tuple[RuleId, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _every_text_is_plain(self) -> Self:
        for text in texts(self):
            if len(text) > LONGEST or UNPRINTABLE.search(text):
                raise ValueError(f"a text is longer than {LONGEST} signs, or has control codes")
            if text != text.strip():
                raise ValueError("a text has white space around it")
        return self

    @model_validator(mode="after")
    def _only_imports_lack_something(self) -> Self:
        missing = [name for name in self.IMPORTS_MAY_LACK if getattr(self, name) is None]
        if missing and self.channel is not Channel.IMPORT:
            raise ValueError(f"missing: {', '.join(missing)}")
        return self

    @model_validator(mode="after")
    def _personal_values_are_given_plain(self) -> Self:
        if any(isinstance(found.value, Sealed | Erased) for found in personal_fields(self)):
            raise ValueError("a personal value is given as it is, not as a placeholder")
        return self


class Change(Request, Generic[A]):
    """Something asked of an aggregate that is there: ``decide`` refuses, or names facts."""

    def decide(self, aggregate: A, act: Act) -> None:
        """Refuse, or say what happened."""
        raise NotImplementedError
