"""Counting days: where a day ends, and which days count (rules.md 2)."""
