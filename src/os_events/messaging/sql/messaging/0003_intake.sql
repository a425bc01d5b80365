-- How far the topics are read from which requests come. It is in the log's database, so that a log
-- that is restored to an earlier day asks again for what it has forgotten.

CREATE TABLE messaging.consumed (
    reader      text        NOT NULL,
    topic       text        NOT NULL,
    partition   int         NOT NULL,
    next_offset bigint      NOT NULL CHECK (next_offset >= 0),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (reader, topic, partition)
) WITH (fillfactor = 50);

ALTER TABLE messaging.consumed OWNER TO os_owner;
GRANT SELECT, INSERT, UPDATE ON messaging.consumed TO os_messenger;
GRANT SELECT ON messaging.consumed TO os_reader, os_auditor;
