"""What a path says that a connector's cannot: what stands behind `?` is sent as query parameters, one name is taken."""

import re
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from exporter.conversion.draft import Draft
from exporter.conversion.nodes import Node
from exporter.model.json_values import Json, as_text
from exporter.model.pointers import Pointer

Query: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values; a value in braces is for makers to fill in."""
TAKEN, FREE = "{connectionId}", "{connection_id}"
"""Power Platform keeps this name to itself; that of a variable in a path is never sent, so it may be another one."""
Found: TypeAlias = dict[tuple[Json, Json], Node]
"""Parameters by place and name."""
# Up to the first `?` or `#` that stands in no braces.
_SENT = re.compile(r"(?:[^?#{]|\{[^{}]*\}?)*")
# https://www.rfc-editor.org/rfc/rfc6570: `{?a,b}` and `{#a}` are a query and a fragment.
_EXPANSION = re.compile(r"\{[?&#][^{}]*\}")


def sent(path: str) -> str:
    """
    Give the path itself, without a query or a fragment.

    >>> sent("/orders?action=list"), sent("/{id?}#one"), sent("/orders{?page}")
    ('/orders', '/{id?}', '/orders')
    """
    path = _EXPANSION.sub("", path)
    found = _SENT.match(path)
    return found[0] if found else path


def query_of(path: str) -> Query:
    """
    Give what the query of a path says.

    >>> query_of("/orders?action=list&page={page}#one")
    (('action', 'list'), ('page', '{page}'))
    """
    if "?" not in path:
        return ()
    from urllib.parse import parse_qsl

    path = _EXPANSION.sub("", path)
    query = path[len(sent(path)) :].partition("#")[0]
    said = parse_qsl(query[1:], keep_blank_values=True) if query else []
    return tuple((name, value) for name, value in said if name)


class Variables(NamedTuple):
    """What stands in braces in a path and its query."""

    names: Mapping[str, None]
    """In the path itself."""
    small: Mapping[str, str]
    """Those names that no parameter has, by their small letters."""
    queried: Mapping[str, str]
    """The names of query parameters, by the name in the braces that are their value."""


def variables(names: Iterable[str], query: Query, said: Container[tuple[str, str]] = ()) -> Variables:
    """
    Tell what stands in braces; `said` are the parameters, by place and name.

    >>> variables(["itemId"], (("page", "{p}"), ("kind", "one"))).queried
    {'p': 'page'}
    """
    listed = list(names)
    asked = {value[1:-1]: name for name, value in reversed(query) if value[:1] == "{" and value[-1:] == "}"}
    small = {name.lower(): name for name in reversed(listed) if ("path", name) not in said}
    return Variables(dict.fromkeys(listed), small, asked)


def named_as_in_path(node: Node, found: Variables) -> Node:
    """Give a path parameter as the path has it: with its new name or other letters, or as the query parameter it is."""
    name = as_text(node["name"])
    if node["in"] != "path" or name in found.names:
        return node
    if name == TAKEN[1:-1] and FREE[1:-1] in found.names:
        return _again(node, {"name": FREE[1:-1]})
    if name in found.queried:
        query = _again(node, {"name": found.queried[name], "in": "query"})
        query.pop("x-ms-url-encoding", None)
        return query
    alike = found.small.get(name.lower())
    return node if alike is None else _again(node, {"name": alike})


def is_taken(node: Node) -> bool:
    """Tell whether a parameter or form field has the name that Power Platform keeps to itself, and is sent with it."""
    return node["name"] == TAKEN[1:-1] and node["in"] not in {"body", "path"}


def says_taken(query: Query) -> bool:
    """Tell whether the query of a path sends the name that Power Platform keeps to itself."""
    return any(name == TAKEN[1:-1] for name, _ in query)


def add_query(draft: Draft, found: Found, query: Query, where: Pointer) -> None:
    """Add what the query of a path says to the parameters of an operation; of a name that is there twice the first."""
    added: set[str] = set()
    for name, value in query:
        key = ("query", name)
        if name in added:
            draft.lose("parameter-repeated", where, f"`{name}={value[:60]}` in the query of the path")
            continue
        added.add(name)
        declared = found.get(key)
        open_ = not value or "{" in value
        if declared is not None and open_:
            found[key] = _again(declared, {"required": True})
            continue
        if declared is not None:
            draft.lose("parameter-repeated", declared.origin, f"the parameter `{name}`, which the path says")
        found[key] = Node(where, {"name": name, "in": "query", "required": True, "type": "string"})
        if not value:
            found[key]["allowEmptyValue"] = True
        if "{" in value:
            draft.lose("path-parameter-added", where, f"`{name}` in the query of the path")
        else:
            found[key].update({"enum": [value], "default": value, "x-ms-visibility": "internal"})


def _again(node: Node, values: dict[str, Json]) -> Node:
    """Give a copy of a parameter that several operations may share, with other values."""
    copy = Node(node.origin, {**node, **values})
    copy.moved = dict(node.moved)
    return copy
