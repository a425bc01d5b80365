"""First promise: whether what the customer was told first was kept (kpis.md 3)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_unfulfilled

FIRST_PROMISE = Figure(
    name="first_promise",
    title=Words("Cumprimento do 1º prazo", "First promise kept"),
    formula=Words(
        "Ordens cumpridas até o primeiro prazo prometido ÷ (ordens cumpridas com prazo até então + "
        "ordens abertas cujo primeiro prazo já passou). Na bancada, cumprir é avisar que está "
        "pronto depois da conclusão ou, sem aviso, entregar; nas demais, concluir. Uma nova "
        "conclusão recomeça a conta.",
        "Orders fulfilled by the first date promised ÷ (orders fulfilled with a promise by then + "
        "open orders whose first promise has passed). On the bench, to fulfil is to give notice "
        "that it is ready after the completion or, without notice, to hand over; elsewhere, to "
        "complete. Another completion starts the count anew.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=Words(
        "cumprimento; nas abertas, o primeiro prazo", "fulfilment; of open ones, the first promise"
    ),
    left_out=Words(
        "sem prazo; nunca cumpridas (contadas à parte)",
        "without a promise; never fulfilled (counted apart)",
    ),
    reasons={
        "cancelled": Words("canceladas", "cancelled"),
        "cannot_complete": Words("não concluídas", "not completed"),
        "returned_unrepaired": Words("devolvidas sem reparo", "returned unrepaired"),
    },
    cases=f"""
    SELECT f.order_id, 1::bigint, f.at, f.day, f.traits, NULL::text,
        (f.at <= f.promised_at)::int::bigint, 1::bigint, NULL::text
    FROM $milestones f
    WHERE f.milestone = 'fulfilled' AND f.promised_at IS NOT NULL AND {in_force("f")}
        AND {not_unfulfilled("f")}
    UNION ALL
    SELECT p.order_id, 1::bigint, p.promised_at, p.detail::date,
        (SELECT max(t.traits) FROM $traits t JOIN $milestones made ON made.order_id = t.order_id
            AND made.milestone = 'promised' AND made.number = 1
            WHERE t.order_id = p.order_id AND t.since <= greatest(p.promised_at, made.at)),
        NULL::text, 0::bigint, 1::bigint, NULL::text
    FROM $milestones p
    WHERE p.milestone = 'outstanding' AND p.promised_at < as_of AND {in_force("p")}
    UNION ALL
    SELECT e.order_id, 1::bigint, e.at, e.day, e.traits, NULL::text, 0::bigint, 1::bigint,
        CASE e.milestone WHEN 'cancelled' THEN 'cancelled' ELSE e.subject END
    FROM $milestones e
    JOIN $milestones p ON p.order_id = e.order_id AND p.milestone = 'promised' AND p.number = 1
        AND p.at <= as_of
    WHERE e.milestone IN ('cancelled', 'closed') AND {in_force("e")}
        AND (e.milestone = 'cancelled' OR e.subject <> 'fulfilled')
    """,
)
