"""A planted defect: an idempotency key makes nothing the same request."""

from os_events.api import dependencies
from os_events.eventlog.submission import RequestKey


def forgetful(*_: object) -> RequestKey:
    return RequestKey.new()


vars(dependencies)["request_key"] = forgetful
