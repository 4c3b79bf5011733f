"""Tells valid Swagger 2.0 from the rest with the official schema, and says in plain words what is not valid."""

from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from itertools import islice
from typing import NamedTuple

from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer

MOST_FINDINGS = 100
"""Explaining costs a thousand times more than judging; nobody reads more than this."""
MOST_EXPLAINED = 50_000
"""Values in the parts that are explained, all together: jsonschema looks at so many in three seconds."""
# The sections whose members are judged one by one: which part of the schema their members follow, and what is valid
# in the place of a member while the rest of the document is judged.
_SECTIONS: Mapping[str, tuple[str, Json]] = {
    "paths": ("pathItem", {}),
    "definitions": ("schema", {}),
    "parameters": ("parameter", {"name": "a", "in": "query", "type": "string"}),
    "responses": ("response", {"description": ""}),
}
_SKIPPED = Finding(
    "schema",
    Severity.NOTICE,
    (),
    "The definition was not held against the official Swagger 2.0 schema, because the gate has not been built.",
    "Run `make`, which builds it; the container image has it.",
)
_TOO_DEEP = Finding(
    "schema", Severity.WARNING, (), "The definition is nested too deep to be checked.", "Make its schemas flatter."
)
_TOO_LARGE = Finding(
    "schema",
    Severity.WARNING,
    (),
    "From here on the definition does not follow the official Swagger 2.0 schema; it is too much to say where.",
    "Correct what is listed, and check again.",
)
_MORE = Finding(
    "schema",
    Severity.WARNING,
    (),
    f"There is more that does not follow the official Swagger 2.0 schema than the {MOST_FINDINGS} places listed.",
    "Correct what is listed, and check again.",
)


class _Judge(NamedTuple):
    """What decides whether something is valid, and the schema to explain it with."""

    is_valid: Callable[[str, Json], bool]
    """Takes the name of a part of the schema (empty: all of it) and a value."""
    schema: Callable[[], Object]


class _Unit(NamedTuple):
    """A part of the document that is judged alone."""

    part: str
    value: Json
    pointer: Pointer


def schema_findings(document: Object, known: Collection[Finding] = ()) -> tuple[Finding, ...]:
    """
    Find where a connector definition does not follow the official JSON Schema of Swagger 2.0.

    Pointers lead into `document`; all findings are warnings, with the id of Microsoft's code for it, or with `schema`
    where it has none. What stands exactly where an error or warning of `known` stands is left out, for it has been said better. Where the gate was not generated the schema is
    taken from openapi-spec-validator; where that is missing too, one notice says that nothing was checked.
    """
    judge = _generated() or _fallback()
    if judge is None:
        return (_SKIPPED,)
    told = {finding.pointer for finding in known if finding.pointer and finding.severity is not Severity.NOTICE}
    told |= {finding.pointer[:-1] for finding in known if finding.rule == "array-duplicate-value"}
    try:
        if judge.is_valid("", document):
            return ()
        findings = (finding for finding in _explained(document, judge) if finding.pointer not in told)
        first = tuple(islice(findings, MOST_FINDINGS))
        return (*first, _MORE) if next(findings, None) else first
    except RecursionError:
        return (_TOO_DEEP,)


def _explained(document: Object, judge: _Judge) -> Iterator[Finding]:
    from exporter.rules.explain import explain

    room = MOST_EXPLAINED
    for unit in _units(document):
        if not judge.is_valid(unit.part, unit.value):
            room -= _size(unit.value, room)
            if room <= 0:
                yield _TOO_LARGE._replace(pointer=unit.pointer)
                return
            for pointer, rule, message, advice in explain(judge.schema(), unit.part, unit.value):
                yield Finding(rule, Severity.WARNING, unit.pointer + pointer, message, advice)


def _size(value: Json, most: int) -> int:
    """Count values, as far as that matters."""
    ahead, count = [value], 0
    while ahead and count < most:
        one = ahead.pop()
        count += 1
        ahead.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
    return count


def _units(document: Object) -> Iterator[_Unit]:
    """Cut the document into parts, so that only what is wrong has to be explained; together they say the same."""
    if not isinstance(document, dict):
        yield _Unit("", document, ())
        return
    rest = {
        key: dict.fromkeys(value, _SECTIONS[key][1]) if key in _SECTIONS and isinstance(value, dict) else value
        for key, value in document.items()
    }
    yield _Unit("", rest, ())
    for section, (part, _) in _SECTIONS.items():
        for name, value in as_object(document.get(section)).items():
            if section != "paths" or name.startswith("/"):
                yield _Unit(part, value, (section, name))


def _generated() -> _Judge | None:
    try:
        gate = import_module("exporter.generated.swagger2_gate")
    except ModuleNotFoundError:
        return None

    def is_valid(part: str, value: Json) -> bool:
        validate = getattr(gate, f"validate___definitions_{part.lower()}" if part else "validate")
        try:
            validate(value)
        except gate.JsonSchemaValueException:
            return False
        return True

    def schema() -> Object:
        written: Object = import_module("exporter.generated.swagger2_schema").SCHEMA
        return written

    return _Judge(is_valid, schema)


def _fallback() -> _Judge | None:
    try:
        schema = dict(import_module("openapi_spec_validator.schemas").schema_v2)
    except ModuleNotFoundError:
        return None
    from exporter.rules.explain import validator

    return _Judge(lambda part, value: bool(validator(schema, part).is_valid(value)), lambda: schema)
