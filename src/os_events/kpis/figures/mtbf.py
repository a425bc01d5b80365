"""MTBF: how long a device works from one repair to the next failure (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled, traits_then

MTBF = Figure(
    name="mtbf",
    title=Words("Tempo médio entre falhas", "Mean time between failures"),
    formula=Words(
        "Por equipamento: da última conclusão de um reparo antes da abertura do reparo seguinte a "
        "essa abertura, somado, ÷ falhas (essas aberturas).",
        "For each device: from the last completion of a repair before the next repair was opened "
        "to that opening, added up, ÷ failures (those openings).",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("abertura do reparo seguinte", "opening of the next repair"),
    left_out=Words(
        "canceladas; outros tipos; equipamentos com menos de dois reparos; reparos abertos "
        "sem que o anterior estivesse concluído",
        "cancelled; other types; devices with fewer than two repairs; repairs opened before the "
        "one before was completed",
    ),
    cases=f"""
    WITH repairs AS (
        SELECT o.order_id, o.number, o.at, o.day, o.traits,
            lag(o.order_id) OVER (PARTITION BY t.asset_id ORDER BY o.at, o.order_id) AS earlier
        FROM $milestones o
        {traits_then("t", "o")}
        WHERE o.milestone = 'opened' AND o.at <= as_of AND t.type = 'repair'
            AND t.asset_id IS NOT NULL AND {not_cancelled("o")}
    )
    SELECT r.order_id, r.number::bigint, r.at, r.day, r.traits, NULL::text,
        floor(extract(epoch FROM r.at - max(c.at)))::bigint, 1::bigint, NULL::text
    FROM repairs r
    JOIN $milestones c
        ON c.order_id = r.earlier AND c.milestone = 'completed' AND c.at <= r.at
    GROUP BY r.order_id, r.number, r.at, r.day, r.traits
    """,
)
