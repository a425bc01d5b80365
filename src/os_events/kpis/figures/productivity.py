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
    WITH days AS NOT MATERIALIZED (
        SELECT w.order_id, w.at, w.day, w.traits, w.subject,
            coalesce(nullif(w.at, w.until), '-infinity') AS began
        FROM $milestones w
        WHERE w.milestone = 'worked' AND {not_cancelled("w")}
            AND (w.at < as_of OR (w.at = as_of AND w.until = as_of))
        UNION ALL
        SELECT w.order_id, w.at, d.day::date, (SELECT max(x.traits) FROM $traits x
                WHERE x.order_id = w.order_id AND x.since <= d.day AT TIME ZONE t.zone),
            w.subject, '-infinity'
        FROM $milestones w
        JOIN $traits t ON t.order_id = w.order_id AND t.traits = w.traits
        CROSS JOIN LATERAL generate_series(w.day + 1,
            (as_of - interval '1 microsecond') AT TIME ZONE t.zone, interval '1 day') d(day)
        WHERE w.milestone = 'worked' AND {in_force("w")} AND {not_cancelled("w")}
    ), first AS (
        SELECT d.subject, d.day, min(d.began) AS began FROM days d
        WHERE d.subject IS NOT NULL GROUP BY d.subject, d.day
    )
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, m.detail,
        1::bigint, 0::bigint, NULL::text
    FROM $milestones m
    WHERE m.milestone = 'completed' AND {in_force("m")} AND {not_cancelled("m")}
    UNION ALL
    (SELECT DISTINCT ON (d.subject, d.day)
        d.order_id, to_char(d.day, 'J')::bigint, d.at, d.day, d.traits, d.subject,
        0::bigint, 1::bigint, NULL::text
    FROM days d
    JOIN first f ON f.subject = d.subject AND f.day = d.day AND f.began = d.began
    ORDER BY d.subject, d.day, d.order_id, d.at)
    UNION ALL
    (SELECT DISTINCT ON (d.order_id, d.day)
        d.order_id, to_char(d.day, 'J')::bigint, d.at, d.day, d.traits, NULL::text,
        0::bigint, 1::bigint, 'unknown_technician'
    FROM days d WHERE d.subject IS NULL
    ORDER BY d.order_id, d.day, d.at)
    """,
)
