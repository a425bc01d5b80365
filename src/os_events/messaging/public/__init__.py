"""What others may rely on: one shape an event, kept apart from how we record it."""
