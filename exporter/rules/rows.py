"""What a rule is: a row that says how bad and what to say, and a finder that says where it is broken."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from exporter.model.findings import Severity
from exporter.model.json_values import Object
from exporter.model.pointers import Pointer
from exporter.rules.sizes import Weight

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
KINDS = ("document", "security", "path", "operation", "parameter", "response", "schema", "whole")
"""The kinds of things that the walk hands out; the `whole` is the document again, once everything in it was seen."""


class Hit(NamedTuple):
    """A place where a rule is broken, seen from the thing that was looked at."""

    tail: Pointer = ()
    detail: str = ""
    """Fills the `{}` of the row's message."""


class Parameter(NamedTuple):
    """A parameter of an operation, its reference followed."""

    pointer: Pointer
    """Where it is listed: in the operation or in its path."""
    body: Object
    target: Pointer
    """Where it is written: the same, or below `parameters` of the document."""


class Operation(NamedTuple):
    """An operation with what it takes from its path."""

    pointer: Pointer
    path: str
    method: str
    body: Object
    parameters: tuple[Parameter, ...]
    """Its own and those of its path that it does not replace."""


class Scene(NamedTuple):
    """What finders know of the document as a whole."""

    document: Object
    operations: tuple[Operation, ...]
    by_id: Mapping[str, Operation]
    definitions: Object
    weights: Mapping[Pointer, Weight]
    """What each outermost schema holds with its references followed; only there for rules about the `whole`."""
    bytes_sent: int
    """The size of the definition as it is sent; 0 is unknown."""
    characters_sent: int
    parameters: Callable[[Operation], Mapping[str, Parameter]]
    """An operation's parameters by name, its body also by the empty name; worked out once."""
    needed: Callable[[Operation], tuple[str, ...]]
    """The names of what an operation cannot be called without, beside its body; worked out once."""
    characters: Callable[[Operation], int]
    """How much of the definition an operation is, as it is sent; worked out once."""
    requested: Callable[[], frozenset[str]]
    """The definitions that requests lead to; worked out when it is first asked for."""


class Spot(NamedTuple):
    """One thing of the document, handed to the finders of its kind."""

    kind: str
    """One of KINDS."""
    thing: Object
    pointer: Pointer
    scene: Scene
    operation: Operation | None = None
    root: Object | None = None
    """Of a schema: the outermost one that it stands in."""
    side: str = ""
    """Of a schema: `body`, `response`, `definition`, `notification`, `items` or `header`."""


Finder: TypeAlias = Callable[[Spot], Iterable[Hit]]


class Rule(NamedTuple):
    """One rule: what it looks at, how bad it is and what to say."""

    id: str
    """Stable; a heading in docs/rules.md. Microsoft's own code in kebab-case where there is one."""
    severity: Severity
    kinds: str
    """The kinds of things that it looks at, set apart by blanks."""
    key: str
    """It looks only at things that have this key; empty looks at all."""
    finder: Finder
    message: str
    advice: str
    together: bool = False
    """Told once, with the number of places: what is broken everywhere or nowhere."""
    value: str = ""
    """It looks only at things where that key has this text; empty looks at any value."""
    of_shape: bool = False
    """It goes by the keys of a thing and the types of their values: of things that are alike it looks at one."""


def tail_to(thing: Object, key: str) -> Pointer:
    """
    Point at a key, or at the thing itself where the key is not there.

    >>> tail_to({"a": 1}, "a"), tail_to({}, "a")
    (('a',), ())
    """
    return (key,) if key in thing else ()
