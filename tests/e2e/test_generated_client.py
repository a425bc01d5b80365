"""A client made from our OpenAPI by a tool that knows nothing else of us plays an order's life."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import httpx2
import pytest

from os_events.api.examples import examples
from os_events.values.company import Company
from tests.e2e.programs import running

BIN = Path(sys.executable).parent
UNIT = Company.of_toml(files("os_events").joinpath("company.toml").read_text("utf-8")).units[0].id
PLACEHOLDER = examples()["OpenServiceOrder"]["customer_id"]
LIFE = [
    ("organising", "triage", "TriageServiceOrder"),
    ("organising", "assign", "AssignResponsible"),
    ("organising", "add_note", "AddNote"),
    ("custody", "receive_device", "ReceiveDevice"),
    ("work", "start_diagnosis", "StartDiagnosis"),
    ("work", "record_diagnosis", "RecordDiagnosis"),
    ("quoting", "issue_quote", "IssueQuote"),
    ("quoting", "record_quote_delivery", "RecordQuoteDelivery"),
    ("quoting", "approve_quote", "ApproveQuote"),
    ("work", "request_part", "RequestPart"),
    ("work", "place_hold", "PlaceHold"),
    ("work", "update_part_supply", "UpdatePartSupply"),
    ("work", "release_hold", "ReleaseHold"),
    ("work", "start_work", "StartWork"),
    ("work", "install_part", "InstallPart"),
    ("work", "record_activity", "RecordActivity"),
    ("work", "complete_work", "CompleteWork"),
    ("work", "record_checklist", "RecordChecklist"),
    ("organising", "send_notice", "SendNotice"),
    ("ending", "settle", "SettleFinalCosts"),
    ("ending", "record_payment", "RecordPayment"),
    ("custody", "hand_over_device", "HandOverDevice"),
    ("ending", "close_order", "CloseServiceOrder"),
]


@pytest.fixture
def generated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give a function that makes the client and names its parts."""
    with TemporaryDirectory(prefix="os-events-") as name:
        folder = Path(name)
        monkeypatch.syspath_prepend(name)

        def generate(address: str) -> Any:
            document = httpx2.get(f"{address}/openapi.json").text
            (folder / "openapi.json").write_text(document)
            (folder / "config.yml").write_text("post_hooks: []\n")
            make = [str(BIN / "openapi-python-client"), "generate", "--meta", "none"]
            make += ["--path", "openapi.json", "--config", "config.yml"]
            subprocess.run(
                [*make, "--output-path", "shop_client", "--fail-on-warning"],
                cwd=folder,
                check=True,
                timeout=120,
                stdout=subprocess.DEVNULL,
            )
            return importlib.import_module("shop_client")

        yield generate


class Player:
    """Asks by the generated functions, with the generated models."""

    def __init__(self, package: Any, address: str, key: str) -> None:
        self.client = package.AuthenticatedClient(base_url=address, token=key)
        self.models = importlib.import_module("shop_client.models")

    def ask(self, tag: str, operation: str, *args: Any, **kwargs: Any) -> Any:
        module = importlib.import_module(f"shop_client.api.{tag}.{operation}")
        answer = module.sync_detailed(*args, client=self.client, **kwargs)
        assert answer.status_code < 300, (operation, answer.content)
        return answer.parsed

    def body(self, request: str, **fields: Any) -> Any:
        return getattr(self.models, request).from_dict(examples()[request] | fields)


def person_named(body: dict[str, Any], person_id: str) -> dict[str, Any]:
    """Put the person whom we registered in the place of the example's."""
    named: dict[str, Any] = json.loads(json.dumps(body).replace(PLACEHOLDER, person_id))
    return named


def test_a_generated_client_plays_an_orders_life(generated: Any) -> None:
    with ExitStack() as opened:
        program = opened.enter_context(running())
        key = program.ask("keys", "new", "--role", "manager", "--quiet").strip()
        player = Player(generated(program.address), program.address, key)
        opened.enter_context(player.client)
        customer = player.ask("persons", "register", body=player.body("RegisterPerson"))
        person_id = str(customer.aggregate_id)
        opening = player.body("OpenServiceOrder", customer_id=person_id, unit_id=str(UNIT))
        order_id = player.ask("organising", "open_order", body=opening).aggregate_id

        last = play(player, order_id, person_id)

        closed = [player.models.OrderStatus("closed")]
        board = player.ask("orders", "list_orders", status=closed, after=last.position)
        past = player.ask("orders", "show_history", order_id)
        figure = player.ask("figures", "show_figure", "throughput", after=last.position)

    assert [row.order_id for row in board.orders] == [order_id]
    assert past.order.billing == "paid"
    assert (figure.total.value, figure.figure.title.pt) == ("1", "Vazão")
    assert [fact.words.split(":")[0] for fact in past.facts][-1].startswith("OS encerrada")


def play(player: Player, order_id: UUID, person_id: str) -> Any:
    """When: every step of the life, as the examples tell it; give the last answer."""
    answer: Any = None
    for tag, operation, request in LIFE:
        fields = person_named(examples()[request], person_id)
        if request == "ApproveQuote":
            seen = player.ask("orders", "show_order", order_id).order.quotes[-1]
            fields["content_sha256"] = seen.content_sha256
        if request == "HandOverDevice":
            taken_out = player.ask("orders", "show_order", order_id).order.parts.installations
            fields["parts_disposition"] = [
                {"installation_id": str(one.installation_id), "disposition": "returned"}
                for one in taken_out
            ]
        answer = player.ask(tag, operation, order_id, body=player.body(request, **fields))
    return answer
