"""How a device comes to us, and goes back."""

from typing import Annotated, Self
from uuid import UUID

from os_events.aggregates.service_order import codes, handover, intake, values
from os_events.messaging.public.fields import Act, Centavos, Codes, Device, HouseCode, OpenObject
from os_events.messaging.public.shape import Shape, Shapes


class Accessory(OpenObject):
    """What came with the device."""

    code: HouseCode
    quantity: int
    state: Annotated[str, Codes(codes.AccessoryState)]

    @classmethod
    def of(cls, one: values.Accessory) -> Self:
        """Say it of an accessory."""
        return cls(code=one.code, quantity=one.quantity, state=one.state)


class DeviceReceived(Shape):
    """A device is in our care from now on."""

    reception_no: int
    device: Device
    power_state: Annotated[str, Codes(intake.PowerState)] | None = None
    accessories: tuple[Accessory, ...]

    @classmethod
    def of(cls, event: intake.DeviceReceived) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            reception_no=event.reception_no,
            device=Device.of(event.asset),
            power_state=event.power_state,
            accessories=tuple(map(Accessory.of, event.accessories)),
        )


class PartDisposition(OpenObject):
    """What became of the part that an installation replaced."""

    installation_id: UUID
    disposition: Annotated[str, Codes(handover.PartFate)]

    @classmethod
    def of(cls, one: handover.PartDisposition) -> Self:
        """Say it of a part."""
        return cls(installation_id=one.installation_id, disposition=one.disposition)


class DeviceHandedOver(Shape):
    """The device is back with the customer, or with whom the customer sent."""

    handover_no: int
    outcome: Annotated[str, Codes(handover.HandoverOutcome)]
    relation: Annotated[str, Codes(codes.Relation)] | None = None
    tested_in_presence: Annotated[str, Codes(handover.PresenceTest)] | None = None
    accessories: tuple[Accessory, ...]
    parts_disposition: tuple[PartDisposition, ...]
    debt_centavos: Centavos

    @classmethod
    def of(cls, event: handover.DeviceHandedOver) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            handover_no=event.handover_no,
            outcome=event.outcome,
            relation=event.relation,
            tested_in_presence=event.tested_in_presence,
            accessories=tuple(map(Accessory.of, event.accessories)),
            parts_disposition=tuple(map(PartDisposition.of, event.parts_disposition)),
            debt_centavos=event.debt,
        )


SHAPES: Shapes = {
    intake.DeviceReceived: DeviceReceived,
    handover.DeviceHandedOver: DeviceHandedOver,
}
