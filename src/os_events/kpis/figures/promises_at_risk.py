"""Promises at risk: what was promised, and may not be kept as things go."""

from os_events.aggregates.status import BACKLOG as CATEGORIES
from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, lasting, traits_number_then

WAITING = ", ".join(f"'{category}'" for category in CATEGORIES)
FEWEST = 10  # times that orders took, below which nothing is foretold
LATEST = 500  # orders fulfilled, from which it is foretold

PROMISES_AT_RISK = Figure(
    name="promises_at_risk",
    title=Words("Prazos em risco", "Promises at risk"),
    formula=Words(
        "Ordens do backlog cujo prazo em vigor já passou, ou termina antes do que se espera: as "
        "500 ordens cumpridas por último mostram quanto se leva, de cada entrada na etapa em que "
        "a ordem está, até cumprir. Se metade delas levou mais do que o prazo permite, "
        "perdê-lo é provável; se uma em dez, é possível. Com menos de 10 exemplos, nada se prevê.",
        "Orders of the backlog whose promise in force has passed, or ends before what is to be "
        "expected: the 500 orders fulfilled last show how long it takes, from each entry into the "
        "status that the order is in, until it is fulfilled. Where half of them took longer than "
        "the promise allows, to miss it is likely; where one in ten did, it is possible. "
        "With fewer than 10 examples nothing is foretold.",
    ),
    unit=Unit.COUNT,
    anchor=Anchor.INSTANT,
    anchored=Words("fim do período", "end of the period"),
    left_out=Words(
        "sem prazo, ou cumpridas depois de prometer; no rumo; sem exemplos (contadas à parte)",
        "without a promise, or fulfilled since it was made; on course; without examples (counted "
        "apart)",
    ),
    series=Words("risco", "risk"),
    parts={
        "passed": Words("prazo vencido", "promise passed"),
        "likely": Words("atraso provável", "likely to be late"),
        "possible": Words("atraso possível", "possibly late"),
    },
    reasons={
        "no_promise": Words("sem prazo em vigor", "no promise in force"),
        "on_course": Words("no rumo", "on course"),
        "no_examples": Words("sem exemplos bastantes", "too few examples"),
    },
    cases=f"""
    WITH latest AS (
        SELECT f.order_id, f.at FROM $milestones f
        WHERE f.milestone = 'fulfilled' AND {in_force("f")}
        ORDER BY f.at DESC, f.order_id LIMIT {LATEST}
    ), took AS (
        SELECT i.about, percentile_disc(ARRAY[0.5, 0.9])
            WITHIN GROUP (ORDER BY f.at - i.started_at) AS times
        FROM latest f
        JOIN $intervals i ON i.order_id = f.order_id AND i.kind = 'status'
            AND i.category IN ({WAITING}) AND i.started_at < f.at
        GROUP BY i.about HAVING count(*) >= {FEWEST}
    ), told AS (
        SELECT i.order_id, i.number, {traits_number_then("i")} AS traits,
            coalesce(p.promised_at, i.started_at) AS at,
            CASE WHEN p.promised_at IS NULL THEN 'no_promise'
                 WHEN p.promised_at < as_of THEN 'passed'
                 WHEN k.times IS NULL THEN 'no_examples'
                 WHEN p.promised_at < i.started_at + k.times[1] THEN 'likely'
                 WHEN p.promised_at < i.started_at + k.times[2] THEN 'possible'
                 ELSE 'on_course' END AS risk
        FROM $intervals g
        CROSS JOIN LATERAL (SELECT s.* FROM $intervals s WHERE s.order_id = g.order_id
            AND s.kind = 'status' AND {lasting("s")} LIMIT 1) i
        LEFT JOIN LATERAL (SELECT m.promised_at FROM $milestones m WHERE m.order_id = g.order_id
            AND m.milestone = 'promised' AND {in_force("m")} AND NOT EXISTS (
                SELECT FROM $milestones f WHERE f.order_id = g.order_id
                    AND f.milestone = 'fulfilled' AND {in_force("f")} AND f.at >= m.at)
            LIMIT 1) p ON true
        LEFT JOIN took k ON k.about = i.about
        WHERE g.kind = 'stage' AND g.about = 'backlog' AND {lasting("g")}
    ), judged AS (
        SELECT r.*, r.risk IN ('passed', 'likely', 'possible') AS counts FROM told r
    )
    SELECT j.order_id, j.number::bigint, j.at, NULL::date, j.traits,
        CASE WHEN j.counts THEN j.risk END, 1::bigint, 1::bigint,
        CASE WHEN NOT j.counts THEN j.risk END
    FROM judged j
    """,
)
