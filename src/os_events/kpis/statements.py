"""The SQL that puts a figure's cases into groups, or lists them."""

from collections.abc import Mapping
from dataclasses import replace

from os_events.kpis.figure import Anchor, Figure, Unit
from os_events.kpis.question import Dimension, Grain, Question
from os_events.projections.facts.traits import TRAITS

COLUMNS = {one: f"t.{one}" for one in Dimension} | {
    Dimension.UNIT: "t.unit_id::text",
    Dimension.DEFECT: "t.fault_code",
    Dimension.MODEL: "t.asset_model",
    Dimension.IMPORTED: "t.imported::text",
    Dimension.SERIES: "c.series",
    Dimension.STATE: "c.state",
}
OF_THE_CASE = {Dimension.SERIES, Dimension.STATE}
PERCENTILES = """percentile_disc(0.5) WITHIN GROUP (ORDER BY c.numerator),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY c.numerator)"""
ALL_OF_THEM = "NULL, NULL"
MOST_RECORDS = 20_000  # of groups, one for each reason why cases do not count

LISTED = "{0}.number, {0}.at, {0}.series, {0}.numerator, {0}.denominator, {0}.state"
COMPARED = "{0}.at, {0}.numerator, {0}.denominator, {0}.state"

ORDERS = "DISTINCT c.order_id"  # what is counted where several cases may be of one order

Values = dict[str, object]


def grouped(figure: Figure, question: Question, counted: str = "*") -> tuple[str, Values]:
    """Add up: period, the dimensions asked by, state, how many, sums, percentiles, flows."""
    told, numerator = question, "sum(c.numerator)"
    if figure.of_whole and Dimension.SERIES in question.where:
        told = replace(question, where=without_parts(question.where))
        numerator += " FILTER (WHERE coalesce(c.series, '') = ANY(%(parts)s))"
    source, values = cases_of(figure, told)
    values["parts"] = list(question.where.get(Dimension.SERIES, ()))
    by = [column_of(figure, one) for one in question.by]
    keys = [period_of(figure, question.grain), *by, "c.state"]
    wanted = PERCENTILES if figure.unit in (Unit.DURATION, Unit.MONEY) else ALL_OF_THEM
    flows = "".join(f", sum(c.{flow})::bigint" for flow in figure.flows)
    numbers = ", ".join(map(str, range(1, len(keys) + 1)))
    return (
        f"""SELECT {", ".join(keys)}, count({counted}), coalesce({numerator}, 0)::bigint,
            coalesce(sum(c.denominator), 0)::bigint, {wanted}{flows}
        {source} GROUP BY {numbers} ORDER BY {numbers} LIMIT {MOST_RECORDS + 1}""",
        values,
    )


def listed(figure: Figure, question: Question) -> tuple[str, Values]:
    """List cases, first those whose anchor came first."""
    source, values = cases_of(figure, question, joined=True)
    return (
        f"""SELECT c.order_id, t.order_number, c.number, c.at, c.series, c.numerator,
            c.denominator, c.state {source}
        AND (c.at, c.order_id, c.number, coalesce(c.series, ''))
            > (%(after_at)s, %(after_id)s, %(after_number)s, %(after_series)s)
        ORDER BY c.at, c.order_id, c.number, coalesce(c.series, '') LIMIT %(limit)s""",
        values,
    )


def compared(figure: Figure, then: Question, now: Question) -> tuple[str, Values]:
    """List the cases that are otherwise in the answers to two questions, each as then and now."""
    columns = "t.order_number, c.*"
    (old, values), (new, _) = (cases_of(figure, one, joined=True) for one in (then, now))
    return (
        f"""WITH old AS (SELECT {columns} {old}), new AS (SELECT {columns} {new})
        SELECT coalesce(old.order_id, new.order_id), coalesce(old.order_number, new.order_number),
            {LISTED.format("old")}, {LISTED.format("new")}
        FROM old FULL JOIN new ON new.order_id = old.order_id AND new.number = old.number
            AND new.series IS NOT DISTINCT FROM old.series
        WHERE ({COMPARED.format("old")}) IS DISTINCT FROM ({COMPARED.format("new")})
        ORDER BY coalesce(new.at, old.at), 1 LIMIT %(limit)s""",  # noqa: S608 - only our words
        values,
    )


def without_parts(where: Mapping[Dimension, tuple[str, ...]]) -> dict[Dimension, tuple[str, ...]]:
    """Give the other filters."""
    return {one: chosen for one, chosen in where.items() if one is not Dimension.SERIES}


def column_of(figure: Figure, dimension: Dimension) -> str:
    """Name the column of a dimension; some figures say themselves who is the technician."""
    if figure.of_technicians and dimension is Dimension.TECHNICIAN:
        return COLUMNS[Dimension.SERIES]
    if figure.of_technicians and dimension is Dimension.SERIES:
        return "NULL::text"
    return COLUMNS[dimension]


def period_of(figure: Figure, grain: Grain | None) -> str:
    """Name the first day of a case's period."""
    if grain is None:
        return "NULL::date"
    if figure.anchor is not Anchor.FACT:
        return "p.period"
    first = f"date_trunc('{grain}', c.day::timestamp)::date"
    return f"greatest({first}, %(first)s::date)"


def cases_of(figure: Figure, question: Question, *, joined: bool = False) -> tuple[str, Values]:
    """Give FROM and WHERE of the cases; traits are joined only where somebody asks for them."""
    values: Values = {"as_of": question.as_of}
    if figure.anchor is Anchor.FACT:
        values |= {"first": question.period.first, "until": question.period.until}
        source = f"FROM {figure.function(question.suffix)}(%(as_of)s, NULL, NULL) c"
        wanted = ["c.day >= %(first)s AND c.day < %(until)s"]
    else:
        source, wanted = each_period(figure, question, values), ["true"]
    of_traits = {*question.by, *question.where} - OF_THE_CASE
    if joined or of_traits:
        table = f"read.{TRAITS.name}{question.suffix}"
        source += f" JOIN {table} t ON t.order_id = c.order_id AND t.traits = c.traits"
    for dimension, chosen in question.where.items():
        values[f"where_{dimension}"] = list(chosen)
        column = column_of(figure, dimension)
        wanted.append(f"coalesce({column}, '') = ANY(%(where_{dimension})s)")
    return f"{source} WHERE {' AND '.join(wanted)}", values


def each_period(figure: Figure, question: Question, values: Values) -> str:
    """Ask the function once a period that has begun: as it stood at its end, or what is in it."""
    periods = question.begun()
    instants = [question.instants(period) for period in periods]
    values["periods"] = [period.first for period in periods]
    values["starts"] = [start for start, _ in instants]
    values["ends"] = [end for _, end in instants]
    as_of = "%(as_of)s::timestamptz"
    if figure.anchor is Anchor.INSTANT:
        as_of = f"least({as_of}, p.ends_at - interval '1 microsecond')"
    return f"""FROM unnest(%(periods)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
        p(period, starts_at, ends_at)
        CROSS JOIN LATERAL {figure.function(question.suffix)}({as_of}, p.starts_at, p.ends_at) c"""
