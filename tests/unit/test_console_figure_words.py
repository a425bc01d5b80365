from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import resources
from uuid import UUID

import pytest

from os_events.console.figure_words import Telling, exactly, length, to_the_minute
from os_events.console.formats import Speaker
from os_events.kpis.answer import Case, Group
from os_events.kpis.figures.backlog import BACKLOG
from os_events.kpis.figures.mttr_resolve import MTTR_RESOLVE
from os_events.kpis.figures.quote_approval import QUOTE_APPROVAL
from os_events.kpis.figures.quote_approval_value import QUOTE_APPROVAL_VALUE
from os_events.kpis.question import Dimension, Grain, Period
from os_events.values.company import Company

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
COMPANY = Company.of_toml(
    resources.files("os_events").joinpath("company.toml").read_text(encoding="utf-8")
)
WHO = UUID(int=7)
PT = Telling(Speaker("pt", NOW, "America/Sao_Paulo", {WHO: "Carla Menezes"}), COMPANY)
EN = Telling(Speaker("en", NOW, "America/Sao_Paulo"), COMPANY)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(45, "45 s"), (150, "2 min"), (132_000, "36 h 40 min"), (280_800, "3 d 6 h"), (-90, "-1 min")],
)
def test_a_length_is_told_in_its_two_largest_units(seconds: int, said: str) -> None:
    assert length(seconds).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(354_200, "98:23:20"), (262_500, "72:55"), (-86_400, "-24:00"), (0, "0:00")],
)
def test_a_sum_is_told_to_the_second(seconds: int, said: str) -> None:
    assert exactly(seconds) == said


def test_where_seconds_only_distract_minutes_are_rounded() -> None:
    assert [to_the_minute(one) for one in (89, 90, 3600)] == ["0:01", "0:02", "1:00"]


def test_an_empty_denominator_is_a_dash() -> None:
    assert PT.value(QUOTE_APPROVAL, Group(None, {}).value(QUOTE_APPROVAL.unit)) == "–"
    assert PT.base(QUOTE_APPROVAL, Group(None, {})) == "nenhum caso no período"


def test_a_mean_is_told_with_its_sum_its_number_and_its_percentiles() -> None:
    group = Group(None, {}, 1_062_600, 3, 3, 262_500, 609_600)

    assert PT.base(MTTR_RESOLVE, group) == "295:10 ÷ 3 · p50 72:55 · p90 169:20"


def test_a_rate_of_amounts_is_told_in_money() -> None:
    group = Group(None, {}, 50_000, 207_000, 4)

    assert PT.base(QUOTE_APPROVAL_VALUE, group) == "R$\u00a0500,00 ÷ R$\u00a02.070,00"
    assert PT.value(QUOTE_APPROVAL_VALUE, Decimal("24.2")) == "24,2\u00a0%"


@pytest.mark.parametrize(
    ("dimension", "code", "said"),
    [
        (Dimension.SERIES, "8-15", "8–15 dias"),
        (Dimension.PRIORITY, "urgent", "Urgente"),
        (Dimension.UNIT, str(COMPANY.units[0].id), COMPANY.units[0].name),
        (Dimension.TECHNICIAN, str(WHO), "Carla Menezes"),
        (Dimension.IMPORTED, "true", "sim"),
        (Dimension.DEFECT, "no-power", "No-power"),
        (Dimension.DEFECT, None, "sem valor"),
        (Dimension.STATE, "", "conta"),
    ],
)
def test_a_value_is_told_in_words(dimension: Dimension, code: str | None, said: str) -> None:
    assert PT.part(BACKLOG, dimension, code) == said


@pytest.mark.parametrize(
    ("grain", "first", "until", "pt", "en"),
    [
        (Grain.MONTH, date(2026, 10, 1), date(2026, 11, 1), "out. 2026", "Oct 2026"),
        (Grain.DAY, date(2026, 10, 1), date(2026, 10, 2), "01/10/2026", "1 Oct 2026"),
        (None, date(2026, 10, 1), date(2026, 10, 8), "01/10 – 07/10/2026", "1 Oct – 7 Oct 2026"),
        (
            None,
            date(2025, 12, 30),
            date(2026, 1, 2),
            "30/12/2025 – 01/01/2026",
            "30 Dec 2025 – 1 Jan 2026",
        ),
    ],
)
def test_a_period_is_told_by_its_days(
    grain: Grain | None, first: date, until: date, pt: str, en: str
) -> None:
    period = Period(first, until)

    assert (PT.period(period, grain), EN.period(period, grain)) == (pt, en)


def test_a_case_is_told_with_what_it_adds_and_why_it_does_not_count() -> None:
    case = Case(UUID(int=1), "OS-1", 1, NOW, None, 3600, 1, "not_repairable")

    assert PT.case(MTTR_RESOLVE, case) == "1:00 · 24/11/2026 12:00 · sem reparo possível"
    assert PT.case(MTTR_RESOLVE, None) == ""
