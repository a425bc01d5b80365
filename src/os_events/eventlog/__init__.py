"""The log: append, read, map, keep personal values apart, and the SQL of schema log."""
