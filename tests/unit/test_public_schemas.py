"""The schemas that are kept in git, and what may become of them."""

import json
import re
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from os_events.messaging.intake.service_request import ServiceRequest
from os_events.messaging.public import schemas
from os_events.messaging.public.catalogue import PUBLIC, named
from os_events.messaging.public.compatibility import Side
from os_events.messaging.public.contracts import contracts
from os_events.messaging.public.schemas import SchemaBrokenError, SchemaOutdatedError
from tests.golden.samples import FILE, SCHEMAS, samples

COMMITTED = sorted(SCHEMAS.glob("*/v*.json"))
SAMPLES = sorted(SCHEMAS.glob("*/samples/*.json"))
TODAY = contracts()
OURS = [path for path in COMMITTED if TODAY[path.parent.name].written_by is Side.US]
REQUEST = ServiceRequest.TYPE
CLOSED = "os.order.closed.v1"
FORMATS = FormatChecker()


@FORMATS.checks("date-time")
def is_an_instant_in_utc(value: Any) -> bool:
    return bool(re.fullmatch(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}\.\d{6}Z", value))


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def strict(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=FORMATS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(SCHEMAS, tmp_path / "schemas")


def change(path: Path, **fields: Any) -> None:
    """Given: the schema had been published in another form."""
    path.write_text(schemas.as_text(read(path) | fields))


def test_the_schemas_in_git_are_those_of_the_program() -> None:
    schemas.check(SCHEMAS)


def test_the_samples_are_those_of_the_lives() -> None:
    assert FILE.read_text() == samples()


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.parent.name)
def test_every_schema_is_one_by_its_dialect_and_has_a_name(path: Path) -> None:
    schema = read(path)

    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:os-events:schema:{path.parent.name}:{path.stem}"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.parent.name)
def test_what_we_write_is_open_to_what_will_be_added(path: Path) -> None:
    assert "additionalProperties" not in path.read_text()
    assert '"enum"' not in path.read_text()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parts[-3]} {path.stem}")
def test_every_sample_ever_fits_every_schema_and_todays_shape(path: Path) -> None:
    sample, name = read(path), path.parts[-3]

    misfits = [
        error.message
        for schema in sorted((SCHEMAS / name).glob("v*.json"))
        for error in strict(read(schema)).iter_errors(sample)
    ]
    message = TODAY[name].model.model_validate(sample)

    assert misfits == []
    written = json.loads(message.model_dump_json(exclude_unset=True))
    assert written.keys() == sample.keys()


def test_what_is_exported_is_then_found_up_to_date(tmp_path: Path) -> None:
    written = schemas.export(tmp_path)

    schemas.check(tmp_path)
    assert len(written) == 3 * len(OURS) + 2 * (len(TODAY) - len(OURS))
    assert schemas.export(tmp_path) == []


def test_a_schema_that_is_missing_is_named(folder: Path) -> None:
    (folder / CLOSED / "v1.json").unlink()

    with pytest.raises(SchemaOutdatedError, match=rf"^{CLOSED}/v1\.json$"):
        schemas.check(folder)


def test_other_words_replace_those_that_were_published(folder: Path) -> None:
    change(folder / CLOSED / "v1.json", description="Ended.")

    written = schemas.export(folder)

    assert written == [f"{CLOSED}/v1.json"]
    schemas.check(folder)


def test_a_field_is_not_added_to_a_revision_that_was_published(folder: Path) -> None:
    properties = read(folder / CLOSED / "v1.json")["properties"]
    del properties["cause_code"]
    change(folder / CLOSED / "v1.json", properties=properties)

    with pytest.raises(SchemaBrokenError, match="v1: cause_code: optional field added"):
        schemas.export(folder)


def test_an_optional_field_is_added_by_the_next_revision(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    properties = read(folder / CLOSED / "v1.json")["properties"]
    del properties["cause_code"]
    change(folder / CLOSED / "v1.json", properties=properties)
    event, public = next((e, p) for e, p in PUBLIC.items() if p.type == CLOSED)
    monkeypatch.setattr(public.shape, "REVISION", 2)
    monkeypatch.setitem(PUBLIC, event, named(event, public.shape))

    written = schemas.export(folder)

    assert written[0] == f"{CLOSED}/v2.json"
    assert read(folder / CLOSED / "v2.json")["$id"].endswith(":v2")


def test_a_request_may_be_taken_more_easily_where_it_stands(folder: Path) -> None:
    old = read(folder / REQUEST / "v1.json")
    kinds = old["properties"]["type"] | {"enum": ["repair"]}
    properties = old["properties"] | {"type": kinds}
    change(folder / REQUEST / "v1.json", properties=properties, required=[*properties])

    written = schemas.export(folder)

    assert written == [f"{REQUEST}/v1.json"]


def test_a_request_that_was_taken_is_taken_again(folder: Path) -> None:
    old = read(folder / REQUEST / "v1.json")
    required = [name for name in old["required"] if name != "unit_id"]
    change(folder / REQUEST / "v1.json", required=required)

    with pytest.raises(SchemaBrokenError, match="v1: unit_id: became required"):
        schemas.export(folder)


def test_a_promise_to_readers_of_any_revision_is_kept(folder: Path) -> None:
    old = read(folder / CLOSED / "v1.json")
    properties = old["properties"] | {"mood": {"type": "string"}}
    (folder / CLOSED / "v0.json").write_text(json.dumps(old | {"properties": properties}))

    with pytest.raises(SchemaBrokenError, match="v0: mood: field removed"):
        schemas.check(folder)


def test_a_type_that_was_published_goes_on(folder: Path) -> None:
    copytree(folder / CLOSED, folder / "os.order.forgotten.v1")

    with pytest.raises(SchemaBrokenError, match=r"os\.order\.forgotten\.v1 is no more"):
        schemas.check(folder)
