"""What is remembered of a person: nothing that is personal."""

from typing import ClassVar

from os_events.aggregates.base import Aggregate
from os_events.aggregates.person.values import PersonKind, PersonRelation
from os_events.values.consumer import ConsumerStatus


class Person(Aggregate):
    """One natural or legal person known to the house. Its personal data are about itself."""

    TOPIC: ClassVar[str] = "person"

    kind: PersonKind
    relations: tuple[PersonRelation, ...]
    consumer_status: ConsumerStatus
    has_valid_document: bool
