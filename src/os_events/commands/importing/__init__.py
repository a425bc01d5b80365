"""History from another system: a file, a mapping, and what becomes of each row."""
