"""Guard rails: what an export does not do unless it is allowed by name, because it is more often a mistake than meant."""

from collections.abc import Iterator
from typing import NamedTuple

from exporter.model.connectors import Connector
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Object, as_object, as_text
from exporter.model.plans import Record
from exporter.openapi.grammar import SWAGGER_METHODS
from exporter.ports import World
from exporter.security.kinds import kinds
from exporter.settings.settings import Allow, Mode, Settings

_HALF = 2
_EXAMPLES = 3


class Guard(NamedTuple):
    """A guard rail that this export would go through."""

    allow: Allow
    message: str
    stops: bool
    """Whether it stops this run, or only says that it would stop another one."""


def guards(
    settings: Settings, before: Connector | None, after: Connector, record: Record | None, world: World
) -> tuple[Guard, ...]:
    """
    Give the guard rails that an export of `after` would go through.

    `before` is what makers have now: the live connector where this run looked, else the baseline. They stop express,
    which nobody watches. Whoever imports a bundle reads first, so it is only stopped where it is out of date. A check
    says what would stop.
    """
    express, checks = settings.mode is Mode.EXPRESS, settings.mode is Mode.CHECK
    found: list[Guard] = []
    if before is not None:
        if gone := _most_operations(before.definition, after.definition):
            found.append(Guard(Allow.REMOVE_OPERATIONS, gone, express))
        if changed := _other_sign_in(before.properties, after.properties):
            found.append(Guard(Allow.CHANGE_SIGN_IN, changed, express))
    if not checks and (older := _older(record, world)):
        found.append(Guard(Allow.OLDER_COMMIT, older, stops=True))
    return tuple(guard for guard in found if guard.allow not in settings.allow)


def finding_of(guard: Guard) -> Finding:
    """Put a guard rail that does not stop this run into a finding."""
    return Finding(
        "guard-rail",
        Severity.WARNING,
        (),
        f"{guard.message} Express does not do that unless it is told to.",
        f"Make sure that it is meant. `allow: {guard.allow.value}` lets express do it.",
    )


def _operations(definition: Object) -> Iterator[str]:
    """Name operations as makers' flows do: by operationId, else by method and path."""
    for path, item in as_object(definition.get("paths")).items():
        for method in SWAGGER_METHODS:
            operation = as_object(item).get(method)
            if isinstance(operation, dict):
                yield as_text(operation.get("operationId")) or f"{method.upper()} {path}"


def _most_operations(before: Object, after: Object) -> str:
    there, left = tuple(dict.fromkeys(_operations(before))), frozenset(_operations(after))
    gone = [name for name in there if name not in left]
    if len(gone) * _HALF <= len(there):
        return ""
    examples = ", ".join(f"`{name}`" for name in gone[:_EXAMPLES]) + (", …" if len(gone) > _EXAMPLES else "")
    many = "All" if len(gone) == len(there) else f"{len(gone)} of"
    return f"{many} {len(there)} operations that makers have would be removed: {examples}."


def _other_sign_in(before: Object, after: Object) -> str:
    was, will = kinds(before), kinds(after)
    if was <= will:
        return ""
    left, right = (" and ".join(f"`{kind}`" for kind in sorted(some)) for some in (was, will))
    return f"Connections would sign in in another way, and every one has to be made again: {left} became {right}."


def _older(record: Record | None, world: World) -> str:
    ours, theirs = world.origin.commit, record.commit if record is not None and record.fingerprint else ""
    if not ours or not theirs or ours == theirs or world.history is None:
        return ""
    if not world.history.holds(theirs, ours):
        return ""
    return f"This run is for the commit {ours[:7]}, which is older than {theirs[:7]}, which was exported last."
