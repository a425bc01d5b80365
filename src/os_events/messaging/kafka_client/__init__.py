"""Kafka by kafka-python: the one room that imports it."""
