"""Writes the lines by which somebody accepts breaking changes and findings on purpose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from exporter.model.changes import Change
from exporter.model.findings import Finding, Severity
from exporter.model.pointers import pointer_text

_UNUSUAL = re.compile(r"[^A-Za-z0-9_.-]+")
_NAME = 80


def entry_lines(change: Change) -> tuple[str, ...]:
    r"""
    Give the entry for one change in the file of accepted changes, in YAML, the reason and the day left to be filled in.

    >>> from exporter.model.changes import Impact
    >>> print(*entry_lines(Change("operation-removed", Impact.BREAKING, {}, (), "", "", "a41f9c20a41f9c20", "Get\norder")), sep="\n")
      - fingerprint: "a41f9c20a41f9c20"  # operation-removed Get-order
        reason: ""
        until: ""
    """
    about = " ".join(_UNUSUAL.sub("-", name)[:_NAME] for name in (change.id, change.operation) if name)
    return (f'  - fingerprint: "{change.fingerprint}"  # {about}', '    reason: ""', '    until: ""')


def file_lines(changes: Iterable[Change]) -> list[str]:
    """Give a file of accepted changes that has an entry for each of these."""
    return ["accepted:", *(line for change in changes for line in entry_lines(change))]


def finding_lines(finding: Finding) -> tuple[str, ...]:
    r"""
    Give the entry for one finding, in YAML; one that stands for several places has no place of its own.

    >>> from exporter.model.findings import Severity
    >>> print(*finding_lines(Finding("host-production", Severity.WARNING, ("host",), "", "")), sep="\n")
      - finding: host-production
        place: "/host"
        reason: ""
        until: ""
    """
    place = () if finding.times > 1 else (f"    place: {json.dumps(pointer_text(finding.pointer))}",)
    return (f"  - finding: {finding.rule}", *place, '    reason: ""', '    until: ""')


def acceptable(findings: Iterable[Finding]) -> list[Finding]:
    """Give the findings that somebody may want to accept: not mere notices, nor what is wrong with another file."""
    return [one for one in findings if one.severity is not Severity.NOTICE and not one.file]
