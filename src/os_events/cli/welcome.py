"""What ``os-events up`` does once everything runs: play the sample, and say where to look."""

import os
import shutil
import sys

from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.cli.advice import advice
from os_events.cli.link import sign_in_link
from os_events.cli.output import note, say
from os_events.cli.sample.counter import SampleStoppedError
from os_events.cli.sample.play import play
from os_events.commands.beginning import FIRST_EVENTS
from os_events.eventlog.cluster import SYSTEM_USER
from os_events.settings import Settings


def welcome(settings: Settings, port: int, *, with_sample: bool) -> None:
    """Play the sample on an empty log, and tell."""
    with Installation(settings) as installation:
        if with_sample and installation.log.head() <= FIRST_EVENTS:
            try:
                play(installation, settings.host, port, edge_clock())
            except SampleStoppedError as error:
                note(f"note: {error.slug}: {error}")
        tell(installation, f"http://{settings.host}:{port}")


def tell(installation: Installation, address: str) -> None:
    """Say where to look, and what should be known."""
    settings, refusal = installation.settings, installation.log.refusal
    say(
        f"os_events está no ar / is running: {address}",
        f"  entrar, uma vez / sign in, once:  {sign_in_link(installation, address)}",
        f"  API:                              {address}/docs",
        f"  chave para curl / key for curl:   export KEY=$({called()} keys new --role manager -q)",
        f"  dados / data:                     {settings.data_directory}",
    )
    if os.geteuid() == 0 and installation.databases.server:
        note(f"note: run by root, the embedded database works as the user {SYSTEM_USER}")
    for words in advice(settings):
        note(f"note: {words}")
    if refusal:
        note(f"NADA É REGISTRADO / NOTHING IS RECORDED: {refusal.slug}: {refusal}")
    note("Ctrl-C para tudo / stops everything.")


def called() -> str:
    """Say how this program is called from where it was started."""
    return "os-events" if shutil.which("os-events") == sys.argv[0] else sys.argv[0]
