"""What comes back more often than chance would have it: models, parts, technicians."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from os_events.kpis.answer import Group
from os_events.kpis.figure import Figure, Words
from os_events.kpis.figures.part_return_rate import PART_RETURN_RATE
from os_events.kpis.figures.return_rate import RETURN_RATE
from os_events.kpis.question import Dimension

LOOKED_AT: tuple[tuple[Figure, Dimension], ...] = (
    (RETURN_RATE, Dimension.MODEL),
    (PART_RETURN_RATE, Dimension.SERIES),
    (RETURN_RATE, Dimension.TECHNICIAN),
)
FEWEST = 3  # returns, below which nothing is said
CHANCE = 0.01
MEANING = Words(
    "Destaca o que voltou 3 vezes ou mais e tanto que, se voltasse na taxa de todas as ordens "
    "consultadas, tantos retornos ou mais só apareceriam por acaso em menos "
    "de 1 a cada 100 vezes (teste binomial unilateral). Poucas ordens, portanto, raramente se "
    "destacam. É um indício, não uma prova: entre muitos grupos, um em cem se destaca à toa.",
    "Points at what came back 3 times or more, and so often that, at the rate of all orders "
    "asked about, so many returns or more would come about by chance in fewer than 1 of 100 "
    "times (one-sided binomial test). So few orders seldom stand out. It is a hint, no proof: "
    "among many groups, one in a hundred stands out for nothing.",
)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often something came back, out of how often it was done.

    Shape: ``chance`` is the probability of as many returns or more at the rate of the whole.
    """

    what: str
    returned: int
    of: int
    chance: float

    @property
    def stands_out(self) -> bool:
        """Say whether that is hardly by chance."""
        return self.returned >= FEWEST and self.chance < CHANCE


def recurrences(groups: Iterable[Group], whole: Group) -> list[Recurrence]:
    """Hold the groups of one dimension against the whole; the most unlikely first."""
    found = [
        Recurrence(
            what=what,
            returned=group.numerator,
            of=group.denominator,
            chance=at_least(group.numerator, group.denominator, whole),
        )
        for group in groups
        for what in group.values.values()
        if what is not None and group.denominator
    ]
    return sorted(found, key=lambda one: (one.chance, -one.returned, one.what))


def at_least(returned: int, of: int, whole: Group) -> float:
    """Give the probability of so many returns or more at the rate of the whole: a binomial tail."""
    rate = whole.numerator / whole.denominator if whole.denominator else 0.0
    if returned == 0 or rate >= 1:
        return 1.0
    if rate <= 0:
        return 0.0
    return min(1.0, math.fsum(exactly(n, of, rate) for n in range(returned, of + 1)))


def exactly(returned: int, of: int, rate: float) -> float:
    """Give the probability of just so many; by logarithms, for factorials are large."""
    ways = math.lgamma(of + 1) - math.lgamma(returned + 1) - math.lgamma(of - returned + 1)
    return math.exp(ways + returned * math.log(rate) + (of - returned) * math.log1p(-rate))
