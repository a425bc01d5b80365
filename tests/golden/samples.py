"""An example of each public event, made of those of the log. ``make golden`` writes them."""

import json
from pathlib import Path

from os_events.messaging.public import schemas
from os_events.messaging.public.catalogue import PUBLIC
from os_events.values.acts import Actor, Role
from tests.golden.lives import lives
from tests.support import facts

FILE = Path(schemas.__file__).with_name("samples.json")
SCHEMAS = Path(__file__).parents[2] / "schemas"


PROGRAM = Actor(id="integration:crm", role=Role.INTEGRATION)


def samples() -> str:
    """Write of each type the one that says most, as if a program had done it."""
    told: dict[str, str] = {}
    for event in (fact for life in lives() for fact in facts(life)):
        if public := PUBLIC.get(type(event)):
            shape = public.shape.of(event.model_copy(update={"actor": PROGRAM}))
            text = shape.model_dump_json(exclude_none=True)
            told[public.type] = max(told.get(public.type, ""), text, key=len)
    return schemas.as_text({name: json.loads(text) for name, text in told.items()})


if __name__ == "__main__":
    FILE.write_text(samples(), "utf-8")
    schemas.export(SCHEMAS)
