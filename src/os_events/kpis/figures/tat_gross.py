"""TAT gross: how long we had it (kpis.md 2)."""

from os_events.aggregates.service_order.codes import ClosingOutcome
from os_events.aggregates.service_order.handover import HandoverOutcome
from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled, words_of

TAT_GROSS = Figure(
    name="tat_gross",
    title=Words("TAT bruto", "TAT gross"),
    formula=Words(
        "Na bancada, da entrada do equipamento à entrega, somadas todas as entradas; nas demais "
        "ordens, da abertura ao último encerramento. Vale o caminho que a ordem seguia na entrega "
        "ou no encerramento.",
        "On the bench, from the device's reception to its handover, all times that it came added "
        "up; for other orders, from opening to the last closing. What counts is the route that the "
        "order was on at the handover or closing.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("última entrega ou encerramento", "last handover or closing"),
    left_out=Words("canceladas", "cancelled"),
    series=Words("desfecho", "outcome"),
    parts=words_of(HandoverOutcome, ClosingOutcome),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, m.subject, m.seconds, 1::bigint,
        NULL::text
    FROM $milestones m
    WHERE m.milestone = 'turned_around' AND {in_force("m")} AND {not_cancelled("m")}
    """,
)
