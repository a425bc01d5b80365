"""Whether work in process, throughput and turnaround fit each other: Little's law (kpis.md 5)."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from os_events.kpis.answer import Group
from os_events.kpis.figure import Words

FEWEST = 30  # closings, below which a period says nothing
MOST = Fraction(1, 4)  # of the mean turnaround
MEANING = Words(
    "Em média, o que está em processo ÷ o que se encerra por dia é o tempo que uma ordem leva. "
    "Se isso se afasta do TAT médio em mais de 25 %, o período não estava em equilíbrio: entrou "
    "mais do que saiu, saíram ordens antigas, ou faltam registros. Só com 30 encerramentos ou "
    "mais no período.",
    "On average, what is in process ÷ what is closed a day is the time that an order takes. Where "
    "that is over 25 % away from the mean TAT, the period was not in balance: more came in than "
    "went out, old orders went out, or records are missing. Only with 30 closings or more in the "
    "period.",
)


@dataclass(frozen=True, slots=True)
class FlowCheck:
    """One period held against Little's law.

    Unit: ``mean_wip`` orders, ``per_day`` closings a day, ``expected`` and ``mean_tat`` seconds.
    """

    mean_wip: Fraction
    per_day: Fraction
    expected: Fraction
    mean_tat: Fraction

    @property
    def deviation(self) -> Fraction:
        """Say how far what is expected is from the mean turnaround, as a part of that."""
        return abs(self.expected - self.mean_tat) / self.mean_tat

    @property
    def alarms(self) -> bool:
        """Say whether the period was out of balance."""
        return self.deviation > MOST


def flow_check(
    in_state: Group, closed: Group, turned: Group, length: timedelta
) -> FlowCheck | None:
    """Hold a period against Little's law; None where too little was closed to say.

    Shape: the figures ``time_in_state`` (all statuses), ``throughput`` and ``tat_gross`` of the
    same orders and period; ``length`` is that of the period until the instant asked.
    """
    seconds = int(length.total_seconds())
    if closed.numerator < FEWEST or turned.numerator <= 0 or seconds <= 0:
        return None
    return FlowCheck(
        mean_wip=Fraction(in_state.numerator, seconds),
        per_day=Fraction(closed.numerator * 86400, seconds),
        expected=Fraction(in_state.numerator, closed.numerator),
        mean_tat=Fraction(turned.numerator, turned.denominator),
    )
