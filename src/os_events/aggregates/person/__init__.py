"""Somebody whom the house knows: customer, requester, technician. The home of personal data."""
