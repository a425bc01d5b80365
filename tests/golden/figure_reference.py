"""The page about figures, generated from their definitions; ``reference.py`` writes it."""

from collections.abc import Iterator, Mapping

from os_events.kpis import bottleneck, flow_check, recurrence
from os_events.kpis.catalogue import CHAPTERS
from os_events.kpis.figure import Anchor, Figure, Unit, Words
from os_events.kpis.not_yet import FIGURES_NOT_YET, PARTS_NOT_YET, NotYet
from os_events.kpis.question import Dimension, Grain
from os_events.values.scalars import Code

HEAD = """# Figures

What can be asked of the orders, made from the definitions (`make docs`). Each figure has a
numerator and a denominator, both whole numbers, and can be asked as of any instant and as known at
any instant. What it leaves out is counted, never guessed. A duration or an amount is the mean,
rounded half up, told with its sum, its number, p50 and p90 (nearest rank); a rate is told per cent
with one decimal; nothing over nothing is “–”. Times are whole seconds; a day of a window is 24
hours; civil days are those of the place of performance. Cancelled orders are left out unless a
figure says otherwise. SQL functions have the figure's name: `read.kpi_<name>`.
"""
UNITS = {
    Unit.DURATION: "seconds: the mean of the numerators",
    Unit.MONEY: "centavos: the mean of the numerators",
    Unit.RATE: "per cent",
    Unit.RATIO: "a ratio, with one decimal",
    Unit.COUNT: "a count: the numerator",
}
ANCHORS = {
    Anchor.FACT: "in the period of the civil day of",
    Anchor.INSTANT: "as it stands at the",
    Anchor.PERIOD: "what of it is",
}
CHECKS = """
## Read from several figures

- **Bottleneck**, of `time_in_state`. {stuck.en}
  *{stuck.pt}*
- **Little's law**, of `time_in_state`, `throughput` and `tat_gross`. {flow.en}
  *{flow.pt}*
- **What recurs.** {recurring.en}
  *{recurring.pt}*
  Asked of: {asked}.
"""
NOT_YET = """
## Not yet

These wait for facts that cannot be recorded yet.

| figure | título | title | waits for | events |
|---|---|---|---|---|
{figures}
And these are told without a part of their definition.

| figure | o que falta | what is missing | waits for | events |
|---|---|---|---|---|
{parts}"""
QUESTIONS = """
## Dimensions and periods

A dimension that changed has the value that was in force at the anchor. By `state` cases are chosen
only: a reason for which they do not count, or, empty, that they count.

| dimension | dimensão |
|---|---|
{dimensions}
| period | período |
|---|---|
{grains}"""


def figures() -> str:
    """Write the page of figures."""
    return HEAD + "".join([*chapters(), checks(), not_yet(), questions()])


def chapters() -> Iterator[str]:
    """Write each chapter, and each figure in it."""
    for chapter in CHAPTERS:
        yield f"\n## {both(chapter.title)}\n"
        yield from map(defined, chapter.figures)


def defined(figure: Figure) -> str:
    """Write what a figure is."""
    lines = [
        f"\n### `{figure.name}` · {both(figure.title)}\n",
        f"{figure.formula.en}\n",
        f"*{figure.formula.pt}*\n",
        f"- unit: {UNITS[figure.unit]}",
        f"- anchor: {ANCHORS[figure.anchor]} {both(figure.anchored)}",
        f"- left out: {both(figure.left_out)}",
    ]
    lines += [f"- window: {both(figure.window)}"] if figure.window else []
    lines += [f"- in parts, by: {both(figure.series)}{meanings(figure)}"] if figure.series else []
    lines += [f"- not counted: {coded(figure.reasons)}"] if figure.reasons else []
    flows = ", ".join(f"`{one}`" for one in figure.flows)
    lines += [f"- added up beside: {flows}"] if flows else []
    return "\n".join(lines) + "\n"


def meanings(figure: Figure) -> str:
    """Say what parts mean, and what they are held against."""
    told = f": {coded(figure.parts)}" if figure.parts else ""
    return told + ("; each is held against the whole" if figure.of_whole else "")


def both(words: Words) -> str:
    """Write words in both languages."""
    return words.en if words.en == words.pt else f"{words.en} (*{words.pt}*)"


def coded(words: Mapping[str, Words]) -> str:
    """Write codes and what they mean."""
    return "; ".join(f"`{code}` {both(meaning)}" for code, meaning in words.items())


def checks() -> str:
    """Write what is read from several figures together."""
    asked = ", ".join(
        f"`{figure.name}` by {dimension}" for figure, dimension in recurrence.LOOKED_AT
    )
    return CHECKS.format(
        stuck=bottleneck.MEANING,
        flow=flow_check.MEANING,
        recurring=recurrence.MEANING,
        asked=asked,
    )


def not_yet() -> str:
    """Write what waits, and for what."""
    return NOT_YET.format(
        figures="".join(map(waiting, FIGURES_NOT_YET)), parts="".join(map(waiting, PARTS_NOT_YET))
    )


def waiting(one: NotYet) -> str:
    """Write a line of what waits."""
    events = ", ".join(f"`{event}`" for event in one.events)
    return (
        f"| `{one.name}` | {one.title.pt} | {one.title.en} | {both(one.waits_for)} | {events} |\n"
    )


def questions() -> str:
    """Write how figures are cut."""
    return QUESTIONS.format(
        dimensions="".join(map(named, Dimension)), grains="".join(map(named, Grain))
    )


def named(code: Code) -> str:
    """Write a line of what a code is called."""
    return f"| `{code}` | {code.pt} |\n"


PAGES = {"kpis.md": figures}
