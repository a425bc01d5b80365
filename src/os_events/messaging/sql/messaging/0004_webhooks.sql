-- To whom events are posted, and which ones are due. Secrets are sealed by the key-encryption key,
-- which lies outside both databases.

CREATE TABLE messaging.endpoint (
    id            uuid        PRIMARY KEY,
    url           text        NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    types         text[],                              -- of public events; NULL: all
    position      bigint      NOT NULL CHECK (position >= 0),  -- deliveries are written up to here
    kek_id        text        NOT NULL,
    secret        bytea       NOT NULL,
    former        bytea,                               -- the secret before; signs as well, until:
    former_until  timestamptz,
    made_at       timestamptz NOT NULL,
    failing_since timestamptz,                         -- nothing got through since
    off_since     timestamptz,
    off_because   text        CHECK (off_because IN ('asked', 'gone', 'failing')),
    stopped_at    bigint,                              -- the event that cannot be told, if any
    stopped_by    text,
    CHECK ((off_since IS NULL) = (off_because IS NULL)),
    CHECK ((former IS NULL) = (former_until IS NULL)),
    CHECK ((stopped_at IS NULL) = (stopped_by IS NULL))
);

CREATE TABLE messaging.delivery (
    endpoint      uuid        NOT NULL REFERENCES messaging.endpoint,
    order_id      uuid        NOT NULL,                -- of a test: the endpoint's own id
    version       integer     NOT NULL,
    position      bigint      NOT NULL,                -- of a test: 0
    type          text        NOT NULL,
    state         text        NOT NULL DEFAULT 'waiting'
                              CHECK (state IN ('waiting', 'done', 'failed')),  -- failed: a test only
    attempt       integer     NOT NULL DEFAULT 0,
    waiting_since timestamptz NOT NULL,
    due_at        timestamptz NOT NULL,
    leased_until  timestamptz,                         -- somebody sends it; the lease is theirs
    tried_at      timestamptz,
    last_status   integer,                             -- of HTTP
    last_error    text,                                -- where there was none
    PRIMARY KEY (endpoint, order_id, version)
) WITH (fillfactor = 80);

CREATE INDEX delivery_waiting ON messaging.delivery (endpoint, order_id, version)
    WHERE state = 'waiting';
CREATE INDEX delivery_tried ON messaging.delivery (endpoint, tried_at);

ALTER TABLE messaging.endpoint OWNER TO os_owner;
ALTER TABLE messaging.delivery OWNER TO os_owner;
GRANT SELECT, INSERT, UPDATE ON messaging.endpoint TO os_messenger;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.delivery TO os_messenger;
