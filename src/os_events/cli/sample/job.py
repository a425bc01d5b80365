"""One order of the sample: the parts of its life, each as the shop tells it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from os_events.cli.sample.counter import Counter
from os_events.commands.importing.readings import as_slug

LABOUR, PART = "mao-de-obra", "peca"
WARRANTY = 90
ACCESSORY = {"code": "carregador", "description": "Carregador", "quantity": 1}


class Job:
    """One device's way through the shop. Everything is told by somebody of the staff."""

    def __init__(self, counter: Counter, device: dict[str, Any], people: dict[str, UUID]) -> None:
        self.counter = counter
        self.device = device
        self.people = people
        self.customer = people[device["of"]]
        self.line = as_slug(device["service"])
        self.order_id = ""
        self.position = 0
        self.quotes = 0
        self.total = 0
        self.has_accessory = False
        self.installation: str | None = None

    def tell(
        self, who: str, what: str, body: dict[str, Any], at: datetime, why: str | None = None
    ) -> None:
        """Record a fact of this order."""
        path = f"/service-orders/{self.order_id}/{what}"
        self.position = self.counter.tell(who, path, body, at, why)["position"]

    def opened(self, at: datetime, unit: UUID, **fields: Any) -> None:
        """Open the order of a customer at the counter."""
        body = {
            "profile": "bench",
            "type": "repair",
            "contract_place": "on_premises",
            "consumer_status": "consumer",
            "channel": "counter",
            "customer_id": str(self.customer),
            "unit_id": str(unit),
            "reported_problem": self.device["told"],
            "lines": [
                {
                    "line_id": self.line,
                    "service_code": self.device["fault"]["fault_code"],
                    "description": self.device["service"],
                    "quantity": "1",
                }
            ],
            "asset": self.device["asset"],
        }
        answer = self.counter.tell("ana", "/service-orders", body | fields, at)
        self.order_id, self.position = answer["aggregate_id"], answer["position"]

    def received(self, at: datetime, *, accessory: bool = True) -> None:
        """Take the device in, in the state that is written down."""
        self.has_accessory = accessory
        charger = [ACCESSORY | {"state": "received"}] if accessory else []
        body = {
            "asset": self.device["asset"],
            "received_from": str(self.customer),
            "place": "Balcão 1",
            "power_state": "on",
            "condition": [
                {"code": "carcaca", "answer": "ok"},
                {"code": "funcionamento", "answer": "defective"},
            ],
            "liquid_indicator": "not_visible",
            "prior_repair": "none",
            "accessories": charger,
            "none_declared": not accessory,
            "unlock": "not_needed",
            "backup": "unknown",
        }
        self.tell("ana", "receptions", body, at)

    def triaged(self, at: datetime, technician: str, priority: str = "normal") -> None:
        """Say how it goes on, and who does it."""
        triage = {"type": "repair", "route": "bench", "priority": priority}
        self.tell("ana", "triages", triage, at)
        assignee = {"kind": "person", "id": str(self.people[technician])}
        self.tell("ana", "assignments", {"assignee": assignee, "duty": "lead"}, at)

    def diagnosed(self, begun: datetime, at: datetime, technician: str, **fields: Any) -> None:
        """Look for the fault, and find it."""
        by = {"technician_id": str(self.people[technician])}
        self.tell(technician, "diagnosis-starts", by, begun)
        tests = [{"code": "funcionamento", "answer": "defective"}]
        found = {"repairable": True, "tests": tests} | self.device["fault"] | by | fields
        self.tell(technician, "diagnoses", found, at)

    def quoted(self, at: datetime, *, days: int = 3, more: int = 0, cause: str = "initial") -> None:
        """Make an offer, and send it."""
        items = [self._item(LABOUR, "labour", "Mão de obra", self.device["labour"] + more)]
        if part := self.device.get("part"):
            spec = self.spec() | {"warranty_days": WARRANTY}
            items.append(self._item(PART, "part", part["description"], part["price"], part=spec))
        self.total = sum(item["unit_price"] for item in items)
        self.quotes += 1
        body = {
            "cause": cause,
            "items": items,
            "payment_terms": [{"method": "pix", "description": "À vista, na retirada"}],
            "start": {"days_after_approval": 1},
            "end": {"business_days_after_approval": days},
            "excludes": "Defeitos que não sejam os deste orçamento.",
            "refusal_effects": "O aparelho é devolvido como está, sem custo.",
        }
        self.tell("ana", "quotes", body, at)
        notice = {"kind": "quote", "means": "whatsapp", "quote_version": self.quotes}
        self.tell("ana", "notices", notice | {"recipient_id": str(self.customer)}, at)

    def read(self, at: datetime) -> None:
        """Hear that the customer has the offer."""
        proof = {"recipient_id": str(self.customer), "proof": "read_receipt"}
        self.tell("ana", "quote-deliveries", {"quote_version": self.quotes} | proof, at)

    def approved(self, at: datetime) -> None:
        """Hear the customer agree, at the counter, to exactly what was offered."""
        place = f"/service-orders/{self.order_id}?personal=left-out&after={self.position}"
        seen = self.counter.call("ana", "GET", place)
        ticked = self.device.get("part", {}).get("condition") in {"used", "refurbished"}
        body = {
            "quote_version": self.quotes,
            "content_sha256": seen["order"]["quotes"][-1]["content_sha256"],
            "part_conditions_consented": [PART] if ticked else [],
        }
        self.tell("ana", "quote-approvals", body | self._consent(), at)

    def declined(self, at: datetime, why: str) -> None:
        """Hear the customer say no."""
        body = {"quote_version": self.quotes, "reason_code": "achou-caro"}
        self.tell("ana", "quote-refusals", body | self._consent(), at, why)

    def part_requested(self, at: datetime, technician: str) -> str:
        """Ask for the part."""
        name = self.name_of("request")
        spec = self.spec() | {"warranty_days": WARRANTY}
        body = {"part_request_id": name, "line_id": self.line, "quote_line_id": PART, "part": spec}
        supply = {"quantity": "1", "supply": "supplier"}
        self.tell(technician, "part-requests", body | supply, at)
        return name

    def part_state(self, at: datetime, technician: str, name: str, state: str) -> None:
        """Tell the news of a part."""
        update = {"part_request_id": name, "state": state}
        self.tell(technician, "part-supply-updates", update, at)

    def name_of(self, what: str) -> str:
        """Name the one thing of its kind in this order."""
        return str(uuid5(UUID(self.order_id), what))

    def spec(self) -> dict[str, Any]:
        """Describe the part."""
        part = self.device["part"]
        return {
            "description": part["description"],
            "condition": part["condition"],
            "warranty_days": WARRANTY,
        }

    def _item(self, name: str, kind: str, told: str, price: int, **more: Any) -> dict[str, Any]:
        return {
            "quote_line_id": name,
            "line_id": self.line,
            "kind": kind,
            "description": told,
            "unit_price": price,
            "warranty_days": WARRANTY,
            **more,
        }

    def _consent(self) -> dict[str, Any]:
        return {
            "on_behalf_of": str(self.customer),
            "consent": {
                "person_id": str(self.customer),
                "relation": "customer",
                "method": "signature",
            },
        }
