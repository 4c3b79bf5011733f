"""How sign-in has moved: the security definitions, and what makers are asked for when they make a connection."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.comparison.moves import Move
from exporter.model.connectors import Connector
from exporter.model.json_values import Json, Object, as_list, as_object, as_text

_URLS = ("authorizationUrl", "tokenUrl", "flow")
_PARAMETERS = "connectionParameters"


def sign_in(before: Connector, after: Connector) -> Iterator[Move]:
    """Give what moved in how connections sign in."""
    asked = before.properties.get(_PARAMETERS), after.properties.get(_PARAMETERS)
    same = bool(asked[0]) and asked[0] == asked[1]
    moves = list(_definitions(before.definition, after.definition, same=same))
    yield from moves
    told = any(move.id == "auth-type-changed" for move in moves)
    for move in _parameters(
        as_object(before.properties.get(_PARAMETERS)), as_object(after.properties.get(_PARAMETERS))
    ):
        if not (told and move.id.startswith("auth-")):
            yield move


def _definitions(old: Object, new: Object, *, same: bool) -> Iterator[Move]:
    """Compare security definitions; `same` says that connections are asked for what they were asked for before."""
    key = "securityDefinitions"
    before, after = _used(old), _used(new)
    was, now = _kinds(before), _kinds(after)
    where = (key,) if key in new else ()
    if was == now:
        yield from _details(before, after)
    elif not now:
        yield Move("auth-definition-removed", ("auth",), where, (key,), was, None, gone=True)
    elif set(was) < set(now) and (was or same):
        yield Move("auth-added", ("auth",), where, (key,), was, now)
    else:
        yield Move("auth-type-changed", ("auth",), where, (key,) if key in old else None, was or ["none"], now)
    security = old.get("security") or [], new.get("security") or []
    if _names(security[0]) != _names(security[1]) or (was == now and sorted(before) != sorted(after)):
        yield Move(
            "security-requirement-changed",
            ("security",),
            ("security",) if "security" in new else (),
            ("security",) if "security" in old else None,
            _names(security[0]),
            _names(security[1]),
        )


def _details(before: Object, after: Object) -> Iterator[Move]:
    """Compare schemes of the same kinds; what they are called in the file makes no difference."""
    for name, other in zip(_by_kind(before), _by_kind(after), strict=False):
        old, new = as_object(before[name]), as_object(after[other])
        was, where = ("securityDefinitions", name), ("securityDefinitions", other)
        places = [[as_text(one.get("in")), as_text(one.get("name"))] for one in (old, new)]
        if as_text(old.get("type")) == "apiKey" and places[0] != places[1]:
            yield Move("auth-parameter-changed", ("auth",), where, was, places[0], places[1])
        urls: list[dict[str, Json]] = [{key: one[key] for key in _URLS if key in one} for one in (old, new)]
        if urls[0] != urls[1]:
            yield Move("auth-url-changed", ("auth",), where, was, urls[0], urls[1])
        scopes = [sorted(as_object(one.get("scopes"))) for one in (old, new)]
        if scopes[0] != scopes[1]:
            yield Move("auth-scope-changed", ("auth", "scopes"), where, was, scopes[0], scopes[1])


def _used(definition: Object) -> Object:
    """Give the schemes that the definition asks for; all of them where it asks for none."""
    schemes = as_object(definition.get("securityDefinitions"))
    asked = set(_names(definition.get("security")))
    return {name: schemes[name] for name in schemes if name in asked} or schemes


def _names(security: Json) -> list[str]:
    return sorted({name for one in as_list(security) for name in as_object(one)})


def _kinds(schemes: Object) -> list[str]:
    return sorted({as_text(as_object(one).get("type")) for one in schemes.values()})


def _by_kind(schemes: Object) -> list[str]:
    return sorted(schemes, key=lambda name: (as_text(as_object(schemes[name]).get("type")), name))


def _parameters(old: Object, new: Object) -> Iterator[Move]:
    """Compare what a connection is asked for (`connectionParameters` of apiProperties.json)."""
    part, home = "properties", ("connectionParameters",)
    if bool(old) != bool(new) and (_asked(old) or _asked(new)):
        yield Move(
            "auth-type-changed",
            ("auth",),
            home if new else (),
            home if old else None,
            _asked(old) or ["none"],
            _asked(new) or ["none"],
            part=part,
        )
        return
    for name in old:
        if name not in new:
            yield Move(
                "auth-parameter-removed",
                ("auth", name),
                home,
                (*home, name),
                _type(old[name]),
                None,
                gone=True,
                part=part,
            )
        elif old[name] != new[name]:
            yield from _parameter(name, as_object(old[name]), as_object(new[name]))
    for name in new:
        if name not in old:
            row = f"auth-parameter-{'required' if _required(new[name]) else 'optional'}-added"
            yield Move(row, ("auth", name), (*home, name), None, None, _type(new[name]), part=part)


def _parameter(name: str, old: Object, new: Object) -> Iterator[Move]:
    where, place = ("connectionParameters", name), ("auth", name)
    if _type(old) != _type(new):
        yield Move("auth-type-changed", place, where, where, _type(old), _type(new), part="properties")
        return
    if _required(new) and not _required(old):
        yield Move("auth-parameter-required-added", place, where, where, _type(old), _type(new), part="properties")
    before, after = as_object(old.get("oAuthSettings")), as_object(new.get("oAuthSettings"))
    scopes = as_list(before.get("scopes")), as_list(after.get("scopes"))
    if scopes[0] != scopes[1]:
        yield Move(
            "auth-scope-changed", (*place, "scopes"), where, where, list(scopes[0]), list(scopes[1]), part="properties"
        )
    told = ("scopes", "clientSecret")
    urls = sorted(key for key in before.keys() | after.keys() if key not in told and before.get(key) != after.get(key))
    if urls:
        yield Move(
            "auth-url-changed",
            place,
            (*where, "oAuthSettings"),
            where,
            {key: before.get(key) for key in urls},
            {key: after.get(key) for key in urls},
            part="properties",
        )
    if any(old.get(key) != new.get(key) for key in old.keys() | new.keys() if key not in {"type", "oAuthSettings"}):
        yield Move("auth-detail-changed", place, where, where, part="properties")


def _asked(parameters: Object) -> list[Json]:
    return [_type(one) for one in parameters.values() if _required(one)]


def _type(parameter: Json) -> str:
    return as_text(as_object(parameter).get("type"))


def _required(parameter: Json) -> bool:
    facts = as_object(parameter)
    limits = as_object(as_object(facts.get("uiDefinition")).get("constraints"))
    if str(limits.get("hidden")).lower() == "true":
        return False
    return _type(facts).lower() == "oauthsetting" or str(limits.get("required")).lower() == "true"
