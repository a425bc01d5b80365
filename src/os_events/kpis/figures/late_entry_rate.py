"""Late entry rate: what people recorded long after it happened (kpis.md 6)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words

LATE = 15 * 60  # seconds

LATE_ENTRY_RATE = Figure(
    name="late_entry_rate",
    title=Words("Registros tardios", "Late entries"),
    formula=Words(
        "Fatos registrados por pessoas mais de 15 min depois de ocorridos, salvo os anotados sem "
        "rede, ÷ fatos registrados por pessoas.",
        "Facts recorded by people more than 15 min after they happened, except those noted "
        "offline, ÷ facts recorded by people.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=Words("fato", "fact"),
    left_out=Words("ordens importadas", "imported orders"),
    cases=f"""
    SELECT e.order_id, e.version, e.at, e.day, e.traits, NULL::text,
        (e.late_seconds > {LATE} AND NOT e.offline)::int::bigint, 1::bigint, NULL::text
    FROM $entries e WHERE e.by_person AND NOT e.imported AND e.at <= as_of
    """,
)
