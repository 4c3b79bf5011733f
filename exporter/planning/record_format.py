"""How a record is written down: one JSON document, the same in a git ref and in a file of the workspace."""

from __future__ import annotations

import binascii
import json

from exporter.model.connectors import Connector
from exporter.model.json_values import Object
from exporter.model.plans import Record
from exporter.openapi.json_reading import deeper_than
from exporter.openapi.limits import DEEPEST_CONNECTOR
from exporter.reporting.writer import pretty
from exporter.security.secrets import without_secrets

SCHEMA = 1
LARGEST_RECORD = 16 * 1024 * 1024
"""Far more than the 1 MB each that the platform takes of definition, icon and script."""
_LONGEST_LINE = 2000


class NotARecord(ValueError):
    """What is kept as a record cannot be read as one; the text says why, and fits behind "the record ...: "."""


def write_record(record: Record) -> bytes:
    """Write a record as JSON for people to read, its keys in the order they came."""
    connector = record.connector
    content: Object = {
        "schema": SCHEMA,
        "fingerprint": record.fingerprint,
        "commit": record.commit,
        "time": record.time,
        "run": record.run,
        "connector_id": record.connector_id,
        "environment": record.environment,
        "announced": record.announced,
        "definition": connector.definition,
        "properties": connector.properties,
        "script": connector.script,
        "icon": binascii.b2a_base64(connector.icon, newline=False).decode("ascii"),
    }
    return pretty(content) + b"\n"


def looks_like_a_record(content: bytes) -> bool:
    """
    Tell a record from a definition by what it starts with.

    >>> looks_like_a_record(b'{"schema": 1, "fingerprint": ""}'), looks_like_a_record(b'{"swagger": "2.0"}')
    (True, False)
    """
    return content[:40].translate(None, b" \r\n\t").startswith(b'{"schema":')


def read_record(content: bytes) -> Record:
    """Read what `write_record` wrote. Raises NotARecord for whatever else is there."""
    if len(content) > LARGEST_RECORD:
        raise NotARecord(f"it is larger than {LARGEST_RECORD >> 20} MB")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotARecord("it is no JSON") from error
    if not isinstance(document, dict):
        raise NotARecord("it is no JSON object")
    if deeper_than(document, DEEPEST_CONNECTOR):
        raise NotARecord(f"its values are nested deeper than {DEEPEST_CONNECTOR} levels")
    if document.get("schema") != SCHEMA:
        raise NotARecord(f"its `schema` is not {SCHEMA}, the only one that this version of the exporter knows")
    fingerprint, definition = _line(document, "fingerprint"), _object(document, "definition")
    announced = _line(document, "announced")
    if not (fingerprint or announced) or not definition:
        raise NotARecord("it has no `fingerprint` or no `definition`")
    return Record(
        fingerprint=fingerprint,
        connector=Connector(
            definition=definition,
            properties=without_secrets(_object(document, "properties")),  # anybody may have written the file
            icon=_icon(_text(document, "icon")),
            script=_text(document, "script"),
        ),
        commit=_line(document, "commit"),
        time=_line(document, "time"),
        run=_line(document, "run"),
        connector_id=_line(document, "connector_id"),
        environment=_line(document, "environment"),
        announced=announced,
    )


def _object(document: Object, key: str) -> Object:
    value = document.get(key, {})
    if not isinstance(value, dict):
        raise NotARecord(f"its `{key}` is no JSON object")
    return value


def _text(document: Object, key: str) -> str:
    value = document.get(key, "")
    if not isinstance(value, str):
        raise NotARecord(f"its `{key}` is no text")
    return value


def _line(document: Object, key: str) -> str:
    value = _text(document, key)
    if len(value) > _LONGEST_LINE or not value.isprintable():
        raise NotARecord(f"its `{key}` is not one short line of text")
    return value


def _icon(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise NotARecord("its `icon` is not written in base64") from error
