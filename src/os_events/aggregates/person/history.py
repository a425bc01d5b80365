"""All that is on record about one person, and what is known now."""

from functools import cached_property
from typing import ClassVar

from os_events.aggregates.chronology import History
from os_events.aggregates.person.changing import DetailsChanged
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.registering import Registered


class PersonHistory(History):
    """The events of one person."""

    TOPIC: ClassVar[str] = Person.TOPIC
    BEGINS: ClassVar[str] = Registered.TOPIC

    @cached_property
    def known(self) -> Registered | None:
        """Give the registration as later changes left it; None before there was one.

        Personal values are as the history was read: sealed, opened, or erased.
        """
        known: Registered | None = None
        for _, event in self.events:
            if isinstance(event, Registered):
                known = event
            elif isinstance(event, DetailsChanged) and known:
                changed = {name: getattr(event, name) for name in DETAILS}
                told = {name: value for name, value in changed.items() if value is not None}
                known = known.model_copy(update=told)
        return known


DETAILS = tuple(name for name in Registered.own_fields() if name in DetailsChanged.model_fields)
