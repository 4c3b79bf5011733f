"""How sign-in has moved: the security definitions, and what makers are asked for when they make a connection."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.comparison.moves import Move
from exporter.model.connectors import Connector
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer

_URLS = ("authorizationUrl", "tokenUrl", "flow")
_PARAMETERS, _SETS = "connectionParameters", "connectionParameterSets"
_MOST = 50
"""Ways to sign in that are compared, each with each; a connector that offers more is nobody's."""


def sign_in(before: Connector, after: Connector) -> Iterator[Move]:
    """Give what moved in how connections sign in."""
    old, new = (as_object(side.properties.get(_PARAMETERS)) for side in (before, after))
    same = bool(old) and old == new
    moves = list(_definitions(before.definition, after.definition, same=same))
    yield from moves
    told = any(move.id == "auth-type-changed" for move in moves)
    for move in (*_parameters(old, new, (_PARAMETERS,)), *_sets(before.properties, after.properties)):
        if not (told and move.id.startswith("auth-")):
            yield move


def _definitions(old: Object, new: Object, *, same: bool) -> Iterator[Move]:
    """Compare security definitions; `same` says that connections are asked for what they were asked for before."""
    key = "securityDefinitions"
    before, after = _used(old), _used(new)
    was, now = _kinds(before), _kinds(after)
    ways, others = _ways(old, before), _ways(new, after)
    where, home = (key,) if key in new else (), (key,) if key in old else None
    asks = bool(_names(old.get("security")) and _names(new.get("security")))
    if set(was) == set(now) and (ways == others or not asks):
        yield from _details(before, after)
    elif not now:
        yield Move("auth-definition-removed", ("auth",), where, home, was, None, gone=True)
    elif not _let_in(ways, others, asks=asks) or not (was or same):
        yield Move("auth-type-changed", ("auth",), where, home, was or ["none"], _told(now, others))
    elif len(others) > len(ways):
        yield Move("auth-added", ("auth",), where, home, was, now)
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
    for name, other in _matched(before, after).items():
        old, new = as_object(before[name]), as_object(after[other])
        was, where = ("securityDefinitions", name), ("securityDefinitions", other)
        places = [[as_text(one.get("in")), as_text(one.get("name"))] for one in (old, new)]
        sent = [[place[0], place[1].lower() if place[0] == "header" else place[1]] for place in places]
        if as_text(old.get("type")) == "apiKey" and sent[0] != sent[1]:
            yield Move("auth-parameter-changed", ("auth",), where, was, places[0], places[1])
        other_urls = [key for key in _URLS if old.get(key) != new.get(key)]
        urls: list[dict[str, Json]] = [{key: one.get(key) for key in other_urls} for one in (old, new)]
        if other_urls:
            yield Move("auth-url-changed", ("auth",), where, was, urls[0], urls[1])
        scopes = [sorted(as_object(one.get("scopes"))) for one in (old, new)]
        if scopes[0] != scopes[1]:
            yield Move("auth-scope-changed", ("auth", "scopes"), where, was, scopes[0], scopes[1])


def _matched(before: Object, after: Object) -> dict[str, str]:
    """Pair schemes: those that send the same thing to the same place, then the others by kind."""
    pairs: dict[str, str] = {}
    left = dict.fromkeys(_by_kind(after))
    for parts in (("type", "in", "name"), ("type",)):
        homes: dict[tuple[str, ...], list[str]] = {}
        for other in reversed(left):
            homes.setdefault(_look(after[other], parts), []).append(other)
        for name in _by_kind(before):
            found = homes.get(_look(before[name], parts)) if name not in pairs else None
            if found:
                pairs[name] = found.pop()
                del left[pairs[name]]
    return pairs


def _look(scheme: Json, parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(as_text(as_object(scheme).get(part)) for part in parts)


def _used(definition: Object) -> Object:
    """Give the schemes that the definition asks for; all of them where it asks for none."""
    schemes = as_object(definition.get("securityDefinitions"))
    asked = set(_names(definition.get("security")))
    return {name: schemes[name] for name in schemes if name in asked} or schemes


def _security(definition: Object) -> list[Json]:
    return list(as_list(definition.get("security")))


def _names(security: Json) -> list[str]:
    return sorted({name for one in as_list(security) for name in as_object(one)})


def _kinds(schemes: Object) -> list[str]:
    return sorted(as_text(as_object(one).get("type")) for one in schemes.values())


def _ways(definition: Object, used: Object) -> list[frozenset[str]]:
    """
    Give the ways to sign in, each as the kinds of all that it takes at once: what fits one of them is let in.

    A scheme has a number besides its kind, so that two of a kind are two; what it is called makes no difference.
    """
    counts: dict[str, int] = {}
    kinds: dict[str, str] = {}
    for name in _by_kind(used):
        kind = as_text(as_object(used[name]).get("type"))
        counts[kind] = counts.get(kind, 0) + 1
        kinds[name] = f"{kind} {counts[kind]}"
    asked = [frozenset(kinds[name] for name in as_object(one) if name in kinds) for one in _security(definition)]
    found = [way for way in asked if way] or [frozenset((kind,)) for kind in kinds.values()]
    return list(dict.fromkeys(found))[:_MOST]


def _let_in(ways: list[frozenset[str]], others: list[frozenset[str]], *, asks: bool) -> bool:
    """Tell whether what connections sign in with is still enough; where several ways are asked for, the first is used."""
    if asks and ways and others:
        return others[0] <= ways[0]
    return all(any(other <= way for other in others) for way in ways)


def _told(kinds: list[str], ways: list[frozenset[str]]) -> list[Json]:
    return list(kinds) if all(len(way) == 1 for way in ways) else [" and ".join(kinds)]


def _by_kind(schemes: Object) -> list[str]:
    return sorted(schemes, key=lambda name: (as_text(as_object(schemes[name]).get("type")), name))


def _sets(old: Object, new: Object) -> Iterator[Move]:
    """Compare the ways to sign in that makers choose from (`connectionParameterSets`), each by its name."""
    home, part = (_SETS, "values"), "properties"
    before, after = _by_name(old), _by_name(new)
    if bool(before) != bool(after):
        return  # makers choose for the first time, or no longer: what is asked for says what that does
    for name, (at, one) in before.items():
        if name in after:
            index, other = after[name]
            asked = as_object(one.get("parameters")), as_object(other.get("parameters"))
            yield from _parameters(*asked, (*home, str(index), "parameters"), (*home, str(at), "parameters"), (name,))
        else:
            yield Move("auth-type-changed", ("auth", name), home, (*home, str(at)), name, None, gone=True, part=part)
    for name, (index, _) in after.items():
        if name not in before:
            yield Move("auth-added", ("auth", name), (*home, str(index)), None, None, name, part=part)


def _by_name(properties: Object) -> dict[str, tuple[int, Object]]:
    values = as_list(as_object(properties.get(_SETS)).get("values"))
    return {as_text(as_object(one).get("name")): (index, as_object(one)) for index, one in enumerate(values)}


def _parameters(
    old: Object, new: Object, home: Pointer, old_home: Pointer = (), way: tuple[str, ...] = ()
) -> Iterator[Move]:
    """Compare what a connection is asked for, there and before (where that is another place), in one way to sign in."""
    part, was_home = "properties", old_home or home
    if bool(old) != bool(new) and (_asked(old) or _asked(new)):
        yield Move(
            "auth-type-changed",
            ("auth", *way),
            home if new else (),
            was_home if old else None,
            _asked(old) or ["none"],
            _asked(new) or ["none"],
            part=part,
        )
        return
    for name in old:
        if name not in new:
            yield Move(
                "auth-parameter-removed",
                ("auth", *way, name),
                home,
                (*was_home, name),
                _type(old[name]),
                None,
                gone=True,
                part=part,
            )
        elif old[name] != new[name]:
            places = (*home, name), (*was_home, name)
            yield from _parameter(("auth", *way, name), places, as_object(old[name]), as_object(new[name]))
    for name in new:
        if name not in old:
            row = f"auth-parameter-{'required' if _required(new[name]) else 'optional'}-added"
            yield Move(row, ("auth", *way, name), (*home, name), None, None, _type(new[name]), part=part)


def _parameter(place: tuple[str, ...], places: tuple[Pointer, Pointer], old: Object, new: Object) -> Iterator[Move]:
    where, was = places
    if _type(old) != _type(new):
        yield Move("auth-type-changed", place, where, was, _type(old), _type(new), part="properties")
        return
    if _required(new) and not _required(old):
        yield Move("auth-parameter-required-added", place, where, was, _type(old), _type(new), part="properties")
    before, after = as_object(old.get("oAuthSettings")), as_object(new.get("oAuthSettings"))
    scopes = as_list(before.get("scopes")), as_list(after.get("scopes"))
    if scopes[0] != scopes[1]:
        yield Move(
            "auth-scope-changed", (*place, "scopes"), where, was, list(scopes[0]), list(scopes[1]), part="properties"
        )
    told = ("scopes", "clientSecret")
    urls = sorted(key for key in before.keys() | after.keys() if key not in told and before.get(key) != after.get(key))
    if urls:
        yield Move(
            "auth-url-changed",
            place,
            (*where, "oAuthSettings"),
            was,
            {key: before.get(key) for key in urls},
            {key: after.get(key) for key in urls},
            part="properties",
        )
    if any(old.get(key) != new.get(key) for key in old.keys() | new.keys() if key not in {"type", "oAuthSettings"}):
        yield Move("auth-detail-changed", place, where, was, part="properties")


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
