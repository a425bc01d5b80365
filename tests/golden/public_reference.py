"""Pages about what goes over topics, generated from the models; ``reference.py`` writes them."""

from collections.abc import Iterator

from os_events.messaging.asyncapi import Channel, channels, document, summary
from os_events.messaging.described import Row, rows
from os_events.messaging.public.contracts import Contract
from os_events.messaging.public.schemas import as_text, schema_of

HEAD = """# Public events

What other systems may rely on, made from the models (`make docs`): `os-events asyncapi export`, and
`/asyncapi.json` of a running program, say the same to programs; `/docs/events` shows it. The
schemas, with samples of each version, are in [`schemas/`](../../schemas). What may change in them,
and what never leaves the house: [ADR 0015](../adr/0015-what-is-public-and-how-it-may-change.md).

A name ends in its version: `….v1`. Fields and codes are added without a new one: ignore what you do
not know. A field without a value is left out. Money is in centavos, instants are RFC 3339 in UTC.
`ce_dataschema` is a name, not an address: `urn:os-events:schema:<type>:v<n>` is the file
`schemas/<type>/v<n>.json`. Every fact of an order has `order_id` and `act`, told once here.
"""
OF_ALL = ("order_id", "act", "act.actor_role", "act.actor_id", "act.channel", "act.reason_code")
FIELDS = "| field | type | always | meaning |\n|---|---|---|---|\n"


def public_events() -> str:
    """Write the page."""
    return HEAD + "".join(chapter(one) for one in channels())


def chapter(one: Channel) -> str:
    """Write of a topic."""
    who = "we write, others read" if one.action == "send" else "others write, we read"
    told = [
        f"\n## `{one.topic}`\n\n{one.title}: {who}. Key: {one.key['description'].lower()}\n",
        f"\nHeaders:\n\n{FIELDS}" + "".join(map(line, rows(one.headers.schema()))),
    ]
    if one.name == "orderEvents":
        shared = (row for row in rows(schema_of(one.messages[0].model)) if row.name in OF_ALL)
        told.append(f"\nEvery fact has:\n\n{FIELDS}" + "".join(map(line, shared)))
    return "".join([*told, *(section(said) for said in one.messages)])


def section(said: Contract) -> str:
    """Write of a type of message."""
    own = [row for row in rows(schema_of(said.model)) if row.name not in OF_ALL]
    fields = f"\n{FIELDS}{''.join(map(line, own))}" if own else ""
    return f"\n### `{said.type}`\n\n{summary(said.model)}\n{fields}"


def line(row: Row) -> str:
    """Write a line of a table."""
    meaning = " ".join(cells(row)).strip().replace("|", "\\|")
    return f"| `{row.name}` | {row.kind} | {'yes' if row.always else ''} | {meaning} |\n"


def cells(row: Row) -> Iterator[str]:
    """Say what a field means; its codes say that they are codes."""
    if row.codes:
        yield "one of " + ", ".join(f"`{code}`" for code in row.codes)
        yield "or another" if row.open else ""
    else:
        yield row.description.replace("``", "`")


def asyncapi() -> str:
    """Write the document for programs."""
    return as_text(document())


PAGES = {"asyncapi.json": asyncapi, "public-events.md": public_events}
