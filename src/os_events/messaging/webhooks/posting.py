"""One post to an address that was checked: five seconds, no redirects, no proxies."""

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Timer
from time import monotonic

from os_events.errors import UnavailableError
from os_events.messaging.webhooks.addresses import Address, Gate, Target

FOUND_IN_TIME = 30.0  # seconds for the name server: a lease has to last until the status is there
IN_TIME = 5.0  # seconds, from the first packet to the status
MOST = 64 * 1024  # bytes of the answer that are read, and forgotten


class NoAnswerError(UnavailableError):
    """The receiver did not answer in five seconds, or not as a web server does. Look at it."""

    slug = "webhook-no-answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said."""

    status: int
    retry_after: str | None = None


class _Checked(HTTPConnection):
    """Connects to addresses that were checked; name and certificate are those of the target."""

    def __init__(
        self, target: Target, addresses: Sequence[Address], context: ssl.SSLContext
    ) -> None:
        super().__init__(target.host, target.port, timeout=IN_TIME)
        self._target, self._addresses, self._context = target, addresses, context
        self._late = False

    def connect(self) -> None:
        plain = self._reached()
        if self._target.scheme == "https":
            named = self._target.host
            secure = self._context.wrap_socket(
                plain, server_hostname=named, do_handshake_on_connect=False
            )
            self.sock = secure  # so that it can be cut while it shakes hands
            self.check_in_time()
            secure.do_handshake()
        else:
            self.sock = plain
            self.check_in_time()

    def check_in_time(self) -> None:
        """Raise TimeoutError once it was cut: what is there may be half of an answer."""
        if self._late:
            raise TimeoutError

    def _reached(self) -> socket.socket:
        *others, last = self._addresses
        for address in others:
            with suppress(OSError):
                return socket.create_connection((str(address), self._target.port), IN_TIME / 4)
        return socket.create_connection((str(last), self._target.port), IN_TIME)

    def cut(self) -> None:
        """End it, whatever it is doing."""
        self._late = True
        if self.sock:
            with suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@dataclass(frozen=True)
class Post:
    """Posts messages to wherever the gate lets them go."""

    gate: Gate
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post once; give what was answered. Raises AddressRefusedError, NoAnswerError."""
        target, begun = self.gate.parsed(url), monotonic()
        connection = _Checked(target, self.gate.addresses(target), self.context)
        if monotonic() - begun > FOUND_IN_TIME:
            raise NoAnswerError(f"{target.host}: its name server is slow")
        late = Timer(IN_TIME, connection.cut)  # a timeout of a socket begins anew with each byte
        late.start()
        try:
            with closing(connection):
                told = {"Host": target.authority, "Connection": "close", **headers}
                connection.request("POST", target.path, body, told)
                answer = connection.getresponse()
                connection.check_in_time()
                with suppress(OSError, HTTPException):  # the status is all that counts
                    answer.read(MOST)
                return Answer(answer.status, answer.headers.get("Retry-After"))
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswerError(f"{target.host}: {type(error).__name__}") from error
        finally:
            late.cancel()
