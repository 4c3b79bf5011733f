"""What the rooms of one conversion share: the author's document, its references, the names given, the losses so far."""

from __future__ import annotations

from exporter.conversion.losses import LossKind, loss
from exporter.conversion.names import Names
from exporter.conversion.references import References, reference_of
from exporter.model.findings import Loss
from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer

_CONVERTED_EXTENSIONS = frozenset({"x-ms-notification-content"})


class Draft:
    """The state of one conversion."""

    def __init__(self, document: Object) -> None:
        self.document = document
        self.references = References(document)
        self.names = Names(as_object(as_object(document.get("components")).get("schemas")))
        self._losses: dict[Loss, None] = {}

    def lose(self, kind: LossKind, where: Pointer, what: str) -> None:
        """Report something that the author wrote at a place and that a connector cannot say; once."""
        self._losses.setdefault(loss(kind, where, what))

    @property
    def losses(self) -> tuple[Loss, ...]:
        """All that was lost, in the order in which we came upon it."""
        return tuple(self._losses)

    def extensions(self, value: Object, where: Pointer) -> dict[str, Json]:
        """
        Give the `x-` extensions of an object, which pass as they are.

        One that refers to a place that the connector definition does not have is left out, and reported.
        """
        found: dict[str, Json] = {}
        for key, one in value.items():
            if not key.startswith("x-") or key in _CONVERTED_EXTENSIONS:
                continue
            if _refers(one):
                self.lose("extension-with-reference-dropped", (*where, key), f"`{key}` with a `$ref` in it")
            else:
                found[key] = one
        return found


def _refers(value: Json) -> bool:
    ahead = [value]
    while ahead:
        one = ahead.pop()
        if isinstance(one, dict):
            if reference_of(one):
                return True
            ahead.extend(one.values())
        elif isinstance(one, list):
            ahead.extend(one)
    return False
