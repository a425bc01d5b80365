"""What somebody writes down about an order."""

from typing import Annotated, ClassVar
from uuid import UUID

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.service_order.checks import new_id
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import Evidence
from os_events.values.acts import Act
from os_events.values.personal import Personal
from os_events.values.scalars import Code, LongText
from os_events.values.words import Told


class Visibility(Code):
    """Who may read it."""

    INTERNAL = "internal", "interna"
    CUSTOMER = "customer", "visível ao cliente"


class NoteAdded(Aggregate.Event):
    """Somebody wrote something down."""

    TOPIC: ClassVar[str] = "service-order.note-added"
    TOLD: ClassVar[Told] = Told(
        pt="Anotação ({visibility}): “{text}”",
        en="Note ({visibility}): “{text}”",
    )
    note_id: UUID
    visibility: Visibility
    text: Annotated[Personal[str] | None, Evidence] = None

    def apply(self, order: ServiceOrder) -> None:
        order.ids.add(self.note_id)


class AddNote(Change[ServiceOrder]):
    """Write something down; after the end too. Refused: duplicate-id."""

    RULES: ClassVar[tuple[str, ...]] = ("H12",)

    note_id: UUID | None = None
    visibility: Visibility = Visibility.INTERNAL
    text: LongText

    def decide(self, order: ServiceOrder, act: Act) -> None:
        fact = NoteAdded(
            note_id=new_id(order, self.note_id, act),
            visibility=self.visibility,
            text=self.text,
        )
        order.happened(act, fact)
