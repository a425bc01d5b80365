"""Days of backlog: how long it would take to work it off (kpis.md 5)."""

from os_events.aggregates.status import BACKLOG as CATEGORIES
from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled, traits_then

WAITING = ", ".join(f"'{category}'" for category in CATEGORIES)
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
    anchored=Words("instante", "instant"),
    left_out=Words("suspensas; canceladas", "on hold; cancelled"),
    cases=f"""
    SELECT i.order_id, 0::bigint, i.started_at, NULL::date, t.traits, NULL::text,
        {DAYS}::bigint, 0::bigint, NULL::text
    FROM $intervals i
    {traits_then("t", "i")}
    WHERE i.kind = 'status' AND i.category IN ({WAITING}) AND i.about <> 'on_hold'
        AND i.started_at <= as_of AND (i.ended_at IS NULL OR i.ended_at > as_of)
    UNION ALL
    SELECT m.order_id, max(m.number)::bigint, max(m.at), NULL::date, max(m.traits), NULL::text,
        0::bigint, 1::bigint, NULL::text
    FROM $milestones m
    WHERE m.milestone = 'closed' AND m.at <= as_of AND {not_cancelled("m")}
        AND m.at > as_of + interval '1 microsecond' - interval '{24 * DAYS} hours'
    GROUP BY m.order_id
    """,
)
