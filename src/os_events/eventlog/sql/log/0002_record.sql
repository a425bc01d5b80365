-- The record, the answers already given, and what guards both.

SET LOCAL ROLE os_owner;

-- Every column is covered by the leaf: a change of any is found.
CREATE TABLE log.events (
    position     bigint      PRIMARY KEY,
    aggregate_id uuid        NOT NULL,
    version      bigint      NOT NULL,
    event        text        NOT NULL, -- its alphabet is log.append's business: a CHECK costs 13 us a batch
    recorded_at  timestamptz NOT NULL,
    nonce        bytea       NOT NULL,
    leaf         bytea       NOT NULL,
    state        bytea       NOT NULL,
    UNIQUE (aggregate_id, version)
);

-- Digests only (RequestKey): what was asked cannot be guessed from a row.
CREATE TABLE log.answers (
    key            uuid   PRIMARY KEY,
    body           uuid   NOT NULL,
    first_position bigint NOT NULL,
    last_position  bigint NOT NULL
);

-- By position, not by aggregate: rows and index grow at their end only, and are read in ranges.
-- By key there is no index: erasing is rare, and may look through all.
CREATE TABLE log.vault (
    position bigint NOT NULL,
    pointer  text   NOT NULL,
    key_id   uuid   NOT NULL,
    sealed   bytea  NOT NULL,
    PRIMARY KEY (position, pointer)
);

-- Keys that were destroyed: nothing may be sealed with them any more.
CREATE TABLE log.erased (key_id uuid PRIMARY KEY);

CREATE FUNCTION log.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '% on %.% is refused: the log is append-only, through log.append',
        TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- Two guards a table: what nobody does, and what only the log's own functions do.
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON log.events
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse();
CREATE TRIGGER one_way BEFORE INSERT ON log.events
    FOR EACH STATEMENT WHEN (current_user <> 'os_appender') EXECUTE FUNCTION log.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON log.answers
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse();
CREATE TRIGGER one_way BEFORE INSERT ON log.answers
    FOR EACH STATEMENT WHEN (current_user <> 'os_appender') EXECUTE FUNCTION log.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR TRUNCATE ON log.vault
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse();
CREATE TRIGGER one_way BEFORE INSERT OR DELETE ON log.vault
    FOR EACH STATEMENT WHEN (current_user <> 'os_appender') EXECUTE FUNCTION log.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON log.erased
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse();
CREATE TRIGGER one_way BEFORE INSERT ON log.erased
    FOR EACH STATEMENT WHEN (current_user <> 'os_appender') EXECUTE FUNCTION log.refuse();

ALTER TABLE log.events  ENABLE ALWAYS TRIGGER keep;
ALTER TABLE log.events  ENABLE ALWAYS TRIGGER one_way;
ALTER TABLE log.answers ENABLE ALWAYS TRIGGER keep;
ALTER TABLE log.answers ENABLE ALWAYS TRIGGER one_way;
ALTER TABLE log.vault   ENABLE ALWAYS TRIGGER keep;
ALTER TABLE log.vault   ENABLE ALWAYS TRIGGER one_way;
ALTER TABLE log.erased  ENABLE ALWAYS TRIGGER keep;
ALTER TABLE log.erased  ENABLE ALWAYS TRIGGER one_way;

GRANT SELECT, INSERT ON log.events, log.answers, log.vault, log.erased TO os_appender;
GRANT DELETE ON log.vault TO os_appender;
GRANT SELECT ON log.events, log.answers TO os_writer;
GRANT SELECT ON log.events TO os_follower, os_reader, os_ledger, os_auditor;
GRANT SELECT ON log.vault, log.erased TO os_vault;
RESET ROLE;
