"""House rules of figures."""

import re

import pytest

from os_events.kpis.catalogue import CHAPTERS, FIGURES
from os_events.kpis.figure import Figure, Words
from os_events.kpis.not_yet import FIGURES_NOT_YET, PARTS_NOT_YET

ALL = [figure for chapter in CHAPTERS for figure in chapter.figures]
CODES = re.compile(r"(?:THEN|ELSE|coalesce\([\w.]+,) '([^']+)'")
NO_CODES = {"infinity"}


def words_in(figure: Figure) -> list[Words]:
    told = [figure.title, figure.formula, figure.anchored, figure.left_out]
    told += [words for words in (figure.window, figure.series) if words]
    return [*told, *figure.parts.values(), *figure.reasons.values()]


def test_every_figure_has_a_name_of_its_own() -> None:
    names = [figure.name for figure in ALL] + [one.name for one in FIGURES_NOT_YET]

    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


def test_what_is_told_without_a_part_is_a_figure() -> None:
    assert {one.name for one in PARTS_NOT_YET} <= set(FIGURES)


@pytest.mark.parametrize("figure", ALL, ids=FIGURES)
def test_a_figure_says_in_both_languages_what_it_is(figure: Figure) -> None:
    assert all(pt and en for pt, en in words_in(figure))


@pytest.mark.parametrize("figure", ALL, ids=FIGURES)
def test_every_code_that_a_figure_gives_has_words(figure: Figure) -> None:
    given = set(CODES.findall(figure.cases)) - NO_CODES

    known = {*figure.parts, *figure.reasons}
    assert given <= known.union(*(code.split("/") for code in known))


@pytest.mark.parametrize("figure", ALL, ids=FIGURES)
def test_all_that_has_words_is_given(figure: Figure) -> None:
    missing = {code for code in figure.reasons if code not in figure.cases}

    assert missing <= {"cannot_complete", "returned_unrepaired"}  # a closing's own outcome
