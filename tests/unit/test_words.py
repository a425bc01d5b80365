"""Facts in words."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from os_events.aggregates.service_order.codes import Disposition, PartCondition
from os_events.aggregates.service_order.values import RemovedPart, StartTerm
from os_events.values.personal import ERASED, Sealed
from os_events.values.words import Language, Listener, Told, tell

SCREEN = RemovedPart(description="Tela", disposition=Disposition.TO_RETURN)
SEALED = Sealed.model_validate({"$commitment": "aa", "$key": UUID(int=1)})
SAID = {
    "money": (123456, "{it:money}", "R$\u00a01.234,56", "R$\u00a01,234.56"),
    "a loss": (-5, "{it:money}", "-R$\u00a00,05", "-R$\u00a00.05"),
    "code": (PartCondition.OFF_SPEC, "{it}", "fora da especificação", "off spec"),
    "date": (date(2026, 3, 2), "{it}", "02/03/2026", "2026-03-02"),
    "instant": (
        datetime(2026, 3, 2, 12, tzinfo=UTC),
        "{it}",
        "02/03/2026 09:00",
        "2026-03-02 09:00",
    ),
    "the end of a day": (
        datetime(2026, 3, 21, 3, tzinfo=UTC),
        "{it:end}",
        "20/03/2026 24:00",
        "2026-03-20 24:00",
    ),
    "the end of an hour": (
        datetime(2026, 3, 2, 12, tzinfo=UTC),
        "{it:end}",
        "02/03/2026 09:00",
        "2026-03-02 09:00",
    ),
    "no end": (None, "{it:end}", "–", "–"),
    "decimal": ("-19.42", "{it:number}", "-19,42", "-19.42"),
    "yes": (True, "{it}", "sim", "yes"),
    "nothing": (None, "{it}", "–", "–"),
    "many": ((PartCondition.USED, None), "{it}", "usada, –", "used, –"),
    "somebody": (UUID(int=7), "{it}", "Ana", "Ana"),
    "an id": (UUID(int=8), "{it}", "00000000", "00000000"),
    "sealed": (SEALED, "{it}", "[sigiloso]", "[sealed]"),
    "erased": (ERASED, "{it}", "[eliminado]", "[erased]"),
    "a value": (SCREEN, "{it}", "Tela (a devolver)", "Tela (to return)"),
    "a part of it": (SCREEN, "{it.disposition}", "a devolver", "to return"),
    "what is there": (SCREEN, "Sai[: {it}].", "Sai: Tela (a devolver).", "Sai: Tela (to return)."),
    "what is not": (None, "Sai[: {it}].", "Sai.", "Sai."),
    "no money": (0, "Total[, menos {it:money}]", "Total", "Total"),
    "a zero": (
        StartTerm(days_after_approval=0),
        "{it}",
        "0 dia(s) após a aprovação",
        "0 day(s) after the approval",
    ),
}


@pytest.mark.parametrize(("value", "template", "pt", "en"), SAID.values(), ids=SAID)
def test_a_value_is_said_as_people_say_it(value: Any, template: str, pt: str, en: str) -> None:
    languages: tuple[Language, Language] = ("pt", "en")
    names = {UUID(int=7): "Ana"}

    said = [
        tell(
            Told(template, template),
            {"it": value},
            Listener(language, "America/Sao_Paulo", names),
        )
        for language in languages
    ]

    assert said == [pt, en]


def test_a_sentence_names_the_fields_that_it_tells() -> None:
    told = Told(pt="{a}[ de {b.c}]", en="{a}")

    assert told.fields() == ({"a", "b"}, {"a"})
