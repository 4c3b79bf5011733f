"""Tells which inputs contradict each other, or would do nothing beside the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.settings.settings import FailOn, Mode, Settings


def contradictions(settings: Settings) -> Iterator[str]:
    """Give a complaint, which begins with the input's name, for each."""
    if settings.fail_on is FailOn.DRIFT and settings.mode is settings.asked_mode:
        if settings.record.kind == "none":
            yield "record: is none, and without a record nobody can tell drift, which fail-on names."
        if settings.mode is Mode.MANUAL:
            yield "fail-on: is drift, and manual does not look at the live connector; check does."
    if settings.baseline.kind == "live" and settings.mode is Mode.MANUAL and settings.mode is settings.asked_mode:
        yield "baseline: is live, and manual does not look at the live connector; check and express do."
    if settings.restore and settings.asked_mode is not Mode.EXPRESS:
        yield "restore: puts a connector back into its environment, and that needs mode express."
    if settings.look.script_operations and not settings.look.script:
        yield "script-operations: names what a script handles, and script is left out."
    if settings.bundle_directory == ".":
        yield "bundle-directory: the workspace itself would be replaced; name a folder in it."
    if not _is_tame(settings.bundle_directory):
        yield (
            "bundle-directory: later steps find it in outputs, and a shell would not take it for a plain name; "
            "use letters, digits, spaces and . _ - + @ / only."
        )


def _is_tame(path: str) -> bool:
    r"""
    Tell whether a path means only itself where a workflow pastes it into a script, as many do with outputs.

    >>> [_is_tame(path) for path in ("out/bundle 1", "x$(id)", "a;b", "-rf", "a\nb")]
    [True, False, False, False, False]
    """
    return re.fullmatch(r"(?!-)[\w ./+@-]*", path) is not None
