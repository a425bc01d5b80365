"""What analysts take along: event logs for process mining, and tables."""
