"""Lists that come page by page: each page is asked of the host that gave the first, and all together have an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from exporter.edges.http import Answer
from exporter.edges.http_body import LARGEST_BODY
from exporter.edges.http_trouble import BETWEEN
from exporter.model.errors import ServiceFailed
from exporter.model.json_values import Object, as_object, as_text

MOST_PAGES = 100


def rows_of(answer: Answer, ask: Callable[[str], Answer], *, path: str, link: str) -> Iterator[Object]:
    """
    Give the rows of a first page, and those of the pages behind it.

    The member `link` is the address of the next page. `ask` gets what stands behind `path` in it: whatever host it names,
    the one that our token is for is asked. Raises ServiceFailed for what is no list, and for one that does not end or
    goes on somewhere else: half of a list would be taken for all of it.
    """
    size = 0
    for _ in range(MOST_PAGES):
        page = as_object(answer.json())
        rows = page.get("value")
        if not isinstance(rows, list):
            raise ServiceFailed(
                f"The answer holds no list: {answer.asked}.",
                advice=BETWEEN,
            )
        yield from map(as_object, rows)
        more = as_text(page.get(link))
        if not more:
            return
        place = more.lower().find(path.lower())
        rest = more[place + len(path) :]
        if place < 0 or not rest:
            raise ServiceFailed(f"The list goes on at an address that is none of it: {answer.asked}.", advice=BETWEEN)
        size += len(answer.body)
        if size > LARGEST_BODY:
            break
        answer = ask(rest)
    raise ServiceFailed(
        f"The list has more than {MOST_PAGES} pages or {LARGEST_BODY // 1024 // 1024} MB: {answer.asked}.",
        advice="Name what is meant by its id, so that no list is needed: `connector-id`, and the address of the environment.",
    )
