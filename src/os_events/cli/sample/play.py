"""Plays the sample: registers its people, lends them keys, and tells their stories."""

import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from uuid import UUID

from os_events.access.tokens import id_of
from os_events.bootstrap.installation import Installation
from os_events.cli.sample.calendar import Calendar
from os_events.cli.sample.counter import Counter
from os_events.cli.sample.job import Job
from os_events.cli.sample.stories import Stories
from os_events.values.acts import Actor
from os_events.values.principal import Principal

LABEL = "sample"
LENT = timedelta(hours=1)
MOST_UNITS = 2  # that the stories are told of


def play(installation: Installation, host: str, port: int, now: datetime) -> None:
    """Tell a fortnight that ends at ``now``. Raises SampleStoppedError."""
    shop = tomllib.loads(resources.files(__package__).joinpath("shop.toml").read_text("utf-8"))
    units = installation.company.units
    calendar = Calendar(now, units[0].zone)
    since = calendar.at(14, "08:00")
    with ExitStack() as keys:
        counter = Counter(host, port, {})
        counter.keys["manager"] = keys.enter_context(lent(installation, installation.manager))
        people = {
            name: registered(counter, since, person, relation)
            for relation in ("customer", "staff")
            for name, person in shop[relation].items()
        }
        for name, person in shop["staff"].items():
            actor = Actor.model_validate({"id": str(people[name]), "role": person["role"]})
            counter.keys[name] = keys.enter_context(lent(installation, Principal(actor)))
        ids = [units[place % len(units)].id for place in range(MOST_UNITS)]
        Stories(calendar, lambda name: Job(counter, shop["device"][name], people), ids).tell()


def registered(counter: Counter, at: datetime, person: dict[str, Any], relation: str) -> UUID:
    """Register somebody."""
    kind = "legal" if "cnpj" in person else "natural"
    documents = [{"type": one, "number": person[one]} for one in ("cpf", "cnpj") if one in person]
    body = {
        "kind": kind,
        "relations": [relation],
        "consumer_status": "business" if kind == "legal" else "consumer",
        "name": person["name"],
        "documents": documents,
        "phones": [person["phone"]] if "phone" in person else [],
    }
    return UUID(counter.tell("manager", "/persons", body, at)["aggregate_id"])


@contextmanager
def lent(installation: Installation, principal: Principal) -> Iterator[str]:
    """Lend an API key, and revoke it in the end."""
    keys, _ = installation.access
    key = keys.new(LABEL, principal, LENT)
    try:
        yield key
    finally:
        keys.revoke(id_of(key))
