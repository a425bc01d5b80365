"""Fill rate: parts that nobody had to wait for (kpis.md 5)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled

AT_ONCE = 3600  # seconds

FILL_RATE = Figure(
    name="fill_rate",
    title=Words("Peças sem espera", "Parts without a wait"),
    formula=Words(
        "Instalações cuja peça foi reservada do estoque até 1 h depois de pedida ÷ instalações, "
        "também as de peças que ninguém pediu.",
        "Installations whose part was reserved from stock within 1 h of being asked for ÷ "
        "installations, also those of parts that nobody asked for.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=Words("instalação", "installation"),
    left_out=Words("canceladas", "cancelled"),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        coalesce(m.seconds <= {AT_ONCE}, false)::int::bigint, 1::bigint, NULL::text
    FROM $milestones m
    WHERE m.milestone = 'part_installed' AND m.at <= as_of AND {not_cancelled("m")}
    """,
)
