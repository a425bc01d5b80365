"""Given: the life of an order, told over HTTP with the bodies that ``/docs`` shows."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from tests.asking import CUSTOMER, approval, body, customer_of, registered

TECHNICIAN = body("StartDiagnosis")["technician_id"]
STEPS: dict[
    str, tuple[str, dict[str, Any]]
] = {  # in order; what stands in the way is overridden, with a reason
    "triages": ("TriageServiceOrder", {}),
    "assignments": ("AssignResponsible", {}),
    "receptions": ("ReceiveDevice", {}),
    "diagnosis-starts": ("StartDiagnosis", {}),
    "diagnoses": ("RecordDiagnosis", {}),
    "quotes": ("IssueQuote", {}),
    "quote-deliveries": ("RecordQuoteDelivery", {}),
    "quote-approvals": ("ApproveQuote", {}),
    "part-requests": ("RequestPart", {}),
    "holds": ("PlaceHold", {"scope": "order", "overrides": ["Q10"]}),
    "part-supply-updates": ("UpdatePartSupply", {}),
    "hold-releases": ("ReleaseHold", {}),
    "work-starts": ("StartWork", {}),
    "parts": ("InstallPart", {}),
    "activities": ("RecordActivity", {}),
    "unapproved-activities": ("RecordUnapprovedWork", {}),
    "work-completions": ("CompleteWork", {}),
    "checklists": ("RecordChecklist", {}),
    "notices": ("SendNotice", {}),
    "settlements": ("SettleFinalCosts", {}),
    "payments": ("RecordPayment", {}),
    "handovers": ("HandOverDevice", {"overrides": ["W15"], "reason": {"code": "left-to-us"}}),
    "closings": ("CloseServiceOrder", {}),
}


def lived(
    client: TestClient, place: str, upto: str, before_each: Callable[[], object] = lambda: None
) -> str:
    """Take an open order through its life, up to a step; give the technician's id."""
    technician = registered(client, name="João Batista", documents=[], phones=[], emails=[])
    people = {CUSTOMER: customer_of(client, place), TECHNICIAN: technician}
    for step in list(STEPS)[: list(STEPS).index(upto) + 1]:
        before_each()
        request, more = STEPS[step]
        seen = approval(client, place) if step == "quote-approvals" else body(request)
        answer = client.post(f"{place}/{step}", json=renamed(seen | more, people))
        assert answer.is_success, f"{request}: {answer.text}"
    return technician


def renamed(value: Any, people: dict[str, str]) -> Any:
    """Put real people where an example names its own."""
    if isinstance(value, dict):
        return {name: renamed(part, people) for name, part in value.items()}
    if isinstance(value, list):
        return [renamed(part, people) for part in value]
    return people.get(value, value) if isinstance(value, str) else value
