"""``erp.part-supply.update.v1``: another system tells what became of a part that was asked for."""

from typing import ClassVar
from uuid import UUID

from os_events.aggregates.service_order.parts import SupplyState, UpdatePartSupply
from os_events.messaging.intake.claims import given
from os_events.values.acts import Claims
from os_events.values.scalars import Day, ShortText, Value


class PartSupply(Value):
    """Tells of a part that an order waits for, by the ids of ``os.order.part-requested.v1``.

    Shape: fields mean what they mean in ``POST /service-orders/{id}/part-supply-updates``.
    """

    TYPE: ClassVar[str] = "erp.part-supply.update.v1"

    order_id: UUID
    part_request_id: UUID
    state: SupplyState
    expected_on: Day | None = None
    document_ref: ShortText | None = None

    def change(self, claims: Claims) -> UpdatePartSupply:
        """Make the request. Raises ValueError."""
        return UpdatePartSupply.model_validate(given(self, {"order_id"}) | given(claims))
