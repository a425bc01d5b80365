"""A small collector of traces: takes in what OTLP sends over HTTP, on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass
class Collector:
    """What has come in so far."""

    address: str = ""
    requests: list[bytes] = field(default_factory=list)

    def spans(self, name: str) -> list[Any]:
        """Give the spans of a name."""
        return [span for span in self.all_spans() if span.name == name]

    def all_spans(self) -> Iterator[Any]:
        for body in self.requests:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    yield from scope.spans


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run one."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers["Content-Encoding"] == "gzip"
            if self.path == "/v1/traces":
                collector.requests.append(decompress(body) if packed else body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, args=(0.1,))
        thread.start()
        yield collector
        server.shutdown()
        thread.join()
