"""Return rate: what came back after it was done (kpis.md 4)."""

from os_events.kpis import returning
from os_events.kpis.figure import Anchor, Figure, Unit, Words

RETURN_RATE = Figure(
    name="return_rate",
    title=Words("Taxa de retorno", "Return rate"),
    formula=Words(
        "Ordens reabertas, ou seguidas de outra que as cita como anterior, dentro da janela "
        "contada do último término antes disso, ÷ ordens concluídas cuja janela já passou. Cada "
        "ordem conta uma vez.",
        "Orders reopened, or followed by one that names them as its previous one, within the "
        "window of their last end before that, ÷ orders done whose window is over. Each order "
        "counts once.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=returning.ANCHORED,
    left_out=returning.LEFT_OUT,
    window=returning.WINDOW,
    reasons=returning.REASONS,
    cases=f"WITH {returning.ENDS}, {returning.EXPLICITLY} {returning.COHORT}",
)
