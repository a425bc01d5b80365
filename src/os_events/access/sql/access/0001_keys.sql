-- Who is asking. No secret is stored: only its HMAC under a pepper that lies outside the database.
-- What a key may do never changes: os_access may add one, say that it was used, and end it.

CREATE TABLE access.keys (
    id           text        PRIMARY KEY,
    digest       bytea       NOT NULL CHECK (octet_length(digest) = 32),
    label        text        NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
    actor        text        NOT NULL,
    role         text        NOT NULL,
    units        uuid[],                               -- NULL: all
    made_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL CHECK (expires_at <= made_at + interval '366 days'),
    last_used_at timestamptz,
    revoked_at   timestamptz
);

CREATE TABLE access.links (                            -- each signs in once
    digest       bytea       PRIMARY KEY CHECK (octet_length(digest) = 32),
    key_id       text        NOT NULL REFERENCES access.keys,
    expires_at   timestamptz NOT NULL
);

CREATE TABLE access.sessions (
    digest       bytea       PRIMARY KEY CHECK (octet_length(digest) = 32),
    key_id       text        NOT NULL REFERENCES access.keys,
    made_at      timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL
);

ALTER TABLE access.keys OWNER TO os_owner;
ALTER TABLE access.links OWNER TO os_owner;
ALTER TABLE access.sessions OWNER TO os_owner;

GRANT SELECT, INSERT ON access.keys TO os_access;
GRANT UPDATE (last_used_at, revoked_at) ON access.keys TO os_access;
GRANT SELECT, INSERT, DELETE ON access.links TO os_access;
GRANT SELECT, INSERT, DELETE ON access.sessions TO os_access;
GRANT UPDATE (seen_at) ON access.sessions TO os_access;
