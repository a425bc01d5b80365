"""How a device comes into our custody, and in what state it was."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError, check_not_before
from os_events.aggregates.service_order.checks import check_open
from os_events.aggregates.service_order.codes import AccessoryState
from os_events.aggregates.service_order.memory import Reception
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import (
    Accessory,
    Asset,
    AssetSeen,
    CheckAnswer,
    CheckItem,
    CheckItems,
    Evidence,
)
from os_events.values.acts import Act
from os_events.values.identifiers import PlainDescription
from os_events.values.personal import Personal
from os_events.values.scalars import Code, LongText
from os_events.values.words import Told

TRI_STATE = {CheckAnswer.OK, CheckAnswer.DEFECTIVE, CheckAnswer.UNTESTABLE}
Accessories = Annotated[tuple[Accessory, ...], Field(max_length=50)]


class DeviceAlreadyInCustodyError(RefusalError):
    """The device is with us already. Hand it over before you receive it again."""

    slug = "device-already-in-custody"
    rule = "H7"
    facts = ("device-received",)
    pt = "O equipamento já está sob nossa guarda."


class IntakeIncompleteError(RefusalError):
    """The state in which it came is not all told. Complete the checklist and the accessories."""

    slug = "intake-incomplete"
    rule = "C1"
    pt = 'Complete o checklist de entrada, os acessórios (ou "nenhum") e as fotos.'


class PowerState(Code):
    """Whether it turns on."""

    ON = "on", "liga"
    OFF = "off", "não liga"
    UNTESTABLE = "untestable", "não testável"


class LiquidIndicator(Code):
    """What the indicator of liquid shows."""

    UNMARKED = "unmarked", "sem marca"
    MARKED = "marked", "marcado"
    ABSENT = "absent", "ausente"
    NOT_VISIBLE = "not_visible", "não visível"


class PriorRepair(Code):
    """Whether somebody had repaired it before."""

    DECLARED = "declared", "declarado"
    SEEN = "seen", "constatado"
    NONE = "none", "nenhum"
    UNKNOWN = "unknown", "desconhecido"


class Unlock(Code):
    """Whether the means to unlock it was given."""

    PROVIDED = "provided", "informado"
    REFUSED = "refused", "recusado"
    NOT_NEEDED = "not_needed", "desnecessário"


class Backup(Code):
    """What the customer says of copies of the data."""

    HAS = "has", "tem cópia"
    HAS_NOT = "has_not", "não tem cópia"
    REQUESTED = "requested", "pediu cópia"
    UNKNOWN = "unknown", "não sabe"


class DeviceReceived(Aggregate.Event):
    """A device is in our care from now on, in this state and with these accessories."""

    TOPIC: ClassVar[str] = "service-order.device-received"
    TOLD: ClassVar[Told] = Told(
        pt="Equipamento recebido ({reception_no}ª entrada): {asset}, de {received_from}, "
        "local: {place}[; {power_state}][; indicador de líquido: {liquid_indicator}]"
        "[; estado: {condition}][; lacres: {seals}][; reparo anterior: {prior_repair}]"
        "[; acessórios: {accessories}]"
        "[; declarado que não há acessórios: {none_declared}][; desbloqueio: {unlock}]"
        "[; backup: {backup}][; ressalvas: “{remarks}”]",
        en="Device received (no. {reception_no}): {asset}, from {received_from}, at {place}"
        "[; power: {power_state}][; liquid indicator: {liquid_indicator}][; state: {condition}]"
        "[; seals: {seals}][; earlier repair: {prior_repair}][; accessories: {accessories}]"
        "[; declared that there are no accessories: {none_declared}][; unlocking: {unlock}]"
        "[; backup: {backup}][; remarks: “{remarks}”]",
    )
    reception_no: int
    asset: Asset
    received_from: UUID
    place: str
    power_state: PowerState | None = None
    condition: tuple[CheckItem, ...]
    liquid_indicator: LiquidIndicator | None = None
    seals: tuple[CheckItem, ...]
    prior_repair: PriorRepair | None = None
    accessories: tuple[Accessory, ...]
    none_declared: bool
    unlock: Unlock | None = None
    backup: Backup | None = None
    remarks: Annotated[Personal[str] | None, Evidence] = None

    def apply(self, order: ServiceOrder) -> None:
        order.asset = self.asset
        order.reception = Reception(self.reception_no, self.accessories, self.occurred_at)
        order.in_custody = True
        order.handed = order.handed_unrepaired = order.ready = False


class ReceiveDevice(Change[ServiceOrder]):
    """Take a device in, with its state and its accessories, or "none" said on purpose.

    Shape: ``condition`` says of each thing that was looked at whether it is in order, defective or
    untestable. A device that the order names keeps its id.

    Refused: order-ended, device-already-in-custody, occurred-out-of-order, intake-incomplete.
    """

    RULES: ClassVar[tuple[str, ...]] = ("C1", "H1", "H3", "H7")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = (
        "power_state",
        "liquid_indicator",
        "prior_repair",
        "unlock",
        "backup",
    )

    asset: AssetSeen
    received_from: UUID
    place: PlainDescription
    power_state: PowerState | None = None
    condition: CheckItems = ()
    liquid_indicator: LiquidIndicator | None = None
    seals: CheckItems = ()
    prior_repair: PriorRepair | None = None
    accessories: Accessories = ()
    none_declared: bool = False
    unlock: Unlock | None = None
    backup: Backup | None = None
    remarks: LongText | None = None

    @model_validator(mode="after")
    def _condition_is_in_three_states(self) -> Self:
        if any(item.answer not in TRI_STATE for item in self.condition):
            raise ValueError("a condition is ok, defective or untestable")
        return self

    @model_validator(mode="after")
    def _accessories_are_received_and_told_apart(self) -> Self:
        if any(one.state is not AccessoryState.RECEIVED for one in self.accessories):
            raise ValueError("an accessory that comes in is received")
        if len({one.code for one in self.accessories}) < len(self.accessories):
            raise ValueError("two accessories have one code")
        if self.accessories and self.none_declared:
            raise ValueError("none_declared contradicts the accessories")
        return self

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        if order.in_custody:
            raise DeviceAlreadyInCustodyError(f"the device of order {order.id} is with us")
        check_not_before(act, order.handed_at, "the device was handed over")
        if not act.imported and (missing := self.missing()):
            raise IntakeIncompleteError(f"missing: {', '.join(missing)}")

        fact = DeviceReceived(
            reception_no=order.reception.number + 1 if order.reception else 1,
            asset=self.asset.called(order.asset.asset_id if order.asset else act.id),
            received_from=self.received_from,
            place=self.place,
            power_state=self.power_state,
            condition=self.condition,
            liquid_indicator=self.liquid_indicator,
            seals=self.seals,
            prior_repair=self.prior_repair,
            accessories=self.accessories,
            none_declared=self.none_declared,
            unlock=self.unlock,
            backup=self.backup,
            remarks=self.remarks,
        )
        order.happened(act, fact)

    def missing(self) -> list[str]:
        """Name what was not told of the state in which it came."""
        told = {
            "condition": bool(self.condition),
            "accessories, or none_declared": bool(self.accessories) or self.none_declared,
        }
        return [name for name, is_told in told.items() if not is_told]
