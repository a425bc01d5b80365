"""Who may ask for what: one table, one pure function. What is not in the table, nobody may."""

from collections.abc import Mapping
from uuid import UUID

from os_events.aggregates.base import Request
from os_events.aggregates.person.changing import ChangePersonDetails
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.service_order.activities import RecordActivity, RecordUnapprovedWork
from os_events.aggregates.service_order.checklists import RecordChecklist
from os_events.aggregates.service_order.closing import CancelServiceOrder, CloseServiceOrder
from os_events.aggregates.service_order.diagnosing import RecordDiagnosis, StartDiagnosis
from os_events.aggregates.service_order.handover import HandOverDevice
from os_events.aggregates.service_order.holds import PlaceHold, ReleaseHold
from os_events.aggregates.service_order.intake import ReceiveDevice
from os_events.aggregates.service_order.notes import AddNote
from os_events.aggregates.service_order.notices import SendNotice
from os_events.aggregates.service_order.opening import OpenServiceOrder
from os_events.aggregates.service_order.organising import AssignResponsible, TriageServiceOrder
from os_events.aggregates.service_order.parts import InstallPart, RequestPart, UpdatePartSupply
from os_events.aggregates.service_order.paying import RecordPayment
from os_events.aggregates.service_order.promises import PromiseCompletion
from os_events.aggregates.service_order.quote_answers import ApproveQuote, DeclineQuote
from os_events.aggregates.service_order.quote_validity import ExpireQuote, RecordQuoteDelivery
from os_events.aggregates.service_order.quoting import IssueQuote
from os_events.aggregates.service_order.reopening import ReopenServiceOrder
from os_events.aggregates.service_order.settling import SettleFinalCosts
from os_events.aggregates.service_order.waivers import WaiveQuote
from os_events.aggregates.service_order.work import CompleteWork, StartWork
from os_events.errors import ForbiddenError
from os_events.metrics import ACCESS_DENIED
from os_events.values.acts import Role
from os_events.values.principal import Principal
from os_events.values.scalars import Code


class Question(Code):
    """What may be read."""

    BOARD = "board", "painel"
    FIGURES = "figures", "indicadores"
    FIGURE_ORDERS = "figure_orders", "OS de um indicador"
    ORDER = "order", "OS"
    INTERVALS = "intervals", "tempos"
    HISTORY = "history", "histórico"
    HISTORY_FILE = "history_file", "arquivo verificável do histórico"
    PERSON = "person", "cadastro"
    SEARCH = "search", "busca"
    STATUS = "status", "situação do sistema"
    UNITS = "units", "unidades"
    WEBHOOKS = "webhooks", "webhooks"


class Operation(Code):
    """What may be done to the installation, and is no fact of an order or a person."""

    WEBHOOKS = "run_webhooks", "cuidar de webhooks"


Action = type[Request] | Question | Operation

OFFICE = {Role.ATTENDANT, Role.DISPATCHER, Role.SALES, Role.MANAGER}
DESK = OFFICE | {Role.INTEGRATION}  # opens and edits orders
WORKSHOP = {Role.TECHNICIAN, Role.MANAGER}  # does the work
INSIGHT = DESK | WORKSHOP | {Role.AUDITOR}
MEASURED = WORKSHOP | {Role.AUDITOR}
READERS = INSIGHT | {Role.STOCK, Role.FINANCE, Role.DPO}

MAY: Mapping[Action, set[Role]] = {
    RegisterPerson: DESK | {Role.POLICY},  # the first start registers the manager
    ChangePersonDetails: DESK,
    OpenServiceOrder: DESK,
    TriageServiceOrder: DESK,
    AssignResponsible: DESK,
    PromiseCompletion: DESK,
    AddNote: DESK | WORKSHOP,
    SendNotice: DESK,
    IssueQuote: DESK,
    RecordQuoteDelivery: DESK,
    ApproveQuote: DESK,  # the customer's own answer, typed in with the consent
    DeclineQuote: DESK,
    ExpireQuote: DESK,
    WaiveQuote: DESK,
    ReceiveDevice: DESK,
    HandOverDevice: DESK,
    StartDiagnosis: WORKSHOP,
    RecordDiagnosis: WORKSHOP,
    RequestPart: WORKSHOP,
    UpdatePartSupply: WORKSHOP | {Role.STOCK},
    InstallPart: WORKSHOP,
    StartWork: WORKSHOP,
    RecordActivity: WORKSHOP,
    RecordUnapprovedWork: WORKSHOP,
    RecordChecklist: WORKSHOP,
    CompleteWork: WORKSHOP,
    PlaceHold: DESK | WORKSHOP,
    ReleaseHold: DESK | WORKSHOP,
    SettleFinalCosts: DESK | {Role.FINANCE},
    RecordPayment: DESK | {Role.FINANCE},
    CloseServiceOrder: DESK,
    ReopenServiceOrder: {Role.MANAGER},
    CancelServiceOrder: {Role.MANAGER},
    Question.BOARD: READERS,
    Question.FIGURES: MEASURED | {Role.FIGURES},  # how much they see of them: kpis/seen.py
    Question.FIGURE_ORDERS: MEASURED,
    Question.ORDER: READERS,
    Question.INTERVALS: READERS,
    Question.SEARCH: READERS,
    Question.HISTORY: INSIGHT,
    Question.HISTORY_FILE: INSIGHT - {Role.ATTENDANT, Role.DISPATCHER, Role.SALES},
    Question.PERSON: DESK | {Role.AUDITOR, Role.DPO},
    Question.STATUS: READERS | {Role.SUPPORT},
    Question.UNITS: READERS,
    Question.WEBHOOKS: {Role.MANAGER, Role.AUDITOR},
    Operation.WEBHOOKS: {Role.MANAGER},
}


def may(principal: Principal, action: Action, unit_id: UUID | None = None) -> bool:
    """Say whether somebody's role allows it, and holds in the unit that it concerns.

    Shape: ``unit_id`` is None for what belongs to no unit, or is not known yet.
    """
    here = unit_id is None or principal.units is None or unit_id in principal.units
    return here and principal.actor.role in MAY.get(action, set())


def check_right(principal: Principal, action: Action, unit_id: UUID | None = None) -> None:
    """Refuse what somebody may not ask for. Raises ForbiddenError."""
    if not may(principal, action, unit_id):
        name = action.value if isinstance(action, Code) else action.__name__
        ACCESS_DENIED.labels(principal.actor.role, name).inc()
        raise ForbiddenError(f"{principal.actor.role} may not ask for {name} here")
