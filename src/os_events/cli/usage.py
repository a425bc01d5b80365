"""What is not understood: options, settings, files that do not fit."""

from pydantic import ValidationError

from os_events.errors import OsEventsError
from os_events.settings import PREFIX


class UsageError(OsEventsError):
    """The command was not understood. See ``os-events COMMAND --help``."""

    slug = "usage"


def misfits(error: ValidationError) -> str:
    """Say which settings do not fit, and why, without their values."""
    found = error.errors(include_url=False, include_input=False)
    named = [f"{PREFIX}{str(one['loc'][0]).upper()}: {one['msg']}" for one in found if one["loc"]]
    return "; ".join(named)
