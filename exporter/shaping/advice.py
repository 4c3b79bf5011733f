"""Says which operations to leave out so that a definition keeps within the limits of Power Platform."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from exporter.model.json_values import Json, Object, as_list, as_text
from exporter.model.pointers import Pointer
from exporter.openapi.grammar import ONE
from exporter.openapi.problems import shown
from exporter.openapi.walk import Operation, internal_pointer, pointer_of, references
from exporter.shaping.things import operations_of

_SHOWN = 3
_SECTIONS = frozenset(("definitions", "parameters", "responses"))


class _Share(NamedTuple):
    """Operations that one selector takes."""

    selector: str
    size: int


class Advisor:
    """Knows what is used where in one connector definition; works it out once, when it is first asked for."""

    def __init__(self, document: Object) -> None:
        self._document = document

    def what_to_leave_out(self, pointer: Pointer = ()) -> str:
        """
        Advise on `include` and `exclude`: which selectors take most operations, or which operations use what is too large.

        `pointer` is what the finding is about, in the connector definition: the document, or a part of it.
        """
        if pointer[:1] == ("paths",) and len(pointer) > 2:  # noqa: PLR2004 - a path and a method
            return self._of_operations({pointer[:3]})
        if pointer and pointer[0] in _SECTIONS and len(pointer) > 1:
            return self._of_operations(self._users(pointer[:2]))
        shares = _largest(self._operations)
        if not shares:
            return ""
        told = ", ".join(f"`{share.selector}` ({share.size:,})" for share in shares)
        return f"Most operations have {told}: leave some out with `exclude`, or name what makers need with `include`."

    @cached_property
    def _operations(self) -> tuple[Operation, ...]:
        return tuple(operations_of(self._document))

    @cached_property
    def _used_by(self) -> Mapping[Pointer, tuple[Pointer, ...]]:
        """By shared part: what refers to it, other shared parts and operations."""
        found: dict[Pointer, dict[Pointer, None]] = {}
        for user, target in _uses(self._document):
            found.setdefault(target, {})[user] = None
        return {target: tuple(users) for target, users in found.items()}

    def _users(self, part: Pointer) -> set[Pointer]:
        """Give the operations that need a part, directly or through others; all of a path where the path itself does."""
        known, ahead = {part}, [part]
        while ahead:
            for user in self._used_by.get(ahead.pop(), ()):
                if user not in known:
                    known.add(user)
                    ahead.append(user)
        shared = {user[:2] for user in known if user[0] == "paths" and user[2:] == ("parameters",)}
        return known | {one.pointer for one in self._operations if one.pointer[:2] in shared} if shared else known

    def _of_operations(self, pointers: set[Pointer]) -> str:
        """Name operations by the selectors that would leave them out."""
        found = [one for one in self._operations if one.pointer in pointers]
        if not found:
            return "No operation uses it; `include` or `exclude` of anything leaves it out."
        more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        listed = ", ".join(f"`{_selector(one)}`" for one in found[:_SHOWN])
        return f"Or leave out what uses it: `exclude` {listed}{more}."


def _largest(listed: Sequence[Operation]) -> list[_Share]:
    """Give the tags with most operations; without tags, the first parts of paths."""
    counts: Counter[str] = Counter()
    for one in listed:
        tags = {tag for tag in as_list(one.body.get("tags")) if isinstance(tag, str) and tag.strip()}
        counts.update(f"tag:{shown(tag)[1:-1]}" for tag in tags)
    if not counts:
        counts.update(f"/{_first(one.path)}/**" for one in listed)
    return [_Share(selector, count) for selector, count in sorted(counts.items(), key=_most_first)[:_SHOWN]]


def _first(path: str) -> str:
    part = next((part for part in path.split("/") if part), "")
    return "*" if "{" in part else shown(part)[1:-1]


def _most_first(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def _selector(one: Operation) -> str:
    name = as_text(one.body.get("operationId"))
    return f"operation:{shown(name)[1:-1]}" if name else f"{one.method.upper()} {shown(one.path)[1:-1]}"


def _uses(document: Json) -> Iterator[tuple[Pointer, Pointer]]:
    for one in references(document, ONE["document"]):
        target = internal_pointer(str(one.value["$ref"])) or ()
        if target[:1] and target[0] in _SECTIONS:
            user = pointer_of(one.trail)
            yield user[:2] if user[0] in _SECTIONS else user[:3], target[:2]
