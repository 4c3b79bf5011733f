"""Connections that end at a moment, whatever the other side does: one that sends a byte a minute does not hold a run."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter

_PIECE = 64 * 1024


class DeadlineAdapter(HTTPAdapter):
    """
    Sends requests as requests does, until `left` says that no seconds are left.

    A timeout of a socket begins anew with each byte, for the head of an answer (http.client reads as many interim ones as
    are sent), the lines between chunks, and those behind them. Raises as requests does for a timeout.
    """

    def __init__(self, left: Callable[[], float]) -> None:
        self._left = left
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - theirs
        """Give the connections to a host, each of which knows the deadline."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        if not issubclass(pool.ConnectionCls, _Timed):
            pool.ConnectionCls = type("Timed", (_Timed, pool.ConnectionCls), {"left": staticmethod(self._left)})
        return pool


class _Timed:
    """What a connection has to do otherwise than http.client's."""

    left: Callable[[], float]

    def send(self, data: Any) -> None:  # noqa: ANN401 - theirs
        """Send in pieces, so that somebody who takes them slowly is noticed."""
        if not isinstance(data, bytes):
            return super().send(data)  # type: ignore[misc, no-any-return]
        for start in range(0, len(data), _PIECE):
            _check(self.left())
            super().send(data[start : start + _PIECE])  # type: ignore[misc]
        return None

    def response_class(self, sock: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:  # noqa: ANN401 - theirs
        """Read an answer, from its first byte to its last, until the deadline."""
        response = HTTPResponse(sock, *args, **kwargs)
        response.fp = io.BufferedReader(_Bytes(response.fp.detach(), sock, self.left))
        return response


class _Bytes(io.RawIOBase):
    """The bytes of a socket, as long as there is time."""

    def __init__(self, raw: Any, sock: socket.socket, left: Callable[[], float]) -> None:  # noqa: ANN401 - a SocketIO
        self._raw = raw
        self._sock = sock
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any buffer
        left, silence = _check(self._left()), self._sock.gettimeout()
        if silence is not None and silence < left:
            return self._raw.readinto(buffer)  # type: ignore[no-any-return]
        self._sock.settimeout(left)
        try:
            return self._raw.readinto(buffer)  # type: ignore[no-any-return]
        finally:
            self._sock.settimeout(silence)  # the next request on this connection has a time of its own

    def close(self) -> None:
        self._raw.close()
        super().close()


def _check(left: float) -> float:
    if left <= 0:
        raise TimeoutError
    return left
