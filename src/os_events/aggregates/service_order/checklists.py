"""What was checked and measured: before, during and after the work, and in public registers."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.service_order.checks import check_open
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import CheckItem, CheckItems, Measurement
from os_events.values.acts import Act
from os_events.values.scalars import Code, Slug
from os_events.values.words import Told

Measurements = Annotated[tuple[Measurement, ...], Field(max_length=200)]


class ChecklistPurpose(Code):
    """What a checklist is for; a register is a public one that was asked about the device."""

    WORK = "work", "execução"
    BEFORE = "before", "antes do serviço"
    AFTER = "after", "depois do serviço"
    QUALITY = "quality", "teste de qualidade"
    EXIT = "exit", "saída"
    REGISTER = "register", "consulta a cadastro público"


class ChecklistResult(Code):
    """What came of it."""

    PASSED = "passed", "aprovado"
    FAILED = "failed", "reprovado"
    INCONCLUSIVE = "inconclusive", "inconclusivo"
    NONE = "none", "sem resultado"


class ChecklistRecorded(Aggregate.Event):
    """Something was checked. A failed test of quality undoes what seemed done."""

    TOPIC: ClassVar[str] = "service-order.checklist-recorded"
    TOLD: ClassVar[Told] = Told(
        pt="Checklist ou teste registrado: {checklist_code} ({purpose}), resultado: {result}"
        "[; itens: {items}][; medições: {measurements}][; técnico: {technician_id}]",
        en="Checklist recorded: {checklist_code} ({purpose}), result: {result}"
        "[; items: {items}][; measurements: {measurements}][; technician: {technician_id}]",
    )
    checklist_code: str
    purpose: ChecklistPurpose
    items: tuple[CheckItem, ...]
    measurements: tuple[Measurement, ...]
    result: ChecklistResult
    technician_id: UUID | None = None

    def apply(self, order: ServiceOrder) -> None:
        passed = self.result is ChecklistResult.PASSED
        if not passed and self.result is not ChecklistResult.FAILED:
            return
        if self.purpose is ChecklistPurpose.REGISTER:
            order.suspect = not passed
        elif self.purpose is ChecklistPurpose.QUALITY and passed:
            order.tested = True
        elif self.purpose is ChecklistPurpose.QUALITY:
            order.undo_completion()


class RecordChecklist(Change[ServiceOrder]):
    """Say what was checked, measured, or asked of a public register. Refused: order-ended."""

    RULES: ClassVar[tuple[str, ...]] = ("H1",)
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("technician_id",)

    checklist_code: Slug
    purpose: ChecklistPurpose
    items: CheckItems = ()
    measurements: Measurements = ()
    result: ChecklistResult = ChecklistResult.NONE
    technician_id: UUID | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        fact = ChecklistRecorded(
            checklist_code=self.checklist_code,
            purpose=self.purpose,
            items=self.items,
            measurements=self.measurements,
            result=self.result,
            technician_id=self.technician_id,
        )
        order.happened(act, fact)
