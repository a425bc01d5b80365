"""A small CRM: it asks for service orders over Kafka, and shows what becomes of them.

It knows nothing of os_events but the messages: CloudEvents 1.0, as `os-events asyncapi export`
describes them. Run it with `python crm.py`; Ctrl-C ends it.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from time import monotonic
from uuid import uuid4

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

SOURCE = "/crm-example"  # as os_events knows us: OS_EVENTS_INTAKE_FILE
REQUESTS = "crm.service-request.commands.v1"  # ours
OUTCOMES, EVENTS = "os.service-request.outcomes.v1", "os.order.events.v1"  # theirs
CENTRO = "5f0f7a3e-0c1d-4e7a-9b39-0d6f3f1c2a01"  # a unit of the sample company
CUSTOMERS = [
    {"reference": "C-1001", "name": "Helena Prado", "phones": ["(11) 98765-4321"]},
    {"reference": "C-1002", "name": "Otávio Reis", "emails": ["otavio@example.com"]},
]
COMPLAINTS = [
    ("C-1001", "Não carrega desde ontem.", {}),
    ("C-1002", "A tela apagou depois de uma queda.", {"priority": "high"}),
    ("C-1001", "Manutenção do contrato.", {"basis": "contract"}),  # no contract is named: refused
]


def main() -> None:
    """Send the requests, then show what comes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--brokers", default="127.0.0.1:9092")
    parser.add_argument("--unit", default=CENTRO, help="the unit that orders are asked of")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="how long to look")
    options = parser.parse_args()
    make_topic(options.brokers)
    consumer = listening(options.brokers)
    send_all(options.brokers, options.unit)
    show(consumer, options.seconds)


def make_topic(brokers: str) -> None:
    """Make the topic of ours, once; in earnest, with three replicas."""
    admin = KafkaAdminClient(bootstrap_servers=brokers)
    try:
        admin.create_topics([NewTopic(REQUESTS, num_partitions=3, replication_factor=1)])
    except TopicAlreadyExistsError:
        pass
    finally:
        admin.close()


def listening(brokers: str) -> KafkaConsumer:
    """Listen to what comes from now on."""
    consumer = KafkaConsumer(bootstrap_servers=brokers)
    topics = {topic: consumer.partitions_for_topic(topic) for topic in (OUTCOMES, EVENTS)}
    if missing := [topic for topic, numbers in topics.items() if not numbers]:
        sys.exit(f"no topic {', '.join(missing)}: os-events kafka topics apply")
    partitions = [TopicPartition(topic, one) for topic, all_ in topics.items() for one in all_]
    consumer.assign(partitions)
    consumer.seek_to_end()
    for partition in partitions:
        consumer.position(partition)  # else the end would be looked up when we have sent
    return consumer


def send_all(brokers: str, unit: str) -> None:
    """Ask for an order for each complaint, and wait until the brokers have them all."""
    producer = KafkaProducer(bootstrap_servers=brokers, acks="all", enable_idempotence=True)
    for reference, complaint, more in COMPLAINTS:
        request_id = f"ticket-{uuid4().hex[:8]}"  # sent twice, it is still one order
        headers = {
            "ce_specversion": "1.0",
            "ce_type": "crm.service-request.open.v1",
            "ce_source": SOURCE,
            "ce_id": request_id,
            "ce_time": datetime.now(UTC).isoformat(),
            "content-type": "application/json",
        }
        customer = next(one for one in CUSTOMERS if one["reference"] == reference)
        request = {
            "customer": customer,
            "unit_id": unit,
            "profile": "bench",
            "type": "repair",
            "reported_problem": complaint,
            "lines": [
                {
                    "line_id": "phone",
                    "service_code": "repair-phone",
                    "description": "Reparo do aparelho",
                    "quantity": "1",
                }
            ],
            "asset": {"category": "phone", "brand": "Motorola", "model": "Moto G54"},
            **more,
        }
        producer.send(
            REQUESTS,
            key=reference.encode(),  # requests of one customer stay in order
            value=json.dumps(request).encode(),
            headers=[(name, text.encode()) for name, text in headers.items()],
        ).get(30)
        print(f"{request_id}  asked for {reference}: {complaint}", flush=True)
    producer.close()


def show(consumer: KafkaConsumer, seconds: float) -> None:
    """Show outcomes of our requests, and what our orders go through."""
    seen: set[tuple[str, str]] = set()  # deliveries are at least once
    orders: dict[str, str] = {}  # numbers by id
    waiting: dict[str, list[str]] = {}  # events that came before the outcome that names the order
    until = monotonic() + seconds
    while monotonic() < until:
        for records in consumer.poll(timeout_ms=500).values():
            for record in records:
                headers = {name: value.decode() for name, value in record.headers}
                if (headers["ce_type"], key_of(headers)) in seen:
                    continue
                seen.add((headers["ce_type"], key_of(headers)))
                data = json.loads(record.value)
                if record.topic == OUTCOMES:
                    if data["request_source"] == SOURCE:
                        tell_outcome(data, orders, waiting)
                    continue
                told = f"{headers['ce_time'][:19]}  {headers['ce_type']}"
                order_id = headers["ce_subject"]
                if order_id in orders:
                    print(f"{orders[order_id]}  {told}", flush=True)
                else:
                    waiting.setdefault(order_id, []).append(told)


def key_of(headers: dict[str, str]) -> str:
    """Name a message: source and id, and for an outcome whose id that is."""
    return "\n".join(headers.get(f"ce_{name}", "") for name in ("source", "id", "requestsource"))


def tell_outcome(data: dict, orders: dict[str, str], waiting: dict[str, list[str]]) -> None:
    """Show what became of a request."""
    if "order_id" not in data:
        why = f"{data['slug']} (rule {data.get('rule', '-')}): {data.get('detail', '')}"
        print(f"{data['request_id']}  refused: {why}", flush=True)
        return
    number = orders[data["order_id"]] = data["order_number"]
    print(f"{data['request_id']}  accepted: {number}  {data['order_id']}", flush=True)
    for told in waiting.pop(data["order_id"], []):
        print(f"{number}  {told}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
