"""A figure is its name, its definition in words, and one SQL function that everybody asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template
from typing import NamedTuple

from os_events.projections.facts.entries import ENTRIES
from os_events.projections.facts.intervals import OrderIntervals
from os_events.projections.facts.milestones.table import MILESTONES
from os_events.projections.facts.traits import TRAITS
from os_events.values.scalars import Code

FACT_TABLES = {
    "traits": TRAITS,
    "intervals": OrderIntervals.derivation,
    "milestones": MILESTONES,
    "entries": ENTRIES,
}
ARGUMENTS = "as_of timestamptz, starts_at timestamptz, ends_at timestamptz"
CASE = """order_id uuid, number bigint, at timestamptz, day date, traits int, series text,
    numerator bigint, denominator bigint, state text"""


class Unit(Code):
    """What a figure is counted in, and so how its value comes of numerator and denominator."""

    DURATION = "duration", "duração"  # seconds; the mean, rounded half up
    MONEY = "money", "dinheiro"  # centavos; the mean, rounded half up
    RATE = "rate", "taxa"  # per cent, one decimal, rounded half up
    RATIO = "ratio", "razão"  # one decimal, rounded half up
    COUNT = "count", "contagem"  # the numerator


class Anchor(Code):
    """What puts a case into a period."""

    FACT = "fact", "fato"  # the civil day of one of its facts
    INSTANT = "instant", "instante"  # how it stands at the period's end
    PERIOD = "period", "período"  # what of it is inside the period


class Words(NamedTuple):
    """The same in Portuguese and in English."""

    pt: str
    en: str


@dataclass(frozen=True)
class Figure:
    """One figure.

    Shape: ``cases`` is the body of an SQL function of ``as_of``, ``starts_at`` and ``ends_at`` over
    the fact tables ``$traits``, ``$intervals``, ``$milestones`` and ``$entries``. It gives one row
    a case, as ``CASE`` says: ``day`` for those anchored at a fact; ``series`` if the figure is told
    in parts; ``state`` None if it counts, else why not. ``flows`` names columns of bigint that
    follow, to be added up too. ``anchored`` says in words which fact, ``window`` how long a case
    must have been there; ``parts`` and ``reasons`` what codes of ``series`` and ``state`` mean that
    no other module has words for. ``of_whole``: the parts of a rate are held against the
    denominator of all of them, so that they add up to it. ``of_technicians``: ``series`` is not a
    part, but who is meant by the dimension technician, where that is not who led the order.
    ``of_money``: what a rate holds against each other are centavos.
    """

    name: str
    title: Words
    formula: Words
    unit: Unit
    anchor: Anchor
    anchored: Words
    left_out: Words
    cases: str
    window: Words | None = None
    series: Words | None = None
    parts: Mapping[str, Words] = field(default_factory=dict)
    reasons: Mapping[str, Words] = field(default_factory=dict)
    flows: tuple[str, ...] = ()
    of_whole: bool = False
    of_technicians: bool = False
    of_money: bool = False

    def function(self, suffix: str = "") -> str:
        """Name its SQL function, over the tables whose names end in ``suffix``."""
        return f"read.kpi_{self.name}{suffix}"

    def ddl(self, suffix: str = "") -> str:
        """Make it part of the database, in place of what it was."""
        tables = {one: f"read.{table.name}{suffix}" for one, table in FACT_TABLES.items()}
        columns = ", ".join([CASE, *(f"{flow} bigint" for flow in self.flows)])
        return f"""
            DROP FUNCTION IF EXISTS {self.function(suffix)};
            CREATE FUNCTION {self.function(suffix)}({ARGUMENTS}) RETURNS TABLE ({columns})
            LANGUAGE sql STABLE AS $kpi$ {Template(self.cases).substitute(tables)} $kpi$"""


def words_of(*kinds: type[Code]) -> dict[str, Words]:
    """Give the words of codes."""
    return {code.value: Words(code.pt, code.en) for kind in kinds for code in kind}


def in_force(alias: str) -> str:
    """Say in SQL that a milestone had been reached, and not been superseded."""
    return f"({alias}.at <= as_of AND ({alias}.until IS NULL OR {alias}.until > as_of))"


def not_cancelled(alias: str) -> str:
    """Say in SQL that an order had not been cancelled (kpis.md 1.7)."""
    return f"""NOT EXISTS (SELECT FROM $milestones gone WHERE gone.order_id = {alias}.order_id
        AND gone.milestone = 'cancelled' AND {in_force("gone")})"""


def not_unfulfilled(alias: str) -> str:
    """Say in SQL that an order had not ended without being fulfilled."""
    return f"""NOT EXISTS (SELECT FROM $milestones vain WHERE vain.order_id = {alias}.order_id
        AND vain.milestone IN ('cancelled', 'closed') AND {in_force("vain")}
        AND (vain.milestone = 'cancelled' OR vain.subject <> 'fulfilled'))"""


def traits_then(alias: str, order: str) -> str:
    """Join in SQL what an order was at the instant asked, for cases that have no other anchor."""
    return f"""JOIN $traits {alias} ON {alias}.order_id = {order}.order_id
        AND {alias}.since <= as_of AND ({alias}.until IS NULL OR {alias}.until > as_of)"""


def traits_number_then(order: str) -> str:
    """Give in SQL the number of what an order was at the instant asked, if anybody asks for it."""
    return f"""(SELECT max(of_then.traits) FROM $traits of_then
        WHERE of_then.order_id = {order}.order_id AND of_then.since <= as_of)"""  # noqa: S608 - only our words


def lasting(alias: str) -> str:
    """Say in SQL that an interval had begun, and not ended."""
    return f"""({alias}.started_at <= as_of
        AND ({alias}.ended_at IS NULL OR {alias}.ended_at > as_of))"""
