"""``os-events serve``: run the API and the pages, until Ctrl-C or SIGTERM.

Views and checkpoints are kept by `os-events follow`, beside it or on another machine.
"""

import argparse

import uvicorn

from os_events.bootstrap.installation import Installation
from os_events.bootstrap.looks import watched_serving
from os_events.bootstrap.running import collect_seldom, web_app
from os_events.bootstrap.watched import observed
from os_events.cli.logs import configure_logs
from os_events.cli.supervision import add_metrics_port, add_supervised, when_parent_ends
from os_events.settings import Settings

GRACE = 5  # seconds that requests under way are given when we stop


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, help="instead of OS_EVENTS_PORT")
    add_metrics_port(parser)
    add_supervised(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Serve until stopped."""
    settings = Settings() if arguments.port is None else Settings(port=arguments.port)
    configure_logs()
    collect_seldom()
    with Installation(settings) as installation:
        config = uvicorn.Config(
            web_app(installation),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        server = uvicorn.Server(config)
        when_parent_ends(arguments, lambda: setattr(server, "should_exit", True))
        with observed(settings, watched_serving(installation), arguments.metrics_port):
            server.run()
