"""XES (IEEE 1849-2016): a trace an order, an event a fact."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID
from xml.sax.saxutils import quoteattr

from os_events.aggregates.history import OrderHistory
from os_events.exports.orders import Fact, facts
from os_events.exports.plain import Plain, head, own
from os_events.exports.provenance import Provenance
from os_events.values.scalars import written

STANDARD = "http://www.xes-standard.org"
EXTENSIONS = {
    "concept": "Concept",
    "time": "Time",
    "lifecycle": "Lifecycle",
    "org": "Organizational",
    "identity": "Identity",
}
ORG = {"actor": "org:resource", "role": "org:role"}  # what the standard calls otherwise
COMPLETE = "complete"  # facts are told when they are done: a start is a fact of its own


def document(orders: Iterable[OrderHistory], made_of: Provenance) -> Iterator[str]:
    """Write the log, piece by piece. Facts of an instant stand in order of position."""
    yield from opening(made_of)
    for history in orders:
        yield from trace(history)
    yield "</log>\n"


def opening(made_of: Provenance) -> Iterator[str]:
    """Write what stands before the traces."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<log xes.version="1849.2016" xes.features="" xmlns="{STANDARD}/">\n'
    for prefix, name in EXTENSIONS.items():
        uri = f"{STANDARD}/{prefix}.xesext"
        yield f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield f'<global scope="trace">\n{attribute("concept:name", "OS")}</global>\n'
    yield (
        '<global scope="event">\n'
        + attribute("concept:name", "service-order.opened")
        + attribute("time:timestamp", datetime.fromisoformat("1970-01-01T00:00Z"))
        + attribute("lifecycle:transition", COMPLETE)
        + attribute("status", "open")
        + "</global>\n"
    )
    yield '<classifier name="Fact" keys="concept:name"/>\n'
    yield '<classifier name="Status" keys="status"/>\n'
    yield attribute("concept:name", made_of.log)
    yield attribute("lifecycle:model", "standard")
    yield attribute("log_position", made_of.position)
    yield attribute("log_root", made_of.root)


def trace(history: OrderHistory) -> Iterator[str]:
    """Write an order: what it is by its last facts, then its facts."""
    order, traits = history.course.order, history.course.traits
    assert order is not None  # noqa: S101 - for the type checker
    yield "<trace>\n"
    yield attribute("concept:name", order.order_number)
    yield attribute("identity:id", order.id)
    yield attribute("imported", history.is_imported)
    for name, value in traits[-1][1]._asdict().items():
        if value is not None:
            yield attribute(name, str(value))
    for fact in facts(history):
        yield event(fact)
    yield "</trace>\n"


def event(fact: Fact) -> str:
    """Write a fact."""
    told: tuple[tuple[str, Plain | UUID], ...] = (
        ("concept:name", fact.event.TOPIC),
        ("time:timestamp", fact.at),
        ("lifecycle:transition", COMPLETE),
        ("identity:id", fact.event.event_id),
        *((ORG.get(name, name), value) for name, value in head(fact).items()),
        *own(fact.event),
    )
    return f"<event>\n{''.join(attribute(key, value) for key, value in told)}</event>\n"


def attribute(key: str, value: Plain | UUID) -> str:
    """Write an attribute by its type."""
    match value:
        case bool():
            kind, text = "boolean", str(value).lower()
        case int():
            kind, text = "int", str(value)
        case datetime():
            kind, text = "date", written(value)
        case UUID():
            kind, text = "id", str(value)
        case _:
            kind, text = "string", str(value)
    return f'<{kind} key="{key}" value={quoteattr(text)}/>\n'
