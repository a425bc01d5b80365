"""Where figures of a benchmark go: to the screen, and into one file for later comparison."""

import json
import os
from pathlib import Path

QUICK = os.environ.get("QUICK") == "1"
FILE = Path("build") / "bench.json"


def report(benchmark: str, figures: dict[str, float]) -> None:
    """Keep the figures of one benchmark, and leave those of the others as they are."""
    FILE.parent.mkdir(exist_ok=True)
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    kept[benchmark] = {name: round(figure, 3) for name, figure in figures.items()}
    FILE.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
