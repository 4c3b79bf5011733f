"""Bodies: those of requests are written, those of answers read as they come in, at most so many bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from exporter.model.json_values import Json

if TYPE_CHECKING:
    import requests

LARGEST_BODY = 64 * 1024 * 1024
_PIECE = 64 * 1024
_BEGINNING = 4096


def body_of(value: Json, form: Mapping[str, str] | None, data: bytes | None) -> tuple[bytes | None, dict[str, str]]:
    """Give the body of a request, made of one of these, and the headers that say what it is."""
    if value is not None:
        return json.dumps(value, separators=(",", ":")).encode(), {"Content-Type": "application/json"}
    if form is not None:
        from urllib.parse import urlencode

        return urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    return data, {}


def read_body(response: requests.Response, most: int) -> bytes:
    """Give at most `most` bytes, unpacked: a small answer may unpack to a huge one. Raises the errors of urllib3."""
    body = bytearray()
    while len(body) < most:
        piece = response.raw.read1(min(_PIECE, most - len(body)), decode_content=True)
        if not piece:
            break
        body += piece
    return bytes(body)


def beginning_of(response: requests.Response) -> bytes:
    """Give how the body of a refusal begins, as far as it is to be had: the status in front of it says what counts."""
    from urllib3.exceptions import HTTPError

    try:
        return read_body(response, _BEGINNING)
    except (HTTPError, OSError):
        return b""
