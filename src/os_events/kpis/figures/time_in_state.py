"""Time in state: where orders spend their time (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words

TIME_IN_STATE = Figure(
    name="time_in_state",
    title=Words("Tempo por etapa", "Time in state"),
    formula=Words(
        "Para cada etapa não encerrada: o tempo que as ordens passaram nela dentro do período, "
        "até o instante pedido; que parte ele é do tempo em todas as etapas; p50 e p90 dos "
        "intervalos cortados no período; entradas menos saídas no período.",
        "For each status not closed: the time that orders spent in it inside the period, up to the "
        "instant asked; its share of that time in all such statuses; p50 and p90 of the intervals "
        "clipped to the period; entries less exits in the period.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.PERIOD,
    anchored=Words("durante o período", "during the period"),
    left_out=Words(
        "nada: intervalos em aberto contam até o instante e são contados à parte",
        "nothing: intervals still open run to the instant, and are counted beside",
    ),
    series=Words("etapa", "status"),
    reasons={"momentary": Words("sem duração no período", "of no length inside the period")},
    flows=("entries", "exits", "unended"),
    cases="""
    WITH known AS (
        SELECT i.order_id, i.number, i.about, i.traits, i.started_at,
            CASE WHEN i.ended_at <= as_of THEN i.ended_at END AS ended_at
        FROM $intervals i
        WHERE i.kind = 'status' AND i.category <> 'CLOSED' AND i.started_at <= as_of
            AND starts_at <= as_of
            AND i.started_at < ends_at AND coalesce(i.ended_at, 'infinity') >= starts_at
    ), clipped AS (
        SELECT k.*, floor(extract(epoch FROM least(k.ended_at, ends_at, as_of)
            - greatest(k.started_at, starts_at)))::bigint AS seconds FROM known k
    )
    SELECT c.order_id, c.number::bigint, greatest(c.started_at, starts_at), NULL::date, c.traits,
        c.about, c.seconds, 1::bigint, CASE WHEN c.seconds <= 0 THEN 'momentary' END,
        (c.started_at >= starts_at)::int::bigint,
        coalesce(c.ended_at < ends_at, false)::int::bigint, (c.ended_at IS NULL)::int::bigint
    FROM clipped c
    """,
)
