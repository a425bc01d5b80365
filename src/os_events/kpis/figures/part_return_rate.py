"""Part return rate: orders that came back, by the parts that were put in."""

from os_events.kpis import returning
from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled

PART_RETURN_RATE = Figure(
    name="part_return_rate",
    title=Words("Taxa de retorno por peça", "Return rate by part"),
    formula=Words(
        "Como a taxa de retorno, uma vez para cada peça instalada na ordem até o término, pela "
        "descrição da peça: várias iguais na mesma ordem contam uma vez.",
        "As the return rate, once for each part that was put in until the end, by the part's "
        "description: several alike in one order count once.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=returning.ANCHORED,
    left_out=Words(
        f"{returning.LEFT_OUT.pt}; sem peça instalada", f"{returning.LEFT_OUT.en}; no part put in"
    ),
    window=returning.WINDOW,
    series=Words("peça", "part"),
    reasons=returning.REASONS,
    cases=f"""
    WITH {returning.ENDS}, {returning.EXPLICITLY}
    SELECT e.order_id, min(p.number)::bigint, e.at, e.day, e.traits, p.detail,
        (r.order_id IS NOT NULL)::int::bigint, 1::bigint, {returning.STATE}
    FROM ends e
    JOIN $milestones p ON p.order_id = e.order_id AND p.milestone = 'part_installed'
        AND p.at <= e.at
    LEFT JOIN returned r ON r.order_id = e.order_id
    WHERE {in_force("e")} AND {not_cancelled("e")}
    GROUP BY e.order_id, e.at, e.day, e.traits, e.ripe_at, p.detail, r.order_id
    """,
)
