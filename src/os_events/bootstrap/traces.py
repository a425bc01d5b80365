"""Where traces are sent: by OTLP over HTTP, with the extra ``otel``, if a setting says where."""

from collections.abc import Iterator
from contextlib import contextmanager

from os_events import tracing
from os_events.bootstrap.databases import SettingMissingError
from os_events.settings import Settings

PATIENCE = 5.0  # seconds that a collector is given, also when the process ends


@contextmanager
def traces_sent(settings: Settings, process: str) -> Iterator[None]:
    """Send what is traced while the process does its work; nothing without the setting.

    Raises: SettingMissingError without the extra.
    """
    if settings.otlp_endpoint is None:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SettingMissingError("OS_EVENTS_OTLP_ENDPOINT takes the extra `otel`") from error
    named = Resource.create({"service.name": "os-events", "service.instance.id": process})
    provider = TracerProvider(resource=named, shutdown_on_exit=False)
    address = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address, timeout=PATIENCE)))
    tracing.record_by(provider.get_tracer("os_events"))
    try:
        yield
    finally:
        tracing.record_by(None)
        provider.shutdown()
