"""Schema ``bi``: figures for spreadsheets and dashboards, without people or small groups."""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from os_events.kpis.catalogue import FIGURES
from os_events.kpis.figure import Anchor, Figure, Unit
from os_events.kpis.installing import renew
from os_events.kpis.question import Dimension, Grain
from os_events.kpis.seen import FEWEST
from os_events.kpis.statements import COLUMNS, PERCENTILES
from os_events.projections.facts.traits import TRAITS
from os_events.values.company import Unit as Place

UNSHOWN = (Dimension.TECHNICIAN, Dimension.SERIES, Dimension.STATE)  # people; own columns
SHOWN = [one for one in Dimension if one not in UNSHOWN]
COLUMN_WORDS = {
    "period": "First day of the period; of instants, the period at whose end it stood so.",
    "grouped": "Value of the dimension asked by; null without one.",
    "part": "What the figure is told by, if it is told in parts: status, age, outcome.",
    "orders": f"How many orders are behind it: groups of fewer than {FEWEST} are not shown.",
    "numerator": "Seconds, centavos or a count, added up.",
    "denominator": "How many it is divided by.",
    "value": "The figure: mean seconds or centavos, per cent, a ratio, or a count.",
    "p50": "Nearest-rank median of the numerators, for durations and money.",
    "p90": "Nearest-rank ninetieth percentile, likewise.",
}
RESULT = """period date, grouped text, part text, orders bigint, numerator bigint,
    denominator bigint, value numeric, p50 bigint, p90 bigint"""
VALUES = {
    Unit.RATE: "round(100.0 * sum(c.numerator) / nullif(sum(c.denominator), 0), 1)",
    Unit.RATIO: "round(sum(c.numerator)::numeric / nullif(sum(c.denominator), 0), 1)",
    Unit.COUNT: "sum(c.numerator)::numeric",
}
MEAN = "round(sum(c.numerator)::numeric / nullif(sum(c.denominator), 0))"
GROUPED = " ".join(f"WHEN '{one}' THEN {COLUMNS[one]}" for one in SHOWN)
STEP = """CASE grain WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || grain)::interval END"""
TODAY = "(now() AT TIME ZONE {zone})::date"
PERIODS = f"""generate_series(
        date_trunc(grain::text, coalesce(since, {TODAY} - 365)::timestamp),
        coalesce(until, {TODAY} + 1)::timestamp - interval '1 day', {STEP}) AS d(first)
    CROSS JOIN LATERAL (SELECT greatest(d.first, since) AT TIME ZONE {{zone}} AS starts_at,
        least(d.first + {STEP}, until) AT TIME ZONE {{zone}} AS ends_at) AS p"""


def install(connection: psycopg.Connection[Any], zone: str, places: Sequence[Place]) -> None:
    """Make schema ``bi``; periods of instants are counted in a time zone."""
    statements = [*types(), definitions(), units(places)]
    for figure in FIGURES.values():
        statements += [function(figure, zone), *view(figure)]
    *_, last = FIGURES.values()
    renew(connection, [one.as_string(connection) for one in statements], f"bi.{last.name}_by")


def types() -> Iterator[Composable]:
    """Name what can be asked for; what hangs on an older list goes with it.

    Drivers say of a parameter that it is text: that is understood too.
    """
    for name, words in (("grain", list(Grain)), ("dimension", SHOWN)):
        type_name = Identifier("bi", name)
        yield SQL("DROP TYPE IF EXISTS {} CASCADE").format(type_name)
        yield SQL("CREATE TYPE {} AS ENUM ({})").format(type_name, listed(words))
        for text in ("text", "varchar"):
            cast = "CREATE CAST ({} AS {}) WITH INOUT AS IMPLICIT"
            yield SQL(cast).format(Identifier("pg_catalog", text), type_name)


def listed(values: Sequence[str]) -> Composed:
    """Write values with commas."""
    return SQL(", ").join(Literal(str(value)) for value in values)


def table(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Composed:
    """Write a view of a few fixed rows."""
    written = SQL(", ").join(SQL("({})").format(listed(row)) for row in rows)
    return SQL("DROP VIEW IF EXISTS {0}; CREATE VIEW {0} ({1}) AS VALUES {2}").format(
        Identifier("bi", name), SQL(", ").join(map(Identifier, columns)), written
    )


def definitions() -> Composed:
    """Say what each figure is."""
    columns = ("name", "title", "title_en", "formula", "formula_en", "unit", "anchor")
    rows = [
        (one.name, *one.title, *one.formula, one.unit, f"{one.anchor}: {one.anchored.pt}")
        for one in FIGURES.values()
    ]
    return table("figures", columns, rows)


def units(places: Sequence[Place]) -> Composed:
    """Name the units that ``grouped`` shows by id."""
    return table("units", ("unit", "name"), [(str(one.id), one.name) for one in places])


def function(figure: Figure, zone: str) -> Composed:
    """Write the function that reads behind the schema, and gives groups that are large enough."""
    has_percentiles = figure.unit in (Unit.DURATION, Unit.MONEY)
    percentiles = PERCENTILES if has_percentiles else "NULL::bigint, NULL::bigint"
    name = f"bi.{figure.name}_by"
    body = f"""
        SELECT {period(figure)}, CASE dimension {GROUPED} END, {part_of(figure)},
            count(DISTINCT c.order_id), sum(c.numerator)::bigint, sum(c.denominator)::bigint,
            {VALUES.get(figure.unit, MEAN)}, {percentiles}
        FROM {source(figure)}
        JOIN read.{TRAITS.name} t ON t.order_id = c.order_id AND t.traits = c.traits
        WHERE c.state IS NULL {wanted(figure)}
        GROUP BY 1, 2, 3 HAVING count(DISTINCT c.order_id) >= {FEWEST} ORDER BY 1, 2, 3"""  # noqa: S608 - only our words
    return SQL(
        f"""CREATE FUNCTION {name}(grain bi.grain, dimension bi.dimension DEFAULT NULL,
            since date DEFAULT NULL, until date DEFAULT NULL, by_part bool DEFAULT true)
        RETURNS TABLE ({RESULT})
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
        AS $bi$ {body} $bi$"""
    ).format(zone=Literal(zone))


def period(figure: Figure) -> str:
    """Name the first day of a group's period, in no zone: dates would be read in the reader's."""
    if figure.anchor is Anchor.FACT:
        return "date_trunc(grain::text, c.day::timestamp)::date"
    return "d.first::date"


def part_of(figure: Figure) -> str:
    """Name what a figure is told by; shares of a whole, and who worked, are not told here."""
    is_told = not (figure.of_whole or figure.of_technicians)
    return "CASE WHEN by_part THEN c.series END" if is_told else "NULL::text"


def source(figure: Figure) -> str:
    """Ask for the cases: all at once, or once a period."""
    if figure.anchor is Anchor.FACT:
        return f"{figure.function()}(now(), NULL, NULL) c"
    as_of = "now()"
    if figure.anchor is Anchor.INSTANT:
        as_of = "least(now(), p.ends_at - interval '1 microsecond')"
    return f"""{PERIODS}
        CROSS JOIN LATERAL {figure.function()}({as_of}, p.starts_at, p.ends_at) c"""


def wanted(figure: Figure) -> str:
    """Keep what is inside the days asked for, and of periods that have begun."""
    if figure.anchor is not Anchor.FACT:
        return "AND p.starts_at <= now()"
    first, last = (f"{figure.name}_by.{one}" for one in ("since", "until"))  # traits have them too
    return f"AND ({first} IS NULL OR c.day >= {first}) AND ({last} IS NULL OR c.day < {last})"


def view(figure: Figure) -> Iterator[Composable]:
    """Write the view of a figure by month and unit, and what its columns mean."""
    name = Identifier("bi", figure.name)
    call = Identifier("bi", f"{figure.name}_by")
    yield SQL("CREATE VIEW {} AS SELECT * FROM {}('month', 'unit')").format(name, call)
    words = f"{figure.title.pt} ({figure.unit}): {figure.formula.pt}"
    yield SQL("COMMENT ON VIEW {} IS {}").format(name, Literal(words))
    for column, meaning in COLUMN_WORDS.items():
        column_name = Identifier("bi", figure.name, column)
        yield SQL("COMMENT ON COLUMN {} IS {}").format(column_name, Literal(meaning))
