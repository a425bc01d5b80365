"""The reference of events and rules, made of the classes. ``make docs`` writes it."""

import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import os_events.aggregates  # noqa: F401 - the classes below are found once they are imported
from os_events.aggregates.base import Change, DomainEvent, Request
from os_events.aggregates.rules import RefusalError
from os_events.values.words import Language, Listener, tell
from tests.golden import (
    api_reference,
    command_reference,
    figure_reference,
    metric_reference,
    public_reference,
)
from tests.golden.examples import examples, file_name
from tests.support import CUSTOMER, FRIEND, SAO_PAULO, TECHNICIAN

K = TypeVar("K")

DOCS = Path(__file__).parents[2] / "docs" / "reference"
NAMES: dict[UUID, str] = {CUSTOMER: "Maria de Souza", FRIEND: "Ana Lima", TECHNICIAN: "João Reis"}
SLUG = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")


def kinds(base: type[K]) -> Iterator[type[K]]:
    """Find every class below ``base``, once."""
    found: set[type[K]] = set()
    for kind in base.__subclasses__():
        found |= {kind, *kinds(kind)}
    yield from found


def events() -> list[type[DomainEvent]]:
    """Find every event, by topic."""
    found = {kind.TOPIC: kind for kind in kinds(DomainEvent) if "TOPIC" in vars(kind)}
    return [found[topic] for topic in sorted(found)]


def requests() -> list[type[Request]]:
    """Find everything that may be asked, by name."""
    found = (kind for kind in kinds(Request) if "[" not in kind.__name__ and kind is not Change)
    return sorted(found, key=lambda kind: kind.__name__)


def refusals() -> list[type[RefusalError]]:
    """Find every refusal, by rule and slug."""
    return sorted(
        kinds(RefusalError), key=lambda kind: (kind.rule[0], int(kind.rule[1:]), kind.slug)
    )


def refused_by(request: type[Request]) -> set[str]:
    """Name the refusals that a request says it may meet."""
    _, _, refused = (request.__doc__ or "").partition("Refused:")
    return set(SLUG.findall(refused))


def first_line(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0].replace("``", "`")


def words(event: type[DomainEvent], language: Language) -> str:
    """Tell the example. It is read field by field: one event has a field called keys."""
    example, _ = examples()[file_name(event)]
    return tell(event.TOLD, dict(iter(example)), Listener(language, SAO_PAULO, NAMES))


def table(head: str, rows: Iterable[Iterable[str]]) -> str:
    """Write a table."""
    columns = head.count("|") + 1
    lines = [head, "|".join(["---"] * columns), *(" | ".join(row) for row in rows)]
    return "".join(f"| {line} |\n" for line in lines)


def events_page() -> str:
    """Write the page of events: what each means, its words, and what they leave out."""
    told = [f"# Events\n\n{EVENTS}\n"]
    for event in events():
        untold = [name for name in event.own_fields() if name not in event.TOLD.fields()[0]]
        told.append(
            f"## `{event.TOPIC}`\n\n{first_line(event)}\n\n"
            f"- pt: {words(event, 'pt')}\n- en: {words(event, 'en')}\n"
            f"- recorded too: {', '.join(f'`{name}`' for name in untold) or '–'}\n"
        )
    return "\n".join(told)


def rules_page() -> str:
    """Write the page of rules: what is refused, and which requests meet it."""
    rows = (
        (r.rule, f"`{r.slug}`", r.kind, r.pt, ", ".join(asked_by(r.slug)) or "every request")
        for r in refusals()
    )
    return f"# Rules\n\n{RULES}\n\n" + table("rule | slug | kind | message | refuses", rows)


def asked_by(slug: str) -> list[str]:
    return [f"`{kind.__name__}`" for kind in requests() if slug in refused_by(kind)]


EVENTS = """What can be on record, with an example of each, made from the classes (`make docs`).
A page that shows an event adds who did it, for whom, how it came in, when it happened and when it
was recorded. The stored bytes of the same examples are in `tests/golden/events/`."""
RULES = """What is refused, and by which rule, made from the classes (`make docs`). `INV`: nothing
is recorded. `WRN`: the same, unless the request names the rule in `overrides` and says why. The
message is what people read; programs look at the slug."""
PAGES = (
    {"events.md": events_page, "rules.md": rules_page}
    | api_reference.PAGES
    | command_reference.PAGES
    | figure_reference.PAGES
    | public_reference.PAGES
    | metric_reference.PAGES
)

if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())
