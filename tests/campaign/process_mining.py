"""What pm4py says of two exported logs. It runs in an environment of its own, where that is.

Usage: process_mining.py XES OCEL; it prints JSON.
"""

import json
import sys
from typing import Any

import pm4py  # type: ignore[import-not-found]  # never a dependency: its licence is the AGPL

CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"
DONE, CLOSED = "service-order.work-completed", "service-order.closed"


def traces(path: str) -> dict[str, Any]:
    """Read a log of traces, discover a model, replay the log on it."""
    log = pm4py.read_xes(path)
    net, start, end = pm4py.discover_petri_net_inductive(log, noise_threshold=0.2)
    replayed = pm4py.fitness_token_based_replay(log, net, start, end)
    graph, _, _ = pm4py.discover_dfg(log)
    return {
        "traces": int(log[CASE].nunique()),
        "events": len(log),
        "in_order": bool(
            log.groupby(CASE)[TIME].apply(lambda at: at.is_monotonic_increasing).all()
        ),
        "places": len(net.places),
        "transitions": len([one for one in net.transitions if one.label]),
        "fitness": round(float(replayed["log_fitness"]), 3),
        "edges": len(graph),
        "spans": spans(log),
        "statuses": statuses(log),
    }


def spans(log: Any) -> dict[str, list[int | None]]:
    """Give the seconds from the first event of each case to the last completion and closing."""
    began = log.groupby(CASE)[TIME].min()
    ends = [log[log[ACTIVITY] == name].groupby(CASE)[TIME].max() for name in (DONE, CLOSED)]
    return {
        str(case): [int((end[case] - at).total_seconds()) if case in end else None for end in ends]
        for case, at in began.items()
    }


def statuses(log: Any) -> dict[str, int]:
    """Give the seconds from each event to the next of its case, by the status after it."""
    lasted = log.groupby(CASE)[TIME].shift(-1) - log[TIME]
    sums = lasted.dt.total_seconds().groupby(log["status"]).sum()
    return {str(status): int(seconds) for status, seconds in sums.items() if seconds}


def objects(path: str) -> dict[str, Any]:
    """Read an object-centric log, and discover a model."""
    log = pm4py.read_ocel2_json(path)
    graph = pm4py.discover_ocdfg(log)
    return {
        "events": len(log.events),
        "objects": len(log.objects),
        "types": sorted(pm4py.ocel_get_object_types(log)),
        "relations": len(log.relations),
        "activities": len(graph["activities"]),
    }


if __name__ == "__main__":
    xes, ocel = sys.argv[1:]
    print(json.dumps({"xes": traces(xes), "ocel": objects(ocel)}))
