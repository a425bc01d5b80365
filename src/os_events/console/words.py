"""The texts of the pages, all of them in ``words.toml``, each in both languages."""

import tomllib
from functools import cache
from importlib.resources import files

from os_events.values.words import Language, Told


@cache
def texts() -> dict[str, Told]:
    """Read every text by its key, ``<table>.<name>``."""
    source = files("os_events.console").joinpath("words.toml").read_text("utf-8")
    return {
        f"{table}.{name}": Told(**told)
        for table, entries in tomllib.loads(source).items()
        for name, told in entries.items()
    }


def text(key: str, language: Language, **values: object) -> str:
    """Say a text. A key that is not there is a bug, and a KeyError."""
    return str(getattr(texts()[key], language).format(**values))
