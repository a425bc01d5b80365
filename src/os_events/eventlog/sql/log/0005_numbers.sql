-- Numbers that people read: of orders, of protocols. Gaps mean nothing.

SET LOCAL ROLE os_owner;

CREATE TABLE log.numbers (scope text PRIMARY KEY, last bigint NOT NULL);

-- In a transaction of its own, before the decision. It need not wait for the disk: whatever records
-- the number commits later, and what is on disk of that is preceded by this.
CREATE FUNCTION log.next_number(scope text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp AS $$
#variable_conflict use_column
DECLARE drawn bigint;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO numbers AS n (scope, last) VALUES (next_number.scope, 1)
    ON CONFLICT (scope) DO UPDATE SET last = n.last + 1
    RETURNING last INTO drawn;
    RETURN drawn;
END $$;

REVOKE ALL ON FUNCTION log.next_number FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.next_number TO os_writer;
RESET ROLE;
