-- What a publisher stands still for, until it goes on.

CREATE TABLE messaging.publisher_health (              -- of a topic; no row: nothing is wrong
    topic      text        PRIMARY KEY,
    error      text        NOT NULL,                   -- its slug
    words      text        NOT NULL,
    since      timestamptz NOT NULL DEFAULT clock_timestamp()
);

ALTER TABLE messaging.publisher_health OWNER TO os_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.publisher_health TO os_messenger;
GRANT SELECT ON messaging.publisher_health TO os_reader, os_auditor;
