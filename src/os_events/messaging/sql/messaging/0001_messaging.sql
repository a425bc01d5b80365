-- How far what leaves and what comes in is. os_messenger reads the log, and keeps these tables.

DO $$
BEGIN
    CREATE ROLE os_messenger NOLOGIN NOINHERIT;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;

GRANT os_messenger TO os_app;

CREATE SCHEMA messaging AUTHORIZATION os_owner;
GRANT USAGE ON SCHEMA messaging TO os_messenger, os_reader, os_auditor;
GRANT USAGE ON SCHEMA log TO os_messenger;
GRANT SELECT ON log.events TO os_messenger;

CREATE TABLE messaging.published (                     -- of a topic; no row: nothing yet
    topic      text        PRIMARY KEY,
    position   bigint      NOT NULL CHECK (position >= 0),
    ends       jsonb       NOT NULL,                   -- by partition: one more than the last acknowledged
    clean      boolean     NOT NULL,                   -- its publisher stopped in good order
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

ALTER TABLE messaging.published OWNER TO os_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.published TO os_messenger;
GRANT SELECT ON messaging.published TO os_reader, os_auditor;
