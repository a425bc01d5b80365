"""Given and when over HTTP: bodies as the API shows them, with other values where a test needs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from starlette.testclient import TestClient

from os_events.api.examples import examples
from os_events.followers.follower import Follower

CUSTOMER = examples()["OpenServiceOrder"]["customer_id"]
HOLD_ID = examples()["PlaceHold"]["hold_id"]


def body(request: str, **fields: Any) -> dict[str, Any]:
    """Give the example of a request, with other fields."""
    return examples()[request] | fields


def at(instant: datetime) -> dict[str, str]:
    return {"occurred_at": instant.isoformat()}


def registered(client: TestClient, **fields: Any) -> str:
    """Given: a customer; give the id."""
    answer = client.post("/persons", json=body("RegisterPerson", **fields))
    return str(answer.json()["aggregate_id"])


def opened(client: TestClient, **fields: Any) -> str:
    """Given: an order, of a new customer unless one is named; give its place."""
    customer = fields.pop("customer_id", None) or registered(client)
    asked = body("OpenServiceOrder", customer_id=customer, **fields)
    return client.post("/service-orders", json=asked).headers["Location"]


def customer_of(client: TestClient, place: str) -> str:
    """Name the customer of an order."""
    return str(client.get(place).json()["order"]["request"]["customer_id"])


def quoted(client: TestClient, **fields: Any) -> str:
    """Given: an order with a quote that the customer has; give its place."""
    place = opened(client, **fields)
    client.post(f"{place}/triages", json=body("TriageServiceOrder"))
    client.post(f"{place}/quotes", json=body("IssueQuote"))
    recipient = customer_of(client, place)
    client.post(
        f"{place}/quote-deliveries", json=body("RecordQuoteDelivery", recipient_id=recipient)
    )
    return place


def approval(client: TestClient, place: str) -> dict[str, Any]:
    """Say what the customer says who agrees to the latest quote, as seen."""
    seen = client.get(place).json()["order"]
    customer = seen["request"]["customer_id"]
    return body(
        "ApproveQuote",
        content_sha256=seen["quotes"][-1]["content_sha256"],
        consent=body("ApproveQuote")["consent"] | {"person_id": customer},
        on_behalf_of=customer,
    )


def approved(client: TestClient, **fields: Any) -> str:
    """Given: an order with an approved quote; give its place."""
    place = quoted(client, **fields)
    client.post(f"{place}/quote-approvals", json=approval(client, place))
    return place


def deliver(followers: Iterable[Follower]) -> None:
    """When: everything that is on record has reached the read models."""
    for follower in followers:
        while follower.step():
            pass
