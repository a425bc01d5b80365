"""The second half of an order of the sample: the work, the money, the way home."""

from datetime import datetime, timedelta
from typing import Any

from os_events.cli.sample.job import ACCESSORY, LABOUR, PART, Job

MINUTES = 55


def started(job: Job, at: datetime, technician: str) -> None:
    """Begin to work."""
    by = {"technician_id": str(job.people[technician])}
    job.tell(technician, "work-starts", {"lines": [job.line]} | by, at)


def installed(job: Job, at: datetime, technician: str, request: str | None = None) -> None:
    """Put the part in; the old one goes back to the customer."""
    old = {"description": f"{job.device['part']['description']} (retirada)"}
    quoted = {"quote_line_id": PART} if job.quotes else {}
    job.installation = job.name_of("installation")
    body = {
        "installation_id": job.installation,
        "line_id": job.line,
        "part": job.spec(),
        "quantity": "1",
        "removed": old | {"disposition": "to_return"},
        "technician_id": str(job.people[technician]),
        "part_request_id": request,
    }
    job.tell(technician, "parts", body | quoted, at)


def done(job: Job, at: datetime, technician: str) -> None:
    """Do the work, and say what was done."""
    by = {"technician_id": str(job.people[technician])}
    activity = {
        "line_id": job.line,
        "activity_code": job.device["fault"]["fault_code"],
        "description": job.device["service"],
        "minutes": MINUTES,
        "line_outcome": "done",
    }
    job.tell(technician, "activities", activity | by, at - timedelta(minutes=5))
    completion = {
        "outcome": "repaired",
        "resolution_code": "consertado",
        "resolution": f"{job.device['service']}: feita e conferida.",
        "cause_side": job.device["fault"]["cause_side"],
        "lines": [job.line],
    }
    job.tell(technician, "work-completions", completion | by, at)


def tested(job: Job, at: datetime, technician: str) -> None:
    """Try it out."""
    body = {
        "checklist_code": "teste-final",
        "purpose": "quality",
        "items": [{"code": "funcionamento", "answer": "ok"}, {"code": "carcaca", "answer": "ok"}],
        "result": "passed",
        "technician_id": str(job.people[technician]),
    }
    job.tell(technician, "checklists", body, at)


def noticed(job: Job, at: datetime, kind: str = "ready") -> None:
    """Tell the customer."""
    body = {"kind": kind, "means": "whatsapp", "recipient_id": str(job.customer)}
    job.tell("ana", "notices", body, at)


def settled(job: Job, at: datetime) -> None:
    """Charge what was approved."""
    costs = []
    if job.quotes:
        part = job.device.get("part")
        price = part["price"] if part else 0
        costs = [cost("labour", LABOUR, "Mão de obra", job.total - price)]
        if part:
            costs.append(cost("part", PART, part["description"], price))
    job.tell("ana", "settlements", {"lines": costs}, at)


def cost(kind: str, line: str, told: str, price: int) -> dict[str, Any]:
    """Make one line of the final costs."""
    return {
        "cost_line_id": line,
        "quote_line_id": line,
        "kind": kind,
        "description": told,
        "quantity": "1",
        "unit_price": price,
    }


def paid(job: Job, at: datetime, method: str = "pix") -> None:
    """Take the money, all of it."""
    body = {"method": method, "amount": job.total, "payer_id": str(job.customer)}
    job.tell("ana", "payments", body, at)


def collected(job: Job, at: datetime, outcome: str = "repaired") -> None:
    """Give the device back."""
    charger = [ACCESSORY | {"state": "returned"}] if job.has_accessory else []
    old = {"installation_id": job.installation, "disposition": "returned"}
    body = {
        "outcome": outcome,
        "to_person_id": str(job.customer),
        "relation": "customer",
        "tested_in_presence": "yes",
        "accessories": charger,
        "parts_disposition": [old] if job.installation else [],
    }
    job.tell("ana", "handovers", body, at)


def closed(job: Job, at: datetime, outcome: str = "fulfilled", cause: str | None = None) -> None:
    """End the order."""
    job.tell("ana", "closings", {"outcome": outcome, "cause_code": cause}, at)


def repaired(job: Job, begun: datetime, at: datetime, technician: str) -> None:
    """Do all of the work in one go."""
    started(job, begun, technician)
    if "part" in job.device:
        installed(job, begun + timedelta(minutes=20), technician)
    done(job, at, technician)


def gone_home(job: Job, at: datetime) -> None:
    """Do everything at the counter when a repaired device is fetched."""
    settled(job, at)
    if job.total:
        paid(job, at + timedelta(minutes=2))
    collected(job, at + timedelta(minutes=5))
    closed(job, at + timedelta(minutes=8))
