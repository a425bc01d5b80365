"""Days of backlog: how long it would take to work it off (kpis.md 5)."""

from os_events.kpis.figure import (
    Anchor,
    Figure,
    Unit,
    Words,
    lasting,
    not_cancelled,
    traits_number_then,
)

DAYS = 28

BACKLOG_DAYS = Figure(
    name="backlog_days",
    title=Words("Dias de backlog", "Days of backlog"),
    formula=Words(
        "Backlog no instante, sem as suspensas, ÷ ordens encerradas por dia nos últimos 28 dias "
        "de 24 h: cada ordem do backlog soma 28 ao numerador; cada encerrada, 1 ao denominador.",
        "Backlog at the instant, without those on hold, ÷ orders closed a day in the last 28 days "
        "of 24 h: each order of the backlog adds 28 to the numerator, each closed one 1 to the "
        "denominator.",
    ),
    unit=Unit.RATIO,
    anchor=Anchor.INSTANT,
    anchored=Words("fim do período", "end of the period"),
    left_out=Words("suspensas; canceladas", "on hold; cancelled"),
    cases=f"""
    SELECT i.order_id, 0::bigint, i.started_at, NULL::date, {traits_number_then("i")}, NULL::text,
        {DAYS}::bigint, 0::bigint, NULL::text
    FROM $intervals i
    WHERE i.kind = 'stage' AND i.about = 'backlog' AND {lasting("i")}
        AND (SELECT s.about FROM $intervals s WHERE s.order_id = i.order_id
            AND s.kind = 'status' AND {lasting("s")}) <> 'on_hold'
    UNION ALL
    SELECT m.order_id, max(m.number)::bigint, max(m.at), NULL::date, max(m.traits), NULL::text,
        0::bigint, 1::bigint, NULL::text
    FROM $milestones m
    WHERE m.milestone = 'closed' AND m.at <= as_of AND {not_cancelled("m")}
        AND m.at > as_of - interval '{24 * DAYS} hours'
    GROUP BY m.order_id
    """,
)
