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
    if settings.look.script_operations and not settings.look.script:
        yield "script-operations: names what a script handles, and script is left out."
    yield from _solution(settings)
    if settings.bundle_directory == ".":
        yield "bundle-directory: the workspace itself would be replaced; name a folder in it."
    if settings.sarif and not settings.sarif.endswith((".sarif", ".sarif.json")):
        yield "sarif: is written over, and other tools know it by its name: let it end in `.sarif`."
    if not _is_tame(settings.bundle_directory):
        yield (
            "bundle-directory: later steps find it in outputs, and a shell would not take it for a plain name; "
            "use letters, digits, spaces and . _ - + @ / only."
        )


def _solution(settings: Settings) -> Iterator[str]:
    # Rules of Dataverse: learn.microsoft.com/power-platform/alm/create-solution#solution-publisher
    solution, publisher = settings.deployer.solution, settings.publisher
    if solution and settings.mode is Mode.MANUAL and not re.fullmatch(r"[A-Za-z_]\w{0,64}", solution, re.ASCII):
        yield "solution: is no unique name; it has letters, digits and underscores only, and begins with no digit."
    if publisher and not re.fullmatch(r"[A-Za-z_]\w{0,63}:(?!mscrm)[a-z][a-z0-9]{1,7}", publisher, re.ASCII):
        yield (
            "publisher: is no unique name, colon and prefix such as `ContosoLtd:cont`; the prefix has 2 to 8 small letters "
            "and digits, begins with a letter, and not with `mscrm`."
        )


def _is_tame(path: str) -> bool:
    r"""
    Tell whether a path means only itself where a workflow pastes it into a script, as many do with outputs.

    >>> [_is_tame(path) for path in ("out/bundle 1", "x$(id)", "a;b", "-rf", "a\nb")]
    [True, False, False, False, False]
    """
    return re.fullmatch(r"(?!-)[\w ./+@-]*", path) is not None
