"""How a device leaves our custody: to whom, with what, and what is still owed."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError, RuleKind, refuse_unless_overridden
from os_events.aggregates.service_order.checks import (
    UnknownLineError,
    check_custody,
    check_origin,
)
from os_events.aggregates.service_order.codes import AccessoryState, Relation
from os_events.aggregates.service_order.intake import Accessories
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import Accessory, CheckItem, CheckItems, Evidence
from os_events.values.acts import Act
from os_events.values.personal import Personal
from os_events.values.scalars import Code, LongText, Value
from os_events.values.words import Told


class PickupNotAuthorisedError(RefusalError):
    """Only the customer collects, or whom the customer authorised. Say who it is."""

    slug = "pickup-not-authorised"
    rule = "C9"
    pt = "Quem retira não é o cliente nem está autorizado por escrito."


class AccessoriesNotReconciledError(RefusalError):
    """What came with the device is not all told. List each accessory and where it is."""

    slug = "accessories-not-reconciled"
    rule = "C9"
    facts = ("device-received",)
    pt = "Confira cada acessório recebido."


class PartKeptWithoutConsentError(RefusalError):
    """A part that was taken out stays here. Give it back, have it left to you, or override."""

    slug = "part-kept-without-consent"
    rule = "W15"
    kind = RuleKind.WRN
    facts = ("part-installed",)
    pt = "Há peça retirada que não foi devolvida nem cedida pelo cliente."


class HandoverWithDebtError(RefusalError):
    """Something is still owed, and the device goes all the same. Override and say why."""

    slug = "handover-with-debt"
    rule = "C2"
    kind = RuleKind.WRN
    facts = ("final-costs-settled", "quote-approved")
    pt = "Há valor em aberto; a entrega não pode ser negada por isso. Confirme."


class HandoverOutcome(Code):
    """In what state it leaves."""

    REPAIRED = "repaired", "reparado"
    UNREPAIRED = "unrepaired", "sem reparo"


class PresenceTest(Code):
    """Whether it was tried out before whoever collects it."""

    YES = "yes", "sim"
    NO = "no", "não"
    REFUSED = "refused", "recusado"


class PartFate(Code):
    """Where a part that was taken out is in the end."""

    RETURNED = "returned", "devolvida"
    KEPT_WITH_CONSENT = "kept_with_consent", "ficou, com acordo"
    TO_MANUFACTURER = "to_manufacturer", "ao fabricante"
    E_WASTE = "e_waste", "lixo eletrônico"


Collector = Literal[Relation.CUSTOMER, Relation.AUTHORISED, Relation.LEGAL_REPRESENTATIVE]
HARMLESS = {PartFate.RETURNED, PartFate.KEPT_WITH_CONSENT}


class PartDisposition(Value):
    """What became of the part that an installation replaced."""

    TOLD: ClassVar[Told] = Told(pt="{disposition}", en="{disposition}")

    installation_id: UUID
    disposition: PartFate


class DeviceHandedOver(Aggregate.Event):
    """The device is back with the customer, or with whom the customer sent. Unit: centavos."""

    TOPIC: ClassVar[str] = "service-order.device-handed-over"
    TOLD: ClassVar[Told] = Told(
        pt="Equipamento entregue ({handover_no}ª entrega), {outcome}"
        "[, a {to_person_id}][ ({relation})][; estado: {exit_condition}]"
        "[; testado na presença: {tested_in_presence}][; acessórios: {accessories}]"
        "[; peças retiradas: {parts_disposition}]; em aberto: {debt:money}"
        "[; ressalvas: “{remarks}”]",
        en="Device handed over (no. {handover_no}), {outcome}[, to {to_person_id}][ ({relation})]"
        "[; state: {exit_condition}][; tested in their presence: {tested_in_presence}]"
        "[; accessories: {accessories}][; parts taken out: {parts_disposition}]"
        "; still owed: {debt:money}[; remarks: “{remarks}”]",
    )
    handover_no: int
    outcome: HandoverOutcome
    to_person_id: UUID | None = None
    relation: Relation | None = None
    exit_condition: tuple[CheckItem, ...]
    tested_in_presence: PresenceTest | None = None
    accessories: tuple[Accessory, ...]
    parts_disposition: tuple[PartDisposition, ...]
    debt: int
    remarks: Annotated[Personal[str] | None, Evidence] = None

    def apply(self, order: ServiceOrder) -> None:
        order.handover_no = self.handover_no
        order.in_custody = False
        order.handed = True
        order.handed_at = self.occurred_at
        order.handed_unrepaired = self.outcome is HandoverOutcome.UNREPAIRED
        order.parts_accounted_for.update(part.installation_id for part in self.parts_disposition)


class HandOverDevice(Change[ServiceOrder]):
    """Give the device back; after the end too.

    Refused: device-not-in-custody, occurred-out-of-order, unknown-line, pickup-not-authorised,
    accessories-not-reconciled; part-kept-without-consent, handover-with-debt and suspect-device,
    unless W15, C2 and C7 are overridden.
    """

    RULES: ClassVar[tuple[str, ...]] = ("C2", "C7", "C9", "H3", "H7", "H12", "W15")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = (
        "to_person_id",
        "relation",
        "tested_in_presence",
    )

    outcome: HandoverOutcome
    to_person_id: UUID | None = None
    relation: Collector | None = None
    exit_condition: CheckItems = ()
    tested_in_presence: PresenceTest | None = None
    accessories: Accessories = ()
    parts_disposition: Annotated[tuple[PartDisposition, ...], Field(max_length=200)] = ()
    remarks: LongText | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_custody(order, act)
        if unknown := {part.installation_id for part in self.parts_disposition} - set(
            order.installations
        ):
            raise UnknownLineError(f"unknown installations: {len(unknown)}")
        debt = self.debt(order)
        if not act.imported:
            self._check_leaving(order, act, debt)

        fact = DeviceHandedOver(
            handover_no=order.handover_no + 1,
            outcome=self.outcome,
            to_person_id=self.to_person_id,
            relation=self.relation,
            exit_condition=self.exit_condition,
            tested_in_presence=self.tested_in_presence,
            accessories=self.accessories,
            parts_disposition=self.parts_disposition,
            debt=debt,
            remarks=self.remarks,
        )
        order.happened(act, fact)

    def debt(self, order: ServiceOrder) -> int:
        """Say what is still owed. Unit: centavos; nothing for work that was not done."""
        done = order.settlement or self.outcome is HandoverOutcome.REPAIRED
        return max(0, order.balance) if done else 0

    def _check_leaving(self, order: ServiceOrder, act: Act, debt: int) -> None:
        is_customer = self.to_person_id == order.customer_id
        if self.to_person_id not in order.entitled:
            raise PickupNotAuthorisedError("the customer did not authorise this person")
        if is_customer != (self.relation is Relation.CUSTOMER):
            raise PickupNotAuthorisedError(f"the person is not the {self.relation}")
        if not self._reconciles(order):
            raise AccessoriesNotReconciledError("list each accessory that was received, once")
        if kept := self._parts_kept(order):
            refuse_unless_overridden(order, act, PartKeptWithoutConsentError(f"parts: {kept}"))
        if debt:
            refuse_unless_overridden(order, act, HandoverWithDebtError(f"centavos: {debt}"))
        check_origin(order, act)

    def _reconciles(self, order: ServiceOrder) -> bool:
        """Say whether each accessory that came is told of, in its quantity and whole."""
        came = order.reception.accessories if order.reception else ()
        told = [(one.code, one.quantity) for one in self.accessories]
        placed = all(one.state is not AccessoryState.RECEIVED for one in self.accessories)
        return placed and sorted(told) == sorted((one.code, one.quantity) for one in came)

    def _parts_kept(self, order: ServiceOrder) -> int:
        """Count parts that were taken out, and are neither given back nor left to us."""
        harmless = {
            part.installation_id for part in self.parts_disposition if part.disposition in HARMLESS
        }
        return sum(
            one.removed is not None
            for installation_id, one in order.installations.items()
            if installation_id not in harmless | order.parts_accounted_for
        )
