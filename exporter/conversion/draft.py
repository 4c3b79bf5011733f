"""What the rooms of one conversion share: the author's document, its references, the names given, the losses so far."""

from __future__ import annotations

from collections import Counter

from exporter.conversion.losses import LossKind, loss
from exporter.conversion.names import Names
from exporter.conversion.references import References
from exporter.conversion.values import is_number, key_of
from exporter.model.findings import Loss
from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer

NOTIFICATION = "x-ms-notification-content"
"""What a webhook trigger receives; it holds a schema, stands beside the operations of a path, and is converted there."""


MOST_LOSSES = 10_000
"""Of one kind; GitHub's API has a third of that, and more are counted, not listed."""


class Draft:
    """The state of one conversion."""

    def __init__(self, document: Object) -> None:
        self.document = document
        self.references = References(document)
        self.names = Names(as_object(as_object(document.get("components")).get("schemas")))
        self._losses: dict[Loss, None] = {}
        self._counts: Counter[LossKind] = Counter()

    def lose(self, kind: LossKind, where: Pointer, what: str) -> None:
        """Report something that the author wrote at a place and that a connector cannot say; once."""
        lost = loss(kind, where, what)
        if lost not in self._losses:
            self._counts[kind] += 1
            if self._counts[kind] <= MOST_LOSSES:
                self._losses[lost] = None

    @property
    def losses(self) -> tuple[Loss, ...]:
        """All that was lost, in the order in which we came upon it; of kinds with too many, how many more there are."""
        more = {kind: count - MOST_LOSSES for kind, count in self._counts.items() if count > MOST_LOSSES}
        counted = (
            loss(kind, (), f"{count:,} more of this kind, not listed")._replace(times=count)
            for kind, count in more.items()
        )
        return (*self._losses, *counted)

    def text(self, written: Object, where: Pointer, key: str) -> str | None:
        """Give a text that stands in an object, also one that YAML read as a number; None where there is none."""
        value = written.get(key)
        if isinstance(value, str) or value is None:
            return value
        if is_number(value):
            return key_of(value)
        self.lose("keyword-invalid", (*where, key), f"`{key}` that is no text")
        return None

    def report_others(
        self, written: Object, where: Pointer, known: frozenset[str], *, extensions: bool = False
    ) -> None:
        """Report what stands in an object beside what is known there; extensions too, where they cannot pass."""
        if written.keys() <= known:
            return
        for key in written:
            if key not in known and (extensions or not key.startswith("x-")):
                self.lose("details-dropped", (*where, key), f"`{key[:60]}`")

    def extensions(self, value: Object, where: Pointer) -> dict[str, Json]:
        """
        Give the `x-` extensions of an object, which pass as they are.

        References to schemas lead to their definitions; an extension with another reference is left out, and reported.
        """
        found: dict[str, Json] = {}
        for key, one in value.items():
            if not key.startswith("x-") or key == NOTIFICATION:
                continue
            kept = self._redirected(one) if _refers(one) else one
            if kept is None and one is not None:
                self.lose("extension-with-reference-dropped", (*where, key), f"`{key}` with a `$ref` in it")
            else:
                found[key] = kept
        return found

    def _redirected(self, value: Json) -> Json:
        """Give a copy whose references lead to definitions of the output; None where one of them cannot."""
        if isinstance(value, dict):
            members = {key: self._redirected(one) for key, one in value.items()}
            if isinstance(reference := value.get("$ref"), str):
                target = self.references.find(reference)
                name = self.names.known(target.pointer) if target else None
                members["$ref"] = f"#/definitions/{name}" if name else None
            return None if any(members[key] is None and value[key] is not None for key in members) else members
        if isinstance(value, list):
            items = [self._redirected(one) for one in value]
            return None if any(a is None and b is not None for a, b in zip(items, value, strict=True)) else items
        return value


def _refers(value: Json) -> bool:
    ahead = [value]
    while ahead:
        one = ahead.pop()
        if isinstance(one, dict):
            if isinstance(one.get("$ref"), str):
                return True
            ahead.extend(one.values())
        elif isinstance(one, list):
            ahead.extend(one)
    return False
