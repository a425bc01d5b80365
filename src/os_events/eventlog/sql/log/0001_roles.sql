-- Who may do what in this database. Nobody logs in as any of these but os_app, which inherits
-- nothing: a process takes the one role that its work needs, at connect. Roles belong to the
-- server, not to a database: other logs on it share them.

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['os_owner', 'os_appender', 'os_writer', 'os_follower', 'os_reader',
                                'os_ledger', 'os_vault', 'os_eraser', 'os_auditor', 'os_access'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
        EXCEPTION WHEN duplicate_object THEN NULL;
        END;
    END LOOP;
    BEGIN
        CREATE ROLE os_app LOGIN NOINHERIT; -- has no password until somebody sets one
    EXCEPTION WHEN duplicate_object THEN NULL;
    END;
END $$;

GRANT os_writer, os_follower, os_reader, os_ledger, os_vault, os_auditor, os_access TO os_app;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA log AUTHORIZATION os_owner;
CREATE SCHEMA read AUTHORIZATION os_follower;   -- what is derived is made and dropped at run time
CREATE SCHEMA access AUTHORIZATION os_owner;

GRANT USAGE ON SCHEMA log
    TO os_appender, os_writer, os_follower, os_reader, os_ledger, os_vault, os_eraser, os_auditor;
GRANT USAGE ON SCHEMA read TO os_reader, os_auditor;
ALTER DEFAULT PRIVILEGES FOR ROLE os_follower IN SCHEMA read
    GRANT SELECT ON TABLES TO os_reader, os_auditor;
GRANT USAGE ON SCHEMA access TO os_access;
