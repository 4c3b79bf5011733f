"""Several ways of signing in at once: `connectionParameterSets` of apiProperties.json, which makers choose among."""

from __future__ import annotations

from collections.abc import Iterable

from exporter.model.json_values import Json, Object, as_list, as_object
from exporter.security.parameters import with_inputs
from exporter.security.providers import PROVIDERS
from exporter.settings.settings import Auth, SecuritySettings

_LABELS = {Auth.NONE: "No sign-in", Auth.API_KEY: "API key", Auth.BASIC: "User name and password"}


def parameter_sets(ways: Iterable[tuple[Auth, Object]]) -> Object:
    """
    Make the sets out of the parameters of each way.

    Shape: https://learn.microsoft.com/connectors/custom-connectors/multi-auth. A connection that somebody signed in to
    is theirs and is not shared; one that holds a key can be.
    """
    return {
        "uiDefinition": {"displayName": "Authentication type", "description": "How connections sign in."},
        "values": [_set(auth, parameters) for auth, parameters in ways],
    }


def sets_with_inputs(sets: Object, settings: SecuritySettings) -> Object:
    """Give existing sets with what the inputs say otherwise."""
    values: list[Json] = []
    for one in as_list(sets.get("values")):
        entry = as_object(one)
        known = "parameters" in entry
        values.append({**entry, "parameters": with_inputs(as_object(entry["parameters"]), settings)} if known else one)
    return {**sets, "values": values} if values else sets


def label_of(auth: Auth) -> str:
    """Name a way of signing in for people."""
    return PROVIDERS[auth].words if auth in PROVIDERS else _LABELS.get(auth, auth.value)


def _set(auth: Auth, parameters: Object) -> Object:
    label = label_of(auth)
    return {
        "name": auth.value,
        "uiDefinition": {"displayName": label, "description": f"Sign in with: {label}"},
        "parameters": parameters,
        "metadata": {"allowSharing": auth not in PROVIDERS},
    }
