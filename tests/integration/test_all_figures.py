"""Every figure answers every question, and says nothing without words."""

from dataclasses import replace
from datetime import date

from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.asking import Figures
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.figure import Figure
from os_events.kpis.question import Dimension, Grain, Period, Question
from tests.support import SAO_PAULO, later
from tests.views import a_life, deliver

QUESTION = Question(Period(date(2026, 3, 1), date(2026, 7, 1)), later(10_000), SAO_PAULO)


def everything(figures: Figures, figure: Figure) -> int:
    """Ask by each grain and each dimension, filter by each, and list; say how many cases."""
    for grain in Grain:
        figures.ask(figure, replace(QUESTION, grain=grain))
    for dimension in Dimension:
        figures.ask(figure, replace(QUESTION, by=(dimension,)))
        figures.ask(figure, replace(QUESTION, where={dimension: ("nothing",)}))
    figures.ask(figure, replace(QUESTION, grain=Grain.MONTH, by=tuple(Dimension)))
    return len(figures.cases(figure, QUESTION, 1000))


def test_figures_of_nothing_are_nothing(figures: Figures) -> None:
    found = {name: everything(figures, figure) for name, figure in FIGURES.items()}

    assert found == dict.fromkeys(FIGURES, 0)


def test_every_question_to_every_figure_is_answered(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    log.record_now(a_life())
    deliver(*followers)

    found = {name: everything(figures, figure) for name, figure in FIGURES.items()}

    assert found.keys() == FIGURES.keys()
    assert found["mttr_resolve"] == 1
