"""All figures, in chapters by what they tell."""

from typing import NamedTuple

from os_events.kpis.figure import Figure, Words
from os_events.kpis.figures.backlog import BACKLOG
from os_events.kpis.figures.mttr_resolve import MTTR_RESOLVE
from os_events.kpis.figures.time_in_state import TIME_IN_STATE


class Chapter(NamedTuple):
    """Figures that belong together."""

    title: Words
    figures: tuple[Figure, ...]


CHAPTERS = (
    Chapter(Words("Tempo", "Time"), (MTTR_RESOLVE, TIME_IN_STATE)),
    Chapter(Words("Fluxo", "Flow"), (BACKLOG,)),
)
FIGURES = {figure.name: figure for chapter in CHAPTERS for figure in chapter.figures}
