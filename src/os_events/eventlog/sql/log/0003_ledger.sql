-- An event's entry in the ledger, and its leaf (RFC 6962, section 2.1).

SET LOCAL ROLE os_owner;

CREATE FUNCTION log.state_commitment(nonce bytea, state bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256('\x6f735f6576656e74732f73746174652f76310a'::bytea || nonce || state)
$$; -- the literal is "os_events/state/v1\n": written as text, the cast would read its backslash

CREATE FUNCTION log.ledger_entry(
    "position" bigint, aggregate uuid, version bigint, event text,
    recorded_at timestamptz, previous bytea, state bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT convert_to(
        '{"aggregate":"' || aggregate::text || '","event":"' || event
        || '","format":"os_events/entry/v1","position":' || "position"::text
        || ',"previous":"' || encode(previous, 'hex') || '","recorded_at":"'
        || to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","state":"' || encode(state, 'hex') || '","version":' || version::text || '}', 'UTF8')
$$;

CREATE FUNCTION log.leaf_hash(entry bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256('\x00'::bytea || entry)
$$;

-- The first position whose row does not give its leaf; nothing when all do.
CREATE FUNCTION log.first_bad() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT min(e.position)
    FROM log.events e
    LEFT JOIN log.events p ON p.aggregate_id = e.aggregate_id AND p.version = e.version - 1
    WHERE log.leaf_hash(log.ledger_entry(e.position, e.aggregate_id, e.version, e.event, e.recorded_at,
            CASE WHEN e.version = 1 THEN decode(repeat('00', 32), 'hex') ELSE p.leaf END,
            log.state_commitment(e.nonce, e.state))) IS DISTINCT FROM e.leaf
$$;
RESET ROLE;
