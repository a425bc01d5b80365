-- A database of read models on another machine: rows derived from what came by a topic. It holds no
-- personal values and no record: all of it can be made again from the log.

DO $$
DECLARE name text;
BEGIN
    IF to_regclass('log.events') IS NOT NULL THEN
        RAISE EXCEPTION 'this is the database of a log: a reader takes one of its own'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    FOREACH name IN ARRAY ARRAY['os_owner', 'os_follower', 'os_reader', 'os_auditor', 'os_figures'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
        EXCEPTION WHEN duplicate_object THEN NULL; -- roles are the server's: a log may be on it too
        END;
    END LOOP;
    BEGIN
        CREATE ROLE os_app LOGIN NOINHERIT; -- has no password until somebody sets one
    EXCEPTION WHEN duplicate_object THEN NULL;
    END;
END $$;

GRANT os_follower, os_reader, os_auditor, os_figures TO os_app;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA read AUTHORIZATION os_follower;      -- what is derived is made and dropped at run time
CREATE SCHEMA bi AUTHORIZATION os_follower;
CREATE SCHEMA messaging AUTHORIZATION os_follower; -- so is what it is derived from

GRANT USAGE ON SCHEMA read, messaging TO os_reader, os_auditor;
GRANT USAGE ON SCHEMA bi TO os_figures;
ALTER DEFAULT PRIVILEGES FOR ROLE os_follower IN SCHEMA read
    GRANT SELECT ON TABLES TO os_reader, os_auditor;
ALTER DEFAULT PRIVILEGES FOR ROLE os_follower IN SCHEMA messaging
    GRANT SELECT ON TABLES TO os_reader, os_auditor;
ALTER DEFAULT PRIVILEGES FOR ROLE os_follower IN SCHEMA bi GRANT SELECT ON TABLES TO os_figures;

SET LOCAL ROLE os_follower;

CREATE TABLE messaging.consumed (              -- where a reader goes on, by partition of its topic
    reader        text        NOT NULL,
    topic         text        NOT NULL,
    partition     int         NOT NULL,
    next_offset   bigint      NOT NULL,
    last_position bigint      NOT NULL,            -- the highest in the log that was taken in
    epoch         int         NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    stopped       text,                            -- why it stands still at next_offset, if it does
    stopped_since timestamptz,
    PRIMARY KEY (reader, topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE messaging.received (                  -- rows of the log, as they are there
    aggregate_id uuid        NOT NULL,
    version      bigint      NOT NULL,
    position     bigint      NOT NULL UNIQUE,
    event        text        NOT NULL,
    recorded_at  timestamptz NOT NULL,
    nonce        bytea       NOT NULL,
    leaf         bytea       NOT NULL,
    state        bytea       NOT NULL,
    PRIMARY KEY (aggregate_id, version)
);
RESET ROLE;
