"""A row an order: what is made ready, and what is left out before anything is recorded."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from os_events.commands.importing.mapping import Mapping
from os_events.commands.importing.preparing import Preparer, Ready
from os_events.commands.importing.rows import Record, Row
from os_events.commands.importing.steps import RejectedError
from tests.support import UNIT, a_company, later

MAPPING = f"""
opened_at = "{{Entrada|instant}}"

[source]
system = "oficina"
record = "{{OS}}"
zone = "America/Sao_Paulo"
instants = ["%d/%m/%Y %H:%M", "%d/%m/%Y"]
time_of_dates = 18:00:00

[person.cliente]
code = "{{Cliente}}"
[person.cliente.fields]
relations = ["customer"]
name = "{{Cliente}}"
documents = [{{ type = "cpf", number = "{{CPF|cpf}}" }}]

[opening]
profile = "bench"
type = "repair"
contract_place = "on_premises"
unit_id = "{UNIT}"
customer_id = "{{@cliente}}"

[[opening.lines]]
line_id = "conserto"
service_code = "conserto"
description = "{{Aparelho}}"
quantity = "1"

[[step]]
name = "conclusao"
request = "CompleteWork"
when = "{{Pronto|instant}}"
fields = {{ lines = ["conserto"] }}

[[step]]
name = "inicio"
request = "StartWork"
when = "{{Inicio|instant}}"
only_if = {{ Status = ["Pronto", "Andamento"] }}
fields = {{ lines = ["conserto"] }}
"""
ROW = {
    "OS": "7",
    "Entrada": "02/02/2026 09:00",
    "Cliente": "Antônia",
    "CPF": "",
    "Aparelho": "Celular",
    "Inicio": "",
    "Pronto": "",
    "Status": "Pronto",
}


def ready(**cells: str) -> Ready:
    preparer = Preparer(Mapping.of_toml(MAPPING), "00" * 32, a_company(), later())
    row = Row(2, ROW | cells, whole=True)
    return preparer.ready(Record(row.cells["OS"], [row]))


def requests(made: Ready) -> list[str]:
    return [type(told.request).__name__ for command in made.commands for told in command.told]


def test_steps_are_told_as_they_happened_not_as_they_are_written() -> None:
    made = ready(Inicio="03/02/2026", Pronto="04/02/2026")

    assert requests(made) == ["StartWork", "CompleteWork"]


def test_a_step_without_its_instant_is_not_told() -> None:
    made = ready(Pronto="04/02/2026")

    assert requests(made) == ["CompleteWork"]


def test_a_step_is_told_of_those_rows_only_that_fit_its_condition() -> None:
    made = ready(Inicio="03/02/2026", Status="Aberto")

    assert requests(made) == []


def test_what_is_imported_says_where_it_comes_from() -> None:
    act = ready().opening.caller.act(ready().opening.request)

    assert act.imported
    assert (act.actor.id, str(act.source)) == ("integration:oficina", "oficina 7")


def test_an_order_and_its_customer_are_called_alike_whenever_they_are_read() -> None:
    once, again = ready(), ready(Aparelho="Tablet")

    assert once.opening.caller.new_id == again.opening.caller.new_id
    assert once.people[0].caller.new_id == once.opening.request.customer_id


def test_another_content_under_one_key_is_another_request() -> None:
    once, again = ready(), ready(Aparelho="Tablet")

    assert once.opening.caller.request.key == again.opening.caller.request.key
    assert once.opening.caller.request.body != again.opening.caller.request.body


def test_the_digest_of_the_file_makes_no_other_request() -> None:
    row = Row(2, ROW, whole=True)
    mapping = Mapping.of_toml(MAPPING)

    once = Preparer(mapping, "00" * 32, a_company(), later()).ready(Record("7", [row]))
    longer_file = Preparer(mapping, "11" * 32, a_company(), later()).ready(Record("7", [row]))

    assert once.opening.caller.request == longer_file.opening.caller.request


def test_an_identifier_that_cannot_exist_is_left_out_and_told() -> None:
    made = ready(CPF="111.111.111-11")

    assert made.people[0].request.documents == ()
    assert made.story.left_out == [(2, "CPF")]


@pytest.mark.parametrize(
    ("cells", "slug", "rule"),
    [
        ({"Inicio": "01/02/2026"}, "occurred-before-start", "H3"),
        ({"Entrada": "32/01/2026 09:00"}, "unreadable-cell", ""),
        ({"Entrada": ""}, "no-opening", ""),
        ({"Cliente": ""}, "invalid-field", ""),
        ({"Aparelho": "Celular de maria@example.com"}, "personal-data-in-description", "L1"),
    ],
)
def test_a_record_that_breaks_a_rule_is_left_out_whole(
    cells: dict[str, str], slug: str, rule: str
) -> None:
    with pytest.raises(RejectedError) as caught:
        ready(**cells)

    assert (caught.value.line, caught.value.slug, caught.value.rule) == (2, slug, rule)


def test_a_reason_names_the_field_and_never_its_value() -> None:
    with pytest.raises(RejectedError) as caught:
        ready(Aparelho="Celular de maria@example.com")

    assert "lines.0.description" in caught.value.reason
    assert "maria" not in caught.value.reason


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('request = "StartWork"', 'request = "StartWrok"', "no such request"),
        ("{Pronto|instant}", "{Pronto|instante}", "no such reading"),
        ('customer_id = "{@cliente}"', 'customer_id = "{@dono}"', "no such reading"),
        ('name = "inicio"', 'name = "conclusao"', "two steps have one name"),
        ('zone = "America/Sao_Paulo"', 'zone = "Brasil"', "IANA"),
        ("[opening]", "[abertura]", "Extra inputs"),
    ],
)
def test_a_mapping_that_does_not_fit_says_what(old: str, new: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Mapping.of_toml(MAPPING.replace(old, new))


def test_a_mapping_names_the_columns_that_it_reads() -> None:
    assert Mapping.of_toml(MAPPING).columns == {*ROW}


@pytest.mark.parametrize("kind", ["A row an order", "A row a change"])
def test_the_mappings_that_the_documentation_shows_are_mappings(kind: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "import.md").read_text()
    whole = re.search("```toml\n(.*?)```", page, re.DOTALL)
    part = re.search(f"### {kind}.*?```toml\n(.*?)```", page, re.DOTALL)
    assert whole
    assert part

    assert Mapping.of_toml(whole[1] + part[1]).source.system == "oficina-mapos"
