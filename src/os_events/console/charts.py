"""Charts as shapes: bars in a field of fixed size, which templates draw and pages stretch."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

WIDTH, HEIGHT = 1000, 200  # of every field, in its own units
GAP = Decimal("0.2")  # of the place of a bar, beside it
LEAST = Decimal(2)  # what a bar has that is not nothing, so that it is seen
HUNDRED = Decimal(100)  # per cent: as far as rates go
LABELS = 6  # at most, under a chart


class Bar(NamedTuple):
    """One bar, or the whole height where there is no value. Shape: from the left, from the top."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    words: str
    empty: bool = False


class Chart(NamedTuple):
    """Bars beside each other, from ``bottom`` to ``top``; ``zero`` is where nothing lies."""

    bars: list[Bar]
    bottom: Decimal
    top: Decimal
    zero: Decimal
    labels: list[str]


class Scale(NamedTuple):
    """What lies at the bottom of a field and what at its top."""

    bottom: Decimal
    top: Decimal

    def y(self, value: Decimal) -> Decimal:
        """Say how far from the top of the field a value lies."""
        return HEIGHT - (value - self.bottom) * HEIGHT / (self.top - self.bottom)


class Point(NamedTuple):
    """A value with how it is said, and how its place is."""

    value: Decimal | None
    words: str
    label: str = ""


def scale_of(values: Iterable[Decimal | None], top: Decimal | None = None) -> Scale:
    """Give the scale in which all values can be shown, and nothing; or one up to ``top``."""
    known = [value for value in values if value is not None]
    highest = max([*known, Decimal(0)]) if top is None else top
    lowest = min([*known, Decimal(0)])
    return Scale(lowest, highest if highest > lowest else lowest + 1)


def chart(points: Sequence[Point], scale: Scale) -> Chart:
    """Draw one bar for each point."""
    place = Decimal(WIDTH) / max(1, len(points))
    bars = [bar(point, number * place, place, scale) for number, point in enumerate(points)]
    return Chart(bars, scale.bottom, scale.top, rounded(scale.y(Decimal(0))), labels(points))


def bar(point: Point, left: Decimal, place: Decimal, scale: Scale) -> Bar:
    """Draw a bar from nothing to its value."""
    x, width = rounded(left + place * GAP / 2), rounded(place * (1 - GAP))
    if point.value is None:
        return Bar(x, Decimal(0), width, Decimal(HEIGHT), point.words, empty=True)
    zero, end = scale.y(Decimal(0)), scale.y(point.value)
    height = max(abs(end - zero), LEAST if point.value else Decimal(0))
    y = min(max(min(zero, end), Decimal(0)), HEIGHT - height)
    return Bar(x, rounded(y), width, rounded(height), point.words)


def labels(points: Sequence[Point]) -> list[str]:
    """Say what lies where under a chart; so few of them that each can be read."""
    step = -(-len(points) // LABELS)
    return [point.label if number % step == 0 else "" for number, point in enumerate(points)]


def share(part: Decimal, whole: Decimal) -> Decimal:
    """Give the width of a bar that is a part of the widest one."""
    return rounded(max(Decimal(0), part) * WIDTH / whole) if whole > 0 else Decimal(0)


def rounded(length: Decimal) -> Decimal:
    """Round what nobody would see."""
    return length.quantize(Decimal("0.1"))
