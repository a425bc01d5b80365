"""Uncollected: what is done, and nobody fetches (kpis.md 4)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, lasting, traits_number_then

WAITED = "i.started_at + interval '{hours} hours' < as_of"
OVER_30, OVER_60, OVER_90 = (WAITED.format(hours=24 * days) for days in (30, 60, 90))

UNCOLLECTED = Figure(
    name="uncollected",
    title=Words("Não retirados", "Uncollected"),
    formula=Words(
        "Equipamentos prontos para retirada, sem interrupção, há mais de 30 dias de 24 h.",
        "Devices that have been ready for pickup, without a break, for over 30 days of 24 h.",
    ),
    unit=Unit.COUNT,
    anchor=Anchor.INSTANT,
    anchored=Words("fim do período", "end of the period"),
    left_out=Words(
        "prontos há menos tempo (contados à parte)", "ready since later (counted apart)"
    ),
    series=Words("espera", "waiting"),
    parts={
        "over_30": Words("mais de 30 dias, até 60", "over 30 days, up to 60"),
        "over_60": Words("mais de 60 dias, até 90", "over 60 days, up to 90"),
        "over_90": Words("mais de 90 dias", "over 90 days"),
    },
    reasons={"recent": Words("até 30 dias", "up to 30 days")},
    cases=f"""
    SELECT i.order_id, i.number::bigint, i.started_at, NULL::date, {traits_number_then("i")},
        CASE WHEN {OVER_90} THEN 'over_90' WHEN {OVER_60} THEN 'over_60'
             WHEN {OVER_30} THEN 'over_30' END,
        1::bigint, 1::bigint, CASE WHEN NOT {OVER_30} THEN 'recent' END
    FROM $intervals d
    JOIN $intervals i ON i.order_id = d.order_id AND i.kind = 'status' AND {lasting("i")}
    WHERE d.kind = 'stage' AND d.about = 'done' AND {lasting("d")}
        AND i.about = 'ready_for_pickup'
    """,
)
