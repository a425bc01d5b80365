-- The only ways to change the record. They belong to os_appender, whom the guards let through, and
-- nobody can become os_appender.

-- Append a batch of commands. The event arrays hold the events of the first command, then those of
-- the second, and so on; sizes says how many each has. Within a command, the events of one aggregate
-- stand together. The last four arrays are the rows for the vault, in the same order; places says to
-- which event each belongs. One row comes back for each command, in order, with its last event:
--   done      its events are in the log now, at first_position .. last_position
--   replayed  they already were: the key is known, and the body is the same
--   misused   the key is known with another body
--   conflict  somebody else moved an aggregate that it names, perhaps earlier in this batch, or
--             erased a key that it sealed a value with
CREATE FUNCTION log.append(
    keys uuid[], bodies uuid[], sizes int[],
    aggregates uuid[], versions bigint[], names text[], states bytea[],
    places int[], pointers text[], key_ids uuid[], seals bytea[]
) RETURNS TABLE (
    outcome text, aggregate_id uuid, version bigint, first_position bigint, last_position bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp AS $$
#variable_conflict use_column
DECLARE
    none      CONSTANT bytea := decode(repeat('00', 32), 'hex');
    -- the system's random bytes are read once a batch: a nonce is a hash of them and of its number
    chance    CONSTANT bytea := uuid_send(gen_random_uuid());
    commands  CONSTANT int[] := ARRAY[cardinality(sizes)];
    taken     CONSTANT int[] := ARRAY[cardinality(aggregates)];
    came_at   bigint;              -- the last position, when this batch came
    head      bigint;              -- the last position that it has taken
    clock     timestamptz;         -- when its next event is recorded
    lo        int := 1;            -- the events of a command are lo .. hi of the arrays
    hi        int;
    place     int := 1;            -- the next row for the vault
    dead      uuid[];              -- those of its keys that have been erased
    known     log.answers%ROWTYPE;
    follows   bigint;              -- the version that an event must follow; 0 before the first
    previous  bytea;               -- the leaf of that version; none before the first
    moved     uuid[] := '{}';      -- aggregates that this batch has moved
    earlier   int;                 -- a command of this batch that was recorded under the same key
    done      uuid[]        := array_fill(NULL::uuid, commands);
    firsts    bigint[]      := array_fill(NULL::bigint, commands);
    lasts     bigint[]      := array_fill(NULL::bigint, commands);
    positions bigint[]      := array_fill(NULL::bigint, taken);
    times     timestamptz[] := array_fill(NULL::timestamptz, taken);
    befores   bytea[]       := array_fill(NULL::bytea, taken);
    nonces    bytea[]       := array_fill(NULL::bytea, taken);
    leaves    bytea[]       := array_fill(NULL::bytea, taken);
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'an older snapshot would number from an old head';
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    PERFORM pg_advisory_xact_lock(hashtext('log.append'));
    SELECT position, recorded_at + interval '1 microsecond' INTO came_at, clock
    FROM events ORDER BY position DESC LIMIT 1;
    came_at := coalesce(came_at, 0);
    head := came_at;
    clock := greatest(clock_timestamp(), clock);
    SELECT array_agg(key_id) INTO dead FROM erased WHERE key_id = ANY (key_ids);

    FOR command IN 1 .. cardinality(sizes) LOOP
        hi := lo + sizes[command] - 1;
        outcome := 'done';
        aggregate_id := aggregates[hi];
        version := versions[hi];
        first_position := head + 1;
        last_position := head + sizes[command];

        SELECT * INTO known FROM answers WHERE key = keys[command];
        earlier := array_position(done, keys[command]);
        IF earlier IS NOT NULL THEN
            known := (done[earlier], bodies[earlier], firsts[earlier], lasts[earlier]);
        END IF;
        IF known.key IS NOT NULL THEN
            outcome := CASE known.body WHEN bodies[command] THEN 'replayed' ELSE 'misused' END;
            first_position := known.first_position;
            last_position := known.last_position;
            SELECT e.aggregate_id, e.version INTO aggregate_id, version
            FROM events e WHERE e.position = known.last_position;
            IF earlier IS NOT NULL THEN -- not among the events yet
                aggregate_id := aggregates[array_position(positions, last_position)];
                version := versions[array_position(positions, last_position)];
            END IF;
        ELSE
            FOR n IN lo .. hi LOOP
                IF n > lo AND aggregates[n] = aggregates[n - 1] THEN
                    follows := versions[n - 1];
                ELSE
                    SELECT version, leaf INTO follows, previous
                    FROM events WHERE aggregate_id = aggregates[n] ORDER BY version DESC LIMIT 1;
                    follows := coalesce(follows, 0);
                    befores[n] := coalesce(previous, none);
                END IF;
                IF versions[n] <> follows + 1 OR aggregates[n] = ANY (moved) THEN
                    outcome := 'conflict';
                END IF;
                WHILE places[place] = n LOOP
                    IF key_ids[place] = ANY (dead) THEN
                        outcome := 'conflict';
                    END IF;
                    place := place + 1;
                END LOOP;
            END LOOP;
            IF outcome = 'conflict' THEN
                first_position := NULL;
                last_position := NULL;
            ELSE
                FOR n IN lo .. hi LOOP
                    IF names[n] !~ '^[A-Za-z][A-Za-z0-9_.:/-]*$' OR length(names[n]) > 120 THEN
                        RAISE EXCEPTION 'an entry of the ledger cannot hold the name %', names[n];
                    END IF;
                    head := head + 1;
                    positions[n] := head;
                    times[n] := clock;
                    nonces[n] := substring(sha256(chance || int4send(n)) FOR 16);
                    previous := coalesce(befores[n], previous);
                    previous := leaf_hash(ledger_entry(
                        head, aggregates[n], versions[n], names[n], clock,
                        previous, state_commitment(nonces[n], states[n])));
                    leaves[n] := previous;
                    clock := clock + interval '1 microsecond';
                END LOOP;
                moved := moved || aggregates[lo:hi];
                done[command] := keys[command];
                firsts[command] := first_position;
                lasts[command] := last_position;
            END IF;
        END IF;

        RETURN NEXT;
        WHILE places[place] <= hi LOOP -- of a command that is not recorded
            place := place + 1;
        END LOOP;
        lo := hi + 1;
    END LOOP;

    INSERT INTO answers (key, body, first_position, last_position)
    SELECT * FROM unnest(done, bodies, firsts, lasts) AS a (key, body, first, last)
    WHERE key IS NOT NULL;
    INSERT INTO events (position, aggregate_id, version, event, recorded_at, nonce, leaf, state)
    SELECT *
    FROM unnest(positions, aggregates, versions, names, times, nonces, leaves, states)
         AS e (position, aggregate, number, name, instant, nonce, leaf, state)
    WHERE position IS NOT NULL;
    IF cardinality(places) > 0 THEN
        INSERT INTO vault (position, pointer, key_id, sealed)
        SELECT positions[place], pointer, key_id, seal
        FROM unnest(places, pointers, key_ids, seals) AS v (place, pointer, key_id, seal)
        WHERE positions[place] IS NOT NULL;
    END IF;
    IF head > came_at AND pg_notification_queue_usage() < 0.5 THEN
        PERFORM pg_notify('log', head::text);
    END IF;
END $$;

-- From when this commits, nothing more is sealed with these keys: an append that is under way has
-- ended, and later ones are told. Destroy the keys first, call this, then log.erase.
CREATE FUNCTION log.forbid(keys uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp AS $$ BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    PERFORM pg_advisory_xact_lock(hashtext('log.append'));
    INSERT INTO erased SELECT DISTINCT key FROM unnest(keys) AS k (key) ON CONFLICT DO NOTHING;
END $$;

-- Delete what was sealed with forbidden keys; say whose histories it was in. Appends go on meanwhile.
CREATE FUNCTION log.erase() RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp AS $$ BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    RETURN QUERY
    WITH gone AS (DELETE FROM vault WHERE key_id IN (SELECT key_id FROM erased) RETURNING position)
    SELECT DISTINCT aggregate_id FROM events WHERE position IN (SELECT position FROM gone);
END $$;

ALTER FUNCTION log.append OWNER TO os_appender;
ALTER FUNCTION log.forbid OWNER TO os_appender;
ALTER FUNCTION log.erase OWNER TO os_appender;
REVOKE ALL ON FUNCTION log.append, log.forbid, log.erase FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.append TO os_writer;
GRANT EXECUTE ON FUNCTION log.forbid, log.erase TO os_eraser;
