-- Schema keys: the wrapped data keys. Best in a database of its own, with short-lived backups.

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['os_owner', 'os_keeper', 'os_eraser'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
        EXCEPTION WHEN duplicate_object THEN NULL;
        END;
    END LOOP;
    BEGIN
        CREATE ROLE os_app LOGIN NOINHERIT;
    EXCEPTION WHEN duplicate_object THEN NULL;
    END;
END $$;

GRANT os_keeper TO os_app;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA keys AUTHORIZATION os_owner;
SET LOCAL ROLE os_owner;

CREATE TABLE keys.data_keys (
    key_id    uuid  PRIMARY KEY,
    subject   uuid  NOT NULL,
    retention text  NOT NULL,
    cohort    text  NOT NULL,
    kek_id    text  NOT NULL,
    wrapped   bytea NOT NULL,
    UNIQUE (subject, retention, cohort)
);

GRANT USAGE ON SCHEMA keys TO os_keeper, os_eraser;
GRANT SELECT, INSERT ON keys.data_keys TO os_keeper;
GRANT SELECT, DELETE ON keys.data_keys TO os_eraser;
RESET ROLE;
