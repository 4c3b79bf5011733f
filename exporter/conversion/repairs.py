"""What can only be put right once all schemas are there: who reads them, who sends them, what their defaults fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from exporter.conversion.draft import NOTIFICATION, Draft
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.conversion.values import coerced, fits, is_quick, key_of
from exporter.model.json_values import Json, as_list, as_object, as_text
from exporter.model.pointers import Pointer


def repair(draft: Draft, paths: Mapping[str, Json], definitions: Mapping[str, Node]) -> None:
    """
    Put right in the output what Power Platform refuses at import, and report it.

    `required` names described properties that makers can send, and no circle of them; defaults fit; bytes stand alone.
    """
    sent, received, simple = _roots(paths)
    inputs = _reached(sent, definitions, {})
    outputs = _reached(received, definitions, {})
    everything = _reached(definitions.values(), definitions, {**inputs, **outputs})
    has_bytes = any("format" in node and node["format"] == "binary" for node in everything.values())
    for key, node in everything.items():
        if "required" in node:
            _undescribed(draft, node)
        if has_bytes:
            _inner_bytes(draft, node, definitions, used=key in inputs or key in outputs)
    for node in inputs.values():
        if "required" in node:
            _unsendable(draft, node, definitions)
    if any(node.write_only for node in outputs.values()):
        _sent_only(draft, outputs, inputs, definitions)
    _loops(draft, definitions)
    for node in chain(everything.values(), simple):
        if "default" in node:
            _default(draft, node, definitions)
        if "x-ms-enum-values" in node and "enum" in node:
            _value_names(node)


def _roots(paths: Mapping[str, Json]) -> tuple[list[Node], list[Node], list[Node]]:
    sent: list[Node] = []
    received: list[Node] = []
    simple: list[Node] = []
    for item in paths.values():
        notification = as_object(as_object(item).get(NOTIFICATION)).get("schema")
        if isinstance(notification, Node):
            received.append(notification)
        for method, operation in as_object(item).items():
            if method.startswith("x-"):
                continue
            for parameter in as_list(as_object(operation).get("parameters")):
                if isinstance(parameter, Node):
                    body = parameter.get("schema")
                    sent.extend([body] if isinstance(body, Node) else [])
                    simple.extend(_simple(parameter))
            for response in as_object(as_object(operation).get("responses")).values():
                schema = as_object(response).get("schema")
                received.extend([schema] if isinstance(schema, Node) else [])
                for header in as_object(as_object(response).get("headers")).values():
                    simple.extend(_simple(header) if isinstance(header, Node) else ())
    return sent, received, simple


def _simple(node: Node) -> Iterator[Node]:
    one: Json = node
    while isinstance(one, Node):
        yield one
        one = one.get("items")


def _reached(roots: Iterable[Node], definitions: Mapping[str, Node], found: dict[int, Node]) -> dict[int, Node]:
    """Add the schemas in and below some schemas, through references, to what was found so far, each once."""
    ahead = list(roots)[::-1]
    while ahead:
        node = ahead.pop()
        if id(node) in found:
            continue
        found[id(node)] = node
        if reference := reference_of(node):
            name = reference.rpartition("/")[2]
            if name in definitions:
                ahead.append(definitions[name])
        ahead += node.children()[::-1]
    return found


def _content(node: Json, definitions: Mapping[str, Node]) -> Node | None:
    if not isinstance(node, Node):
        return None
    reference = reference_of(node)
    return definitions.get(reference.rpartition("/")[2]) if reference else node


def _required_at(node: Node) -> Pointer:
    """Tell where it is said what is required; for what is put together of several, that is all of it."""
    place = node.place("required")
    return place if place[: len(node.origin)] == node.origin else node.origin


def _no_longer_required(node: Node, names: set[str]) -> None:
    left = [name for name in as_list(node.get("required")) if name not in names]
    if left:
        node["required"] = left
    else:
        node.pop("required", None)


def _undescribed(draft: Draft, node: Node) -> None:
    if "required" not in node:
        return
    described = as_object(node.get("properties"))
    missing = [name for name in as_list(node.get("required")) if isinstance(name, str) and name not in described]
    if missing:
        listed = ", ".join(f"`{name}`" for name in missing)
        draft.lose("required-undefined", _required_at(node), f"{listed[:200]} required, but not described")
        _no_longer_required(node, set(missing))


def _inner_bytes(draft: Draft, node: Node, definitions: Mapping[str, Node], *, used: bool) -> None:
    """Make bytes inside of other content a text; where only forms use the schema they are files, and stay bytes."""
    for child in node.children() if used else ():
        content = _content(child, definitions)
        if content is None or content.get("format") != "binary":
            continue
        draft.lose("binary-in-object", content.origin, "`format: binary` inside of other content")
        if child is content or content.children():  # what holds other schemas, perhaps itself, is nowhere just bytes
            del content["format"]
        else:
            child.clear()
            child.update({key: value for key, value in content.items() if key != "format"})


def _unsendable(draft: Draft, node: Node, definitions: Mapping[str, Node]) -> None:
    required = set(as_list(node.get("required")))
    if not required:
        return
    names = set()
    for name, schema in as_object(node.get("properties")).items():
        content = _content(schema, definitions)
        if name in required and content is not None and content.get("readOnly") is True:
            draft.lose("read-only-not-required", _required_at(node), f"`{name}` read-only and required")
            names.add(name)
    if names:
        _no_longer_required(node, names)


def _sent_only(
    draft: Draft, outputs: Mapping[int, Node], inputs: Mapping[int, Node], definitions: Mapping[str, Node]
) -> None:
    """Take properties that are only sent out of schemas that are only received."""
    for key, node in outputs.items():
        hidden = set()
        for name, schema in as_object(node.get("properties")).items():
            content = _content(schema, definitions)
            if not isinstance(schema, Node) or content is None or not (schema.write_only or content.write_only):
                continue
            if key in inputs:
                draft.lose("write-only-shown", schema.origin, f"`{name}`, which is only sent")
            else:
                draft.lose("write-only-dropped", schema.origin, f"`{name}`, which is only sent, in a response")
                hidden.add(name)
        if hidden:
            kept = {name: one for name, one in as_object(node["properties"]).items() if name not in hidden}
            node["properties"] = kept
            _no_longer_required(node, hidden)


def _loops(draft: Draft, definitions: Mapping[str, Node]) -> None:
    """Break circles of objects that require each other: such an object could never be written down."""
    state: dict[str, int] = {}
    for start in definitions:
        if start in state:
            continue
        state[start] = 1
        ahead = [(start, iter(_required_references(definitions[start])))]
        while ahead:
            name, steps = ahead[-1]
            step = next(steps, None)
            if step is None:
                state[name] = 2
                ahead.pop()
                continue
            holder, key, target = step
            if target not in definitions:
                continue
            if state.get(target) == 1:
                draft.lose("required-loop-broken", _required_at(holder), f"`{key}`, which leads back to `{target}`")
                _no_longer_required(holder, {key})
            elif target not in state:
                state[target] = 1
                ahead.append((target, iter(_required_references(definitions[target]))))


def _required_references(node: Node) -> list[tuple[Node, str, str]]:
    """List the definitions that an object cannot be without: the object that holds it, the property, the name."""
    found, ahead = [], [node]
    while ahead:
        holder = ahead.pop()
        if "required" not in holder:
            continue
        properties = as_object(holder.get("properties"))
        for key in as_list(holder.get("required")):
            schema = properties.get(as_text(key))
            if not isinstance(schema, Node):
                continue
            reference = reference_of(schema).rpartition("/")[2]
            if reference:
                found.append((holder, as_text(key), reference))
            else:
                ahead.append(schema)
    return found


def _value_names(node: Node) -> None:
    """Keep the names of those values only that merging left."""
    left = {key_of(value) for value in as_list(node["enum"])}
    names = [one for one in as_list(node["x-ms-enum-values"]) if key_of(as_object(one).get("value")) in left]
    node["x-ms-enum-values"] = names


def _default(draft: Draft, node: Node, definitions: Mapping[str, Node]) -> None:
    if fits(node["default"], node, definitions):
        return
    pattern, value = node.get("pattern"), node["default"]
    if isinstance(pattern, str) and not is_quick(pattern):
        without = {key: one for key, one in node.items() if key != "pattern"}
        if fits(value, without, definitions):
            draft.lose("pattern-dropped", node.place("pattern"), "a pattern with a repeated group")
            del node["pattern"]
            return
    better = coerced(value, as_text(node.get("type")))
    if better is not None and fits(better, node, definitions):
        draft.lose("default-adapted", node.place("default"), "a default of another type")
        node["default"] = better
        return
    draft.lose("default-dropped", node.place("default"), "a default that the schema does not allow")
    del node["default"]
