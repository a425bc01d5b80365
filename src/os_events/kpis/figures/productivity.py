"""Productivity: orders completed in a day of a technician's work (kpis.md 5)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled

PRODUCTIVITY = Figure(
    name="productivity",
    title=Words("Produtividade", "Productivity"),
    formula=Words(
        "Ordens concluídas ÷ dias de técnico: dias civis, no lugar do serviço, em que um técnico "
        "trabalhou em alguma ordem. Por técnico: as ordens que ele concluiu ÷ os dias em que ele "
        "trabalhou. Um dia conta na primeira ordem em que o técnico trabalhou nele.",
        "Orders completed ÷ technician-days: the civil days, at the place of the service, on which "
        "a technician worked on any order. By technician: the orders that they completed ÷ the "
        "days on which they worked. A day counts in the first order that they worked on then.",
    ),
    unit=Unit.RATIO,
    anchor=Anchor.FACT,
    anchored=Words("última conclusão; dia trabalhado", "last completion; day worked"),
    left_out=Words(
        "canceladas; trabalho de quem não se sabe (contado à parte)",
        "cancelled; work of nobody knows whom (counted apart)",
    ),
    of_technicians=True,
    reasons={"unknown_technician": Words("técnico não informado", "technician not told")},
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, m.detail,
        1::bigint, 0::bigint, NULL::text
    FROM $milestones m
    WHERE m.milestone = 'completed' AND {in_force("m")} AND {not_cancelled("m")}
    UNION ALL
    (SELECT DISTINCT ON (i.about, d.day, CASE WHEN i.about IS NULL THEN i.order_id END)
        i.order_id, to_char(d.day, 'J')::bigint, greatest(i.started_at, d.day AT TIME ZONE t.zone),
        d.day::date, i.traits, i.about,
        0::bigint, 1::bigint, CASE WHEN i.about IS NULL THEN 'unknown_technician' END
    FROM $intervals i
    JOIN $traits t ON t.order_id = i.order_id AND t.traits = i.traits
    CROSS JOIN LATERAL generate_series(
        date_trunc('day', i.started_at AT TIME ZONE t.zone),
        (least(i.ended_at, as_of) - interval '1 microsecond') AT TIME ZONE t.zone,
        interval '1 day') d(day)
    WHERE i.kind = 'technician' AND i.started_at <= as_of AND {not_cancelled("i")}
    ORDER BY i.about, d.day, CASE WHEN i.about IS NULL THEN i.order_id END, i.started_at,
        i.order_id)
    """,
)
