"""Given: the bench orders B1 to B6 of the text's sample, told over HTTP after October 2026.

Their times are those of the text. What the guards ask for besides (staff, activities, a payment)
falls between them, where no figure of the text looks. Two things are as near as can be: a quote
promises the whole of a day, not until 18:00 of it; and since nobody can agree to a fee yet, that
of B2 is told as an import would.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.testclient import TestClient

from os_events.aggregates.service_order.charges import CostItem, CostKind
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.settling import SettleFinalCosts
from os_events.eventlog.log import EventLog
from tests.asking import approval, body, registered
from tests.support import SAO_PAULO, ask, imported

TOLD_ON = datetime(2026, 11, 3, 12, tzinfo=UTC)
TOLD_LATE: dict[str, Any] = {
    "reason": {"code": "worked-example"},
    "source": {"kind": "integration", "reference": "worked-example"},
}
PART = {"description": "Tela", "condition": "new_original", "warranty_days": 90}
PROMISED = {"B1": "2026-09-08", "B2": "2026-09-10", "B4": "2026-10-20"}


def local(instant: str) -> datetime:
    """Read a time of the sample."""
    return datetime.fromisoformat(f"2026-{instant}").replace(tzinfo=ZoneInfo(SAO_PAULO))


class Shop:
    """Who tells the sample."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.technician = registered(client, documents=[], phones=[], emails=[], name="João")
        self.customer = registered(client)

    def post(self, path: str, at: str, told: dict[str, Any]) -> dict[str, Any]:
        """Tell a fact, after it happened."""
        said = TOLD_LATE | told | {"occurred_at": local(at).isoformat()}
        answer = self.client.post(path, json=said)
        assert answer.is_success, f"{path}: {answer.text}"
        found: dict[str, Any] = answer.json()
        return found


class Order:
    """One order of the sample."""

    def __init__(self, shop: Shop, name: str, at: str, *lines: str, **fields: Any) -> None:
        self.shop, self.name, self.lines = shop, name, lines or ("screen",)
        asked = [self.line(line_id) for line_id in self.lines]
        more = {"quality_test_required": False, "lines": asked, "customer_id": shop.customer}
        opening = body("OpenServiceOrder", **more | fields)
        self.id = shop.post("/service-orders", at, opening)["aggregate_id"]
        self.place = f"/service-orders/{self.id}"

    def line(self, line_id: str) -> dict[str, Any]:
        return {
            "line_id": line_id,
            "service_code": line_id,
            "description": line_id,
            "quantity": "1",
        }

    def tell(self, what: str, request: str, at: str, **fields: Any) -> None:
        """Record a fact: the example of its request, but for these fields."""
        people = {"technician_id": self.shop.technician, "recipient_id": self.shop.customer}
        known = body(request)
        told = known | {name: who for name, who in people.items() if name in known} | fields
        self.shop.post(f"{self.place}/{what}", at, told)

    def came(self, at: str) -> None:
        self.tell("receptions", "ReceiveDevice", at, received_from=self.shop.customer)

    def sorted(self, at: str) -> None:
        self.tell("triages", "TriageServiceOrder", at)

    def diagnosed(self, begun: str, at: str) -> None:
        self.tell("diagnosis-starts", "StartDiagnosis", begun)
        self.tell("diagnoses", "RecordDiagnosis", at)

    def quoted(self, version: int, issued: str, at: str, **prices: int) -> None:
        """Issue a version, send it, and let it be received at once. Unit: centavos."""
        items = [self.item(line_id, price) for line_id, price in prices.items()]
        end = {"on": PROMISED[self.name]}
        self.tell("quotes", "IssueQuote", issued, items=items, end=end)
        self.notified(at, "quote", quote_version=version)
        self.tell("quote-deliveries", "RecordQuoteDelivery", at, quote_version=version)

    def item(self, line_id: str, price: int) -> dict[str, Any]:
        return {
            "quote_line_id": f"part-{line_id}",
            "line_id": line_id,
            "kind": "part",
            "description": line_id,
            "unit_price": price,
            "part": PART,
        }

    def notified(self, at: str, kind: str, **fields: Any) -> None:
        self.tell("notices", "SendNotice", at, kind=kind, **fields)

    def approved(self, version: int, at: str) -> None:
        seen = approval(self.shop.client, self.place)
        self.tell("quote-approvals", "ApproveQuote", at, **seen | {"quote_version": version})

    def declined(self, version: int, at: str, *lines: str) -> None:
        customer = self.shop.customer
        consent = body("DeclineQuote")["consent"] | {"person_id": customer}
        said = {"consent": consent, "on_behalf_of": customer, "declined_lines": lines}
        self.tell("quote-refusals", "DeclineQuote", at, quote_version=version, **said)

    def worked(self, begun: str, noted: str, done: str) -> None:
        self.tell("work-starts", "StartWork", begun, lines=["screen"])
        self.tell("activities", "RecordActivity", noted, line_id="screen")
        self.tell("work-completions", "CompleteWork", done, lines=["screen"])

    def fetched(self, at: str, outcome: str) -> None:
        said = {"outcome": outcome, "to_person_id": self.shop.customer}
        self.tell("handovers", "HandOverDevice", at, **said)

    def settled(self, at: str, *lines: dict[str, Any]) -> None:
        self.tell("settlements", "SettleFinalCosts", at, lines=lines)

    def closed(self, at: str, outcome: str = "fulfilled", **fields: Any) -> None:
        self.tell("closings", "CloseServiceOrder", at, outcome=outcome, **fields)


def played(client: TestClient, log: EventLog) -> dict[str, Order]:
    """Tell the lives of all six orders; give them by their names."""
    shop = Shop(client)
    first = a_part_was_missing(shop)
    second = too_dear(shop, log)
    third = back_in_warranty(shop, first)
    others = [nobody_answers(shop), in_the_queue(shop), on_hold(shop)]
    return {order.name: order for order in (first, second, third, *others)}


def a_part_was_missing(shop: Shop) -> Order:
    order = Order(shop, "B1", "09-01T09:00", "screen", "port", quality_test_required=True)
    order.came("09-01T09:10")
    order.sorted("09-01T09:30")
    order.diagnosed("09-01T14:00", "09-02T10:00")
    order.quoted(1, "09-02T11:00", "09-02T11:05", screen=35000, port=15000)
    order.declined(1, "09-03T16:50", "port")
    order.quoted(2, "09-03T16:55", "09-03T17:00", screen=35000)
    order.approved(2, "09-03T17:05")
    asked = {"line_id": "screen", "quote_line_id": "part-screen", "part": PART}
    order.tell("part-requests", "RequestPart", "09-03T17:30", **asked)
    order.tell("part-supply-updates", "UpdatePartSupply", "09-05T09:30", state="arrived")
    order.worked("09-05T10:00", "09-05T11:55", "09-05T12:00")
    order.tell("checklists", "RecordChecklist", "09-05T13:00")
    order.notified("09-05T13:30", "ready")
    order.tell("payments", "RecordPayment", "09-08T10:25", amount=35000)
    order.fetched("09-08T10:30", "repaired")
    cost = {"cost_line_id": "part-screen", "quote_line_id": "part-screen", "unit_price": 35000}
    told = {"kind": "part", "description": "Tela", "quantity": "1"}
    order.settled("09-08T10:40", cost | told)
    order.closed("09-08T11:00")
    return order


def too_dear(shop: Shop, log: EventLog) -> Order:
    order = Order(shop, "B2", "09-02T10:00")
    order.came("09-02T10:05")
    order.sorted("09-02T10:30")
    order.diagnosed("09-02T11:00", "09-02T16:00")
    order.quoted(1, "09-02T16:50", "09-02T17:00", screen=82000)
    order.declined(1, "09-04T09:00")
    order.notified("09-04T09:30", "ready")
    order.fetched("09-04T15:00", "unrepaired")
    charge_a_fee(log, order, "09-04T15:05")
    order.closed("09-04T15:10", "returned_unrepaired")
    return order


def charge_a_fee(log: EventLog, order: Order, at: str) -> None:
    fee = CostItem(
        cost_line_id="fee",
        kind=CostKind.DIAGNOSIS_FEE,
        description="Taxa de diagnóstico",
        quantity="1",
        unit_price=5000,
    )
    known = log.load(ServiceOrder, UUID(order.id))
    log.record_now(ask(known, SettleFinalCosts(lines=(fee,)), local(at), **imported()))


def back_in_warranty(shop: Shop, first: Order) -> Order:
    order = Order(shop, "B3", "09-25T09:00", previous_order_id=first.id)
    order.tell("waivers", "WaiveQuote", "09-25T09:00", basis="service_warranty", lines=["screen"])
    order.came("09-25T09:05")
    until = local("09-27T18:00").isoformat()
    order.tell("promises", "PromiseCompletion", "09-25T09:10", promised_at=until)
    order.sorted("09-25T09:30")
    order.worked("09-26T14:00", "09-26T15:55", "09-26T16:00")
    order.notified("09-26T16:30", "ready")
    order.fetched("09-28T10:00", "repaired")
    order.settled("09-28T10:05")
    order.closed("09-28T10:15")
    return order


def nobody_answers(shop: Shop) -> Order:
    order = Order(shop, "B4", "10-05T10:00")
    order.came("10-05T10:05")
    order.sorted("10-05T10:30")
    order.diagnosed("10-05T14:00", "10-06T09:00")
    order.quoted(1, "10-06T09:50", "10-06T10:00", screen=60000)
    order.tell("quote-expirations", "ExpireQuote", "10-17T00:00")
    return order


def in_the_queue(shop: Shop) -> Order:
    order = Order(shop, "B5", "10-29T15:00")
    order.came("10-29T15:10")
    order.sorted("10-29T16:00")
    return order


def on_hold(shop: Shop) -> Order:
    order = Order(shop, "B6", "10-20T09:00")
    order.came("10-20T09:10")
    order.sorted("10-20T09:30")
    order.tell("holds", "PlaceHold", "10-20T10:00", scope="order", cause="customer")
    return order
