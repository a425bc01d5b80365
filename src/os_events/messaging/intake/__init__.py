"""Requests of other systems, taken from topics: each becomes a command once, and is answered."""
