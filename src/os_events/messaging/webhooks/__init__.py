"""Events for those without Kafka: posted to an address of theirs, signed, in order per order."""
