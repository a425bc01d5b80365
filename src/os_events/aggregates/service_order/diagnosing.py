"""The search for the fault."""

from typing import Annotated, ClassVar
from uuid import UUID

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import check_not_before
from os_events.aggregates.service_order.checklists import Measurements
from os_events.aggregates.service_order.checks import check_custody, check_open
from os_events.aggregates.service_order.codes import CauseSide, Route
from os_events.aggregates.service_order.memory import Diagnosis
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import CheckItem, CheckItems, Evidence, Measurement
from os_events.values.acts import Act
from os_events.values.identifiers import PlainText
from os_events.values.personal import Personal
from os_events.values.scalars import LongText, Slug
from os_events.values.words import Told


class DiagnosisStarted(Aggregate.Event):
    """Somebody looks for the fault."""

    TOPIC: ClassVar[str] = "service-order.diagnosis-started"
    TOLD: ClassVar[Told] = Told(
        pt="Diagnóstico iniciado[; técnico: {technician_id}]",
        en="Diagnosis started[; technician: {technician_id}]",
    )
    technician_id: UUID | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.diagnosis = Diagnosis.STARTED
        order.diagnosis_started_at = self.occurred_at


class StartDiagnosis(Change[ServiceOrder]):
    """Say that somebody begins to look for the fault; at the bench, of a device that is there.

    Refused: order-ended, device-not-in-custody, occurred-out-of-order.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H7")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("technician_id",)

    technician_id: UUID | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        if order.route is Route.BENCH:
            check_custody(order, act)

        order.happened(act, DiagnosisStarted(technician_id=self.technician_id))


class DiagnosisRecorded(Aggregate.Event):
    """What the fault is, and whether it can be repaired. A later one is another opinion."""

    TOPIC: ClassVar[str] = "service-order.diagnosis-recorded"
    TOLD: ClassVar[Told] = Told(
        pt="Diagnóstico registrado ({diagnosis_no})[: {diagnosed_fault}][ ({fault_code})]"
        "[; causa provável: {probable_cause}][; origem: {cause_side}]"
        "; tem reparo: {repairable}[; testes: {tests}][; medições: {measurements}]"
        "[; técnico: {technician_id}][. “{note}”]",
        en="Diagnosis recorded ({diagnosis_no})[: {diagnosed_fault}][ ({fault_code})]"
        "[; probable cause: {probable_cause}][; side: {cause_side}]"
        "; repairable: {repairable}[; tests: {tests}][; measurements: {measurements}]"
        "[; technician: {technician_id}][. “{note}”]",
    )
    diagnosis_no: int
    fault_code: str | None = None
    diagnosed_fault: str | None = None
    probable_cause: str | None = None
    cause_side: CauseSide | None = None
    repairable: bool
    tests: tuple[CheckItem, ...]
    measurements: tuple[Measurement, ...]
    technician_id: UUID | None = None
    note: Annotated[Personal[str] | None, Evidence] = None

    def apply(self, order: ServiceOrder) -> None:
        order.diagnosis = Diagnosis.RECORDED
        order.diagnosis_no = self.diagnosis_no
        if not self.repairable:
            order.unrepairable = True


class RecordDiagnosis(Change[ServiceOrder]):
    """Say what the fault is. Refused: order-ended, occurred-out-of-order."""

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = (
        "fault_code",
        "diagnosed_fault",
        "probable_cause",
        "cause_side",
        "technician_id",
    )

    fault_code: Slug | None = None
    diagnosed_fault: PlainText | None = None
    probable_cause: PlainText | None = None
    cause_side: CauseSide | None = None
    repairable: bool
    tests: CheckItems = ()
    measurements: Measurements = ()
    technician_id: UUID | None = None
    note: LongText | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        if order.diagnosis is Diagnosis.STARTED:
            check_not_before(act, order.diagnosis_started_at, "the diagnosis began")

        fact = DiagnosisRecorded(
            diagnosis_no=order.diagnosis_no + 1,
            fault_code=self.fault_code,
            diagnosed_fault=self.diagnosed_fault,
            probable_cause=self.probable_cause,
            cause_side=self.cause_side,
            repairable=self.repairable,
            tests=self.tests,
            measurements=self.measurements,
            technician_id=self.technician_id,
            note=self.note,
        )
        order.happened(act, fact)
