"""A small ERP: it reads which parts orders wait for, and tells when they are ordered and arrive.

It knows nothing of os_events but the messages: CloudEvents 1.0, as `os-events asyncapi export`
describes them. Run it with `python erp.py`; Ctrl-C ends it.
"""

import argparse
import json
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from time import sleep

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

SOURCE = "/erp-example"  # as os_events knows us: OS_EVENTS_INTAKE_FILE
EVENTS = "os.order.events.v1"  # theirs
SUPPLIES = "erp.part-supply.commands.v1"  # ours
PART_REQUESTED = "os.order.part-requested.v1"
OURS_TO_SUPPLY = {"stock", "supplier", "manufacturer"}
DAYS = timedelta(days=3)


def main() -> None:
    """Answer part requests, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--brokers", default="127.0.0.1:9092")
    parser.add_argument("--delivery", type=float, default=3.0, help="seconds until a part arrives")
    options = parser.parse_args()
    make_topic(options.brokers)
    producer = KafkaProducer(bootstrap_servers=options.brokers, acks="all")
    consumer = KafkaConsumer(
        EVENTS,
        bootstrap_servers=options.brokers,
        group_id="erp-example",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    print(f"waiting for parts that {EVENTS} asks for", flush=True)
    for record in consumer:
        headers = {name: value.decode() for name, value in record.headers}
        if headers["ce_type"] == PART_REQUESTED:
            supply(producer, json.loads(record.value), headers, options.delivery)
        consumer.commit()  # only now: what is answered twice has the same ids, and counts once


def make_topic(brokers: str) -> None:
    """Make the topic of ours, once; in earnest, with three replicas."""
    admin = KafkaAdminClient(bootstrap_servers=brokers)
    try:
        admin.create_topics([NewTopic(SUPPLIES, num_partitions=3, replication_factor=1)])
    except TopicAlreadyExistsError:
        pass
    finally:
        admin.close()


def supply(producer: KafkaProducer, asked: dict, headers: dict[str, str], delivery: float) -> None:
    """Order a part, and say when it arrives."""
    if asked["supply"] not in OURS_TO_SUPPLY:
        return
    part = asked["part"]["description"]
    day = date.fromisoformat(headers["ce_time"][:10]) + DAYS  # not by our clock: the same again
    print(f"{asked['quantity']} × {part}: ordered, expected on {day}", flush=True)
    tell(producer, asked, headers, state="reserved", expected_on=str(day))
    sleep(delivery)
    print(f"{asked['quantity']} × {part}: arrived", flush=True)
    invoice = f"NF {asked['part_request_id'][:8]}"
    tell(producer, asked, headers, state="arrived", document_ref=invoice)


def tell(producer: KafkaProducer, asked: dict, headers: dict[str, str], **supply: str) -> None:
    """Tell what became of a part, and wait until the brokers have it."""
    told = {
        "ce_specversion": "1.0",
        "ce_type": "erp.part-supply.update.v1",
        "ce_source": SOURCE,
        "ce_id": f"{asked['part_request_id']}:{supply['state']}",
        "ce_time": datetime.now(UTC).isoformat(),
        "content-type": "application/json",
    }
    if trace := headers.get("traceparent"):
        told["traceparent"] = trace
    data = {"order_id": asked["order_id"], "part_request_id": asked["part_request_id"], **supply}
    producer.send(
        SUPPLIES,
        key=asked["order_id"].encode(),  # what is told of one order stays in order
        value=json.dumps(data).encode(),
        headers=[(name, text.encode()) for name, text in told.items()],
    ).get(30)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
