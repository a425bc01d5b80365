"""Facts: what figures are made of, each a pure function of one order's whole history."""

from typing import Any

from os_events.followers.derivation import Derivation
from os_events.projections.facts.entries import ENTRIES
from os_events.projections.facts.intervals import OrderIntervals
from os_events.projections.facts.milestones.table import MILESTONES
from os_events.projections.facts.traits import TRAITS

FACTS: tuple[Derivation[Any], ...] = (TRAITS, OrderIntervals.derivation, MILESTONES, ENTRIES)
