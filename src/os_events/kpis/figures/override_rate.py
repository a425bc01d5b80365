"""Override rate: warnings that somebody went past (kpis.md 6)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words

OVERRIDE_RATE = Figure(
    name="override_rate",
    title=Words("Exceções", "Overrides"),
    formula=Words(
        "Fatos registrados apesar de um alerta ÷ fatos dos mesmos tipos: os tipos que algum dia "
        "tiveram exceção, até o instante. Cada fato conta uma vez; a parte de cada regra (ou das "
        "regras ignoradas juntas) é sobre todos eles, e as partes somam a taxa.",
        "Facts recorded in spite of a warning ÷ facts of the same types: those that ever had an "
        "override, up to the instant. Each fact counts once; the share of each rule (or of rules "
        "overridden together) is of all of them, and the shares add up to the rate.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=Words("fato", "fact"),
    left_out=Words("ordens importadas", "imported orders"),
    series=Words("regra", "rule"),
    of_whole=True,
    cases="""
    SELECT e.order_id, e.version, e.at, e.day, e.traits, e.overrides,
        (e.overrides IS NOT NULL)::int::bigint, 1::bigint, NULL::text
    FROM $entries e
    WHERE e.at <= as_of AND NOT e.imported AND e.topic IN (SELECT o.topic FROM $entries o
        WHERE o.overrides IS NOT NULL AND o.at <= as_of AND NOT o.imported)
    """,
)
