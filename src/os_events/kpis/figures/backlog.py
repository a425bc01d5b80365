"""Backlog: what waits to be done, and since when (kpis.md 5)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, lasting, traits_number_then

AGE = "floor(extract(epoch FROM as_of + interval '1 microsecond' - c.opened_at) / 86400)"

BACKLOG = Figure(
    name="backlog",
    title=Words("Backlog e envelhecimento", "Backlog and its age"),
    formula=Words(
        "Ordens novas, planejadas, em andamento ou aguardando no instante, pela idade em dias de "
        "24 h desde a abertura: 0–2, 3–7, 8–15, 16–30, mais de 30; as suspensas, à parte.",
        "Orders that are new, planned, active or waiting at the instant, by age in days of 24 h "
        "since opening: 0–2, 3–7, 8–15, 16–30, over 30; those on hold apart.",
    ),
    unit=Unit.COUNT,
    anchor=Anchor.INSTANT,
    anchored=Words("fim do período", "end of the period"),
    left_out=Words("nada", "nothing"),
    series=Words("idade", "age"),
    parts={
        "0-2": Words("0–2 dias", "0–2 days"),
        "3-7": Words("3–7 dias", "3–7 days"),
        "8-15": Words("8–15 dias", "8–15 days"),
        "16-30": Words("16–30 dias", "16–30 days"),
        "31+": Words("mais de 30 dias", "over 30 days"),
        "on_hold": Words("suspensas", "on hold"),
    },
    cases=f"""
    SELECT c.order_id, c.number, c.opened_at, NULL::date, c.traits,
        CASE WHEN c.status = 'on_hold' THEN 'on_hold' WHEN {AGE} <= 2 THEN '0-2'
             WHEN {AGE} <= 7 THEN '3-7' WHEN {AGE} <= 15 THEN '8-15'
             WHEN {AGE} <= 30 THEN '16-30' ELSE '31+' END,
        1::bigint, 1::bigint, NULL::text
    FROM (SELECT i.order_id, i.number::bigint, {traits_number_then("i")} AS traits,
            (SELECT o.at FROM $milestones o
                WHERE o.order_id = i.order_id AND o.milestone = 'opened') AS opened_at,
            (SELECT s.about FROM $intervals s
                WHERE s.order_id = i.order_id AND s.kind = 'status' AND {lasting("s")}) AS status
        FROM $intervals i WHERE i.kind = 'stage' AND i.about = 'backlog' AND {lasting("i")}) c
    """,
)
