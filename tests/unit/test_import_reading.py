from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from os_events.commands.importing.readings import READINGS, Conventions
from os_events.commands.importing.templates import Place, Template, filled, templates

SHOP = Conventions(
    system="balcao",
    zone=ZoneInfo("America/Sao_Paulo"),
    instants=("%d/%m/%Y %H:%M", "%d/%m/%Y"),
    time_of_dates=time(18, 0),
)
ROW = {"Marca": "Samsung", "Modelo": "", "Total": "R$ 1.234,56"}


def read(place: Place) -> Any:
    return ROW[place.column] or None


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("R$ 1.234,56", 123_456),
        ("R$\u00a00,50", 50),
        ("1234,56", 123_456),
        ("280", 28_000),
        ("0,005", 1),
    ],
)
def test_money_is_read_as_it_is_written_in_brazil(text: str, centavos: int) -> None:
    assert READINGS["money"](SHOP, text, "") == centavos


@pytest.mark.parametrize("text", ["1.23", "12,345.67", "1,2,3", "US$ 10,00", "dez"])
def test_money_that_could_mean_two_amounts_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        READINGS["money"](SHOP, text, "")


def test_an_instant_is_by_the_clock_of_the_place() -> None:
    instant = READINGS["instant"](SHOP, "15/03/2026 14:32", "")

    assert instant == datetime(2026, 3, 15, 17, 32, tzinfo=UTC)


def test_a_date_without_a_time_of_day_is_at_the_time_that_the_mapping_names() -> None:
    instant = READINGS["instant"](SHOP, "15/03/2026", "")

    assert instant == datetime(2026, 3, 15, 21, 0, tzinfo=UTC)


def test_a_day_is_read_before_a_month() -> None:
    day = READINGS["date"](SHOP, "02/03/2026", "")

    assert day == date(2026, 3, 2)


def test_a_slug_keeps_no_accents() -> None:
    assert READINGS["slug"](SHOP, "Placa-mãe (nova)", "") == "placa-mae-nova"


def test_a_thing_is_named_alike_whenever_it_is_read_and_not_like_another_systems() -> None:
    elsewhere = Conventions(system="matriz", zone=SHOP.zone, instants=SHOP.instants)

    once = READINGS["id"](SHOP, "ZY22", "asset")
    again = READINGS["id"](SHOP, "ZY22", "asset")
    other = READINGS["id"](elsewhere, "ZY22", "asset")

    assert once == again != other


def test_a_text_is_filled_with_cells() -> None:
    assert Template("{Marca}: {Total}").fill(read) == "Samsung: R$ 1.234,56"


def test_a_text_with_an_empty_place_says_nothing() -> None:
    assert Template("{Marca} {Modelo}").fill(read) is None


def test_what_stands_in_brackets_is_left_out_where_its_place_is_empty() -> None:
    assert Template("{Marca}[ {Modelo}]").fill(read) == "Samsung"


def test_a_text_without_places_is_a_constant() -> None:
    assert Template("repair").fill(read) == "repair"


def test_a_table_that_speaks_of_empty_cells_only_is_left_out() -> None:
    fields = templates({"asset": {"category": "phone", "model": "{Modelo}"}, "type": "repair"})

    assert filled(fields, read) == {"type": "repair"}


def test_a_table_keeps_its_constants_beside_a_cell_that_says_something() -> None:
    fields = templates({"asset": {"category": "phone", "brand": "{Marca}", "model": "{Modelo}"}})

    assert filled(fields, read) == {"asset": {"category": "phone", "brand": "Samsung"}}
