"""Pages about settings and commands, generated from their classes; ``reference.py`` writes them."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from os_events.cli.main import parser
from os_events.settings import PREFIX, Settings

SETTINGS_HEAD = """# Settings

Environment variables, read once when a command starts. With none set, everything runs on this
machine, on a database of its own. What cannot be is refused before anything is opened, with the
name of the setting.

| variable | default | meaning |
|---|---|---|
"""
COMMANDS_HEAD = """# Commands

`os-events COMMAND --help` shows the same. Settings: [settings.md](settings.md).

"""
WIDTH = "100"


def settings() -> str:
    """Write the page of settings."""
    rows = (
        f"| `{PREFIX}{name.upper()}` | {default(name)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )
    return SETTINGS_HEAD + "".join(rows)


def default(name: str) -> str:
    """Write a default; that of the data directory depends on who runs the program."""
    found: Any = Settings.model_fields[name].default
    if isinstance(found, SecretStr | Path) or found is None:
        return "–"
    return f"`{str(found).lower() if isinstance(found, bool) else found}`" if shown(name) else "–"


def shown(name: str) -> bool:
    return Settings.model_fields[name].default_factory is None


def commands() -> str:
    """Write the page of commands: their help, as it is printed 100 columns wide."""
    os.environ["COLUMNS"] = WIDTH  # noqa: TID251 - argparse reads it
    told = [f"```text\n{whole.format_help()}```\n" for whole in everything(parser())]
    return COMMANDS_HEAD + "\n".join(told)


def everything(whole: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Give a parser, and those below it, in the order in which they were added."""
    yield whole
    for action in whole._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from everything(one)


PAGES = {"settings.md": settings, "commands.md": commands}
