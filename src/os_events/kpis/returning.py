"""What came back: the cohort of the figures of returns, and their window (kpis.md 4)."""

from os_events.kpis.figure import Words, in_force, not_cancelled

WINDOW = Words("30 dias; na bancada, 90", "30 days; on the bench, 90")
ANCHORED = Words(
    "última devolução consertada; fora da bancada, última conclusão",
    "last handover as repaired; off the bench, last completion",
)
LEFT_OUT = Words(
    "canceladas, também como retorno; sem reparo; novas demais (contadas à parte)",
    "cancelled, also as returns; not repaired; too young (counted apart)",
)
REASONS = {"too_young": Words("ainda não contáveis", "not yet countable")}

ENDS = """ends AS NOT MATERIALIZED (
        SELECT m.order_id, m.number, m.at, m.until, m.day, m.traits, m.at + CASE m.subject
            WHEN 'bench' THEN interval '2160 hours' ELSE interval '720 hours' END AS ripe_at
        FROM $milestones m WHERE m.milestone = 'done' AND m.at <= as_of
    )"""
STATE = "CASE WHEN e.ripe_at > as_of THEN 'too_young' END"
COHORT = f"""SELECT e.order_id, e.number::bigint, e.at, e.day, e.traits, NULL::text,
        (r.order_id IS NOT NULL)::int::bigint, 1::bigint, {STATE}
    FROM ends e LEFT JOIN returned r ON r.order_id = e.order_id
    WHERE {in_force("e")} AND {not_cancelled("e")}"""  # noqa: S608 - only our words


def within(end: str, coming: str) -> str:
    """Say in SQL that something came within the window of the last end before it."""
    return f"""({coming}.at BETWEEN {end}.at AND {end}.ripe_at
            AND ({end}.until IS NULL OR {coming}.at < {end}.until))"""


EXPLICITLY = f"""comings AS (
        SELECT m.order_id, m.at FROM $milestones m
        WHERE m.milestone = 'reopened' AND m.at <= as_of
        UNION ALL
        SELECT o.related, o.at FROM $milestones o
        WHERE o.milestone = 'opened' AND o.related IS NOT NULL AND o.at <= as_of
            AND {not_cancelled("o")}
    ), returned AS (
        SELECT DISTINCT e.order_id FROM ends e
        JOIN comings c ON c.order_id = e.order_id AND {within("e", "c")}
    )"""  # noqa: S608 - only our words
