"""Several reads in one request, as OData has them: each in a part of a multipart body, each answered in one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from exporter.edges.http import Answer
from exporter.edges.http_trouble import BETWEEN
from exporter.model.errors import ServiceFailed

BOUNDARY = "batch_of_reads"


def batch_body(paths: Sequence[str], headers: dict[str, str]) -> bytes:
    """Write the body of a batch of GET requests (OData 4.01 protocol, 11.7; lines end as HTTP's do)."""
    said = [f"{name}: {value}" for name, value in headers.items()]
    head = (f"--{BOUNDARY}", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "")
    lines = [line for path in paths for line in (*head, f"GET {path} HTTP/1.1", *said, "", "")]
    return "\r\n".join([*lines, f"--{BOUNDARY}--", ""]).encode()


def batch_answers(answer: Answer, number: int) -> list[Answer]:
    """Give the answers to the parts, in their order. Raises ServiceFailed where there are not as many as were asked for."""
    boundary = re.search(r'boundary="?([^";,\s]+)"?', answer.headers.get("content-type", ""))
    found = list(_parts(answer.body, boundary[1].encode())) if boundary else []
    if len(found) != number:
        raise ServiceFailed(
            f"The answer holds {len(found)} of {number} parts: {answer.asked}.",
            advice=BETWEEN,
        )
    return [one._replace(asked=answer.asked) for one in found]


def _parts(body: bytes, boundary: bytes) -> Iterator[Answer]:
    for part in body.split(b"--" + boundary)[1:-1]:
        _, _, inner = part.partition(b"\r\n\r\n")
        head, _, content = inner.partition(b"\r\n\r\n")
        status = re.match(rb"HTTP/1\.[01] (\d{3})", head)
        if status:
            yield Answer(int(status[1]), {}, content)
