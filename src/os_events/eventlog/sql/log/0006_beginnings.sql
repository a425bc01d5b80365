-- What began with which event: a rebuild asks, and need not look through everything that followed.

SET LOCAL ROLE os_owner;
CREATE INDEX beginnings ON log.events (event, position) INCLUDE (aggregate_id) WHERE version = 1;
RESET ROLE;
