"""Whom consumer law protects."""

from os_events.values.scalars import Code


class ConsumerStatus(Code):
    """Whether consumer law protects a customer; unknown counts as consumer."""

    CONSUMER = "consumer", "Consumidor"
    BUSINESS = "business", "Empresa não consumidora"
    UNKNOWN = "unknown", "Não informado"
