"""Rules about sign-in: security definitions and what operations require of them."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import Json, as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.rules.rows import NOTICE, WARNING, Hit, Rule, Spot

# What a scheme needs, by type and by flow: the table of Swagger 2.0's Security Scheme Object.
_NEEDED = {
    "basic": (),
    "apiKey": ("name", "in"),
    "oauth2": ("flow", "scopes"),
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "application": ("tokenUrl",),
    "accessCode": ("authorizationUrl", "tokenUrl"),
}
_ALLOWED = {
    "basic": frozenset(("type", "description")),
    "apiKey": frozenset(("type", "description", "name", "in")),
    "oauth2": frozenset(("type", "description", "flow", "scopes", "authorizationUrl", "tokenUrl")),
}


def _missing(spot: Spot) -> Iterator[Hit]:
    kind, flow = as_text(spot.thing.get("type")), as_text(spot.thing.get("flow"))
    needed = _NEEDED.get(kind, ()) + (_NEEDED.get(flow, ()) if kind == "oauth2" else ())
    for key in needed if kind in _ALLOWED else ():
        if key not in spot.thing:
            yield Hit((), key)


def _not_allowed(spot: Spot) -> Iterator[Hit]:
    allowed = _ALLOWED.get(as_text(spot.thing.get("type")))
    if allowed is not None:
        for key in spot.thing:
            if key not in allowed and not key.startswith("x-"):
                yield Hit((key,), key)


def _other_flow(spot: Spot) -> Iterator[Hit]:
    flow = spot.thing["flow"]
    if isinstance(flow, str) and spot.thing.get("type") == "oauth2" and flow != "accessCode":
        yield Hit(("flow",), flow)


def _several(spot: Spot) -> Iterator[Hit]:
    schemes = as_object(spot.thing["securityDefinitions"])
    if len(schemes) > 1:
        yield Hit(("securityDefinitions",), f"{len(schemes)}, the first is `{next(iter(schemes))}`")


def _requirements(spot: Spot) -> Iterator[tuple[Pointer, str, Json, Json]]:
    schemes = as_object(spot.scene.document.get("securityDefinitions"))
    for index, requirement in enumerate(as_list(spot.thing["security"])):
        for name, scopes in as_object(requirement).items():
            yield ("security", str(index), name), name, scopes, schemes.get(name)


def _undefined(spot: Spot) -> Iterator[Hit]:
    for tail, name, _, scheme in _requirements(spot):
        if scheme is None:
            yield Hit(tail, name)


def _without_value(spot: Spot) -> Iterator[Hit]:
    for tail, name, scopes, _ in _requirements(spot):
        if not isinstance(scopes, list):
            yield Hit(tail, name)


def _needless_scopes(spot: Spot) -> Iterator[Hit]:
    for tail, name, scopes, scheme in _requirements(spot):
        if scopes and isinstance(scopes, list) and as_text(as_object(scheme).get("type")) in {"basic", "apiKey"}:
            yield Hit(tail, name)


def _unknown_scopes(spot: Spot) -> Iterator[Hit]:
    for tail, _, scopes, scheme in _requirements(spot):
        if as_object(scheme).get("type") == "oauth2":
            known = as_object(as_object(scheme).get("scopes"))
            for index, scope in enumerate(as_list(scopes)):
                if isinstance(scope, str) and scope not in known:
                    yield Hit((*tail, str(index)), scope)


# fmt: off
RULES = (
    Rule("security-scheme-property-required", WARNING, "security", "", _missing, "The security definition has no `{}`.", "Add it; without it the sign-in cannot be set up."),
    Rule("security-scheme-property-not-valid", WARNING, "security", "", _not_allowed, "`{}` does not belong to a security definition of this type.", "Remove it, or correct `type`."),
    Rule("security-flow-not-supported", WARNING, "security", "flow", _other_flow, "Connectors sign people in with the authorization code only, not with the flow `{}`.", "Use the flow `accessCode`."),
    Rule("security-single", NOTICE, "document", "securityDefinitions", _several, "There are several ways to sign in ({}); a connector has one.", "Choose with the input `auth`; otherwise the first is taken."),
    Rule("security-requirement-must-be-defined", WARNING, "document operation", "security", _undefined, "The sign-in `{}` is asked for but not defined.", "Define it under `securityDefinitions` or correct the name."),
    Rule("security-requirement-must-have-value", WARNING, "document operation", "security", _without_value, "The requirement `{}` has no list of scopes.", "Write an empty array where no scopes are needed."),
    Rule("security-requirement-must-have-empty-value", WARNING, "document operation", "security", _needless_scopes, "The requirement `{}` lists scopes, which only OAuth 2.0 has.", "Write an empty array."),
    Rule("oauth-security-requirement-value-must-be-scope-name", WARNING, "document operation", "security", _unknown_scopes, "The scope `{}` is not among the scopes of the security definition.", "Add it to `scopes` there or correct the name."),
)
# fmt: on
