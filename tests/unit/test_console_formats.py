from datetime import UTC, datetime, timedelta

import pytest

from os_events.console.formats import Speaker
from os_events.values.words import Language

NOW = datetime(2026, 3, 18, 14, 30, tzinfo=UTC)


def a_speaker(language: Language = "pt", zone: str = "America/Sao_Paulo") -> Speaker:
    return Speaker(language, NOW, zone)


def test_an_amount_is_said_as_the_language_writes_it() -> None:
    said = [a_speaker(language).money(123456) for language in ("pt", "en")]

    assert said == ["R$\u00a01.234,56", "R$\u00a01,234.56"]


def test_an_instant_is_said_by_the_clock_of_the_place() -> None:
    said = [a_speaker(zone=zone).at(NOW) for zone in ("America/Sao_Paulo", "America/Manaus")]

    assert said == ["18/03/2026 11:30", "18/03/2026 10:30"]


@pytest.mark.parametrize(
    ("away", "pt", "en"),
    [
        (timedelta(seconds=-20), "agora", "now"),
        (timedelta(minutes=-1), "há 1 minuto", "1 minute ago"),
        (timedelta(minutes=-119), "há 1 hora", "1 hour ago"),
        (timedelta(hours=-47), "há 47 horas", "47 hours ago"),
        (timedelta(hours=-71), "há 2 dias", "2 days ago"),
        (timedelta(days=-89), "há 89 dias", "89 days ago"),
        (timedelta(days=-95), "há 3 meses", "3 months ago"),
        (timedelta(days=-800), "há 2 anos", "2 years ago"),
        (timedelta(hours=3), "em 3 horas", "in 3 hours"),
    ],
)
def test_how_far_away_an_instant_is_is_said_in_whole_units(
    away: timedelta, pt: str, en: str
) -> None:
    said = [a_speaker(language).ago(NOW + away) for language in ("pt", "en")]

    assert said == [pt, en]


def test_a_span_has_no_direction() -> None:
    said = a_speaker().span(NOW - timedelta(days=2), NOW)

    assert said == "2 dias"


def test_an_instant_in_a_form_is_rounded_up_so_that_its_fact_is_counted() -> None:
    said = a_speaker().field(NOW + timedelta(microseconds=1))

    assert said == "2026-03-18T11:30:01"


def test_a_day_is_said_in_full() -> None:
    said = [a_speaker(language).day(NOW) for language in ("pt", "en")]

    assert said == ["quarta-feira, 18 de março de 2026", "Wednesday, 18 March 2026"]
