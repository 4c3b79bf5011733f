"""What the stand-in's Power Apps service refuses in a definition."""

from __future__ import annotations

import re
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
NO_DEFINITION = "Invalid Api definition object. Please specify a valid Swagger 2.0 Url and valid list of ServiceUrls."


def faults_of(definition: Any) -> list[str]:
    """Give what is wrong with a definition, a sentence each."""
    if not isinstance(definition, dict) or definition.get("swagger") != "2.0":
        return [NO_DEFINITION]
    info, host = definition.get("info"), definition.get("host")
    if not isinstance(info, dict) or not info.get("title") or not info.get("version"):
        return [NO_DEFINITION]
    if not isinstance(host, str) or not re.fullmatch(r"[^\s/\[\]{}:]+(:\d+)?", host):
        return [NO_DEFINITION]
    found = []
    schemes = definition.get("schemes", [])
    if not isinstance(schemes, list) or not schemes or set(schemes) - {"http", "https"}:
        found.append("The schemes of the definition must be http or https.")
    if not str(definition.get("basePath", "/")).startswith("/"):
        found.append("The base path must start with a slash.")
    if "definitions" in definition and not isinstance(definition["definitions"], dict):
        found.append("The definitions are no object.")
    return found + _operation_faults(definition.get("paths"))


def _operation_faults(paths: Any) -> list[str]:
    if not isinstance(paths, dict) or not paths:
        return ["The definition has no paths."]
    found, ids = [], set()
    for path, item in paths.items():
        if not path.startswith("/"):
            found.append(f"The path '{path}' must start with a slash.")
        for method in METHODS:
            operation = item.get(method)
            if operation is None:
                continue
            place = f"{method.upper()} {path}"
            name = operation.get("operationId")
            if not name or name in ids:
                found.append(f"{place}: the operationId is missing or used twice.")
            ids.add(name)
            if not isinstance(operation.get("responses"), dict):
                found.append(f"{place}: there are no responses.")
            tags = operation.get("tags", [])
            if len(tags) != len(set(tags)):
                found.append(f"Non-unique array item. Path '{path}.{method}.tags'.")
    return found
