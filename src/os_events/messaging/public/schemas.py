"""The JSON Schemas of messages, as they are kept in git: ``schemas/<type>/v<n>.json``."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from os_events.errors import ConflictError, RuleViolationError
from os_events.messaging.public.compatibility import Needs, Side, differences
from os_events.messaging.public.contracts import Contract, contracts

DIALECT = GenerateJsonSchema.schema_dialect
Files = dict[str, str]  # by path below the folder


class SchemaOutdatedError(ConflictError):
    """Schemas in a folder are not those of the program. Run ``os-events schemas export``."""

    slug = "schema-outdated"


class SchemaBrokenError(RuleViolationError):
    """A schema that was published would promise something else. Undo the change of the model.

    What is added to a fact is optional, and comes with the next ``REVISION``; a request may be
    taken more easily, never less; anything else is a new type, with the next ``MAJOR``.
    """

    slug = "schema-broken"


class AsWritten(GenerateJsonSchema):
    """Describes what has no value as left out: null is never written."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the library's hook
        return False


def schema_of(model: type[BaseModel]) -> JsonSchemaValue:
    """Describe a model, with every part where it stands."""
    whole = model.model_json_schema(schema_generator=AsWritten)
    definitions = whole.pop("$defs", {})
    found: JsonSchemaValue = spelt_out(whole, definitions)
    return found


def spelt_out(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Put definitions where they are referred to: ours refer to none that refers to itself."""
    if isinstance(schema, list):
        return [spelt_out(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    beside = {name: spelt_out(one, definitions) for name, one in schema.items() if name != "$ref"}
    if reference := schema.get("$ref"):
        return spelt_out(definitions[reference.rpartition("/")[2]], definitions) | beside
    return beside


def published(contract: Contract) -> JsonSchemaValue:
    """Give the schema of a message."""
    head = {"$id": contract.schema, "$schema": DIALECT}
    return head | schema_of(contract.model) | {"title": contract.type}


@cache
def samples() -> Mapping[str, Any]:
    """Give an example of each type, with every field told."""
    text = files(__package__).joinpath("samples.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def least(schema: JsonSchemaValue, sample: Any) -> Any:
    """Leave out of a sample what may be left out."""
    if schema["type"] == "array":
        return [least(schema["items"], one) for one in sample]
    if schema["type"] == "object":
        return {
            name: least(schema["properties"][name], value)
            for name, value in sample.items()
            if name in schema["required"]
        }
    return sample


def generated() -> Files:
    """Write all schemas of today, and samples of what fits them."""
    found: Files = {}
    for name, contract in contracts().items():
        schema, sample, version = published(contract), samples()[name], contract.version
        found[f"{name}/{version}.json"] = as_text(schema)
        found[f"{name}/samples/{version}-full.json"] = as_text(sample)
        if contract.written_by is Side.US:
            found[f"{name}/samples/{version}-least.json"] = as_text(least(schema, sample))
    return found


def as_text(value: Any) -> str:
    """Write JSON as it is kept: sorted, indented."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def check(folder: Path) -> None:
    """Compare a folder with the program. Raises SchemaBrokenError, SchemaOutdatedError."""
    if stale := outdated(folder):
        raise SchemaOutdatedError(", ".join(stale))


def export(folder: Path) -> list[str]:
    """Write what is new or told in other words; name it. Raises SchemaBrokenError."""
    stale = outdated(folder)
    for path, text in stale.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return list(stale)


def outdated(folder: Path) -> Files:
    """Give the files that differ from those of the program. Raises SchemaBrokenError."""
    if broken := list(promises_broken(folder)):
        raise SchemaBrokenError("; ".join(broken))
    return {path: text for path, text in generated().items() if kept(folder / path) != text}


def kept(path: Path) -> str | None:
    """Read a file, if it is there."""
    return path.read_text("utf-8") if path.exists() else None


def promises_broken(folder: Path) -> Iterator[str]:
    """Say where today's schemas differ from those that were published, and may not."""
    today = contracts()
    for path in sorted(folder.glob("*/v*.json")):
        name = path.parent.name
        if name not in today:
            yield f"{name} is no more"
            continue
        contract = today[name]
        same = path.stem == contract.version and contract.written_by is Side.US
        may = Needs.NOTHING if same else Needs.REVISION
        old = json.loads(path.read_text("utf-8"))
        for one in differences(old, published(contract), contract.written_by):
            if one.needs > may:
                yield f"{name} {path.stem}: {one}"
