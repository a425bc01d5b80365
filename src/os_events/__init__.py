"""Service orders as an event-sourced, verifiable record."""
