"""What is wrong with the candidate: rules, schema and sign-in together, each thing said once and in the author's words."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.model.definitions import Dialect
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Object
from exporter.planning.candidate import Candidate
from exporter.reporting.importing import importable
from exporter.reporting.writer import compact
from exporter.rules.check import check
from exporter.rules.dialects import OPENAPI_3, Words
from exporter.rules.gate import schema_findings
from exporter.rules.limit_rules import OVER_LIMITS
from exporter.settings.settings import Mode, Settings

_CONTINUING = bytes(range(0x80, 0xC0))
"""In UTF-8 every other byte begins a character."""


def checked(candidate: Candidate, settings: Settings) -> tuple[Finding, ...]:
    """Give what the rules, the official schema and the sign-in find wrong with a connector, as places in the author's files."""
    document = candidate.connector.definition
    known = candidate.connection.findings  # these know the inputs, and say it better than a rule does
    better = {(finding.rule, finding.pointer) for finding in known}
    if candidate.connection.sets:
        better.add(("security-single", ("securityDefinitions",)))  # makers choose among them
    sent = compact(document)
    sizes = {"bytes_sent": len(sent), "characters_sent": len(sent.translate(None, _CONTINUING))}
    broken = tuple(
        finding
        for finding in check(document, words=_words(candidate), **sizes)
        if (finding.rule, finding.pointer) not in better
    )
    found = (*_advised(broken, document), *schema_findings(document, broken), *known, *_left_out(candidate))
    return tuple(
        finding._replace(
            pointer=candidate.places.author_pointer(finding.pointer), severity=_severity(finding, settings)
        )
        for finding in found
    )


def _words(candidate: Candidate) -> Mapping[str, Words]:
    """Give what rules say in the author's dialect where that is not Swagger 2.0."""
    return {} if candidate.places.definition.dialect is Dialect.SWAGGER_2 else OPENAPI_3


def _left_out(candidate: Candidate) -> tuple[Finding, ...]:
    """Say what of the existing properties is left out of what is imported."""
    taken = importable(candidate.connector)
    names = [name for name in candidate.connector.properties if name not in taken]
    if not names:
        return ()
    return (
        Finding(
            "properties-left-out",
            Severity.NOTICE,
            (),
            f"Power Platform refuses a connector for what the existing apiProperties.json has: {', '.join(names)}.",
            "It is left out of what is imported. `stackOwner` and `script` are for certification only; "
            "`scriptOperations` needs the input `script`.",
        ),
    )


def _advised(findings: tuple[Finding, ...], document: Object) -> tuple[Finding, ...]:
    """Say what to leave out where the definition is over a limit."""
    if not any(finding.rule in OVER_LIMITS for finding in findings):
        return findings
    from exporter.shaping.advice import Advisor

    advisor = Advisor(document)
    return tuple(
        finding._replace(advice=f"{finding.advice} {advisor.what_to_leave_out(finding.pointer)}".strip())
        if finding.rule in OVER_LIMITS
        else finding
        for finding in findings
    )


def _severity(finding: Finding, settings: Settings) -> Severity:
    """Stop express without a host: whoever imports by hand is asked for it, a service is not."""
    stops = finding.rule == "host-required" and settings.mode is Mode.EXPRESS
    return Severity.ERROR if stops else finding.severity
