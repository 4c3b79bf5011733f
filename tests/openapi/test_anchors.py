from __future__ import annotations

from typing import Any

from exporter.openapi.anchors import by_place
from exporter.openapi.walk import references


def placed(schemas: Any) -> Any:
    document = {"openapi": "3.1.0", "components": {"schemas": schemas}}
    return by_place(document, list(references(document)))["components"]["schemas"]


def test_references_to_anchors_and_ids_lead_to_their_places() -> None:
    schemas = {
        "Node": {
            "$id": "https://a.example/node",
            "$anchor": "node",
            "$defs": {"V/al": {"$anchor": "value", "type": "string"}},
            "properties": {"next": {"$ref": "#node"}, "value": {"$ref": "#value", "title": "V"}},
        },
        "Other": {"$anchor": "value", "items": {"$ref": "https://a.example/node#/properties/next"}},
        "User": {
            "allOf": [{"$ref": "#value"}, {"$ref": "https://a.example/node"}, {"$ref": "https://a.example/node#value"}]
        },
    }
    made = placed(schemas)
    value = "#/components/schemas/Node/$defs/V~1al"
    assert made["Node"]["properties"] == {
        "next": {"$ref": "#/components/schemas/Node"},
        "value": {"$ref": value, "title": "V"},
    }
    assert made["Other"]["items"] == {"$ref": "#/components/schemas/Node/properties/next"}
    assert [one["$ref"] for one in made["User"]["allOf"]] == [
        "#/components/schemas/Other",
        "#/components/schemas/Node",
        value,
    ]


def test_what_only_looks_like_one_stays() -> None:
    schemas = {
        "A": {"properties": {"$anchor": {"type": "string"}, "$ref": {"$ref": "#here"}}, "example": {"$ref": "#here"}},
        "B": {"$anchor": "here", "items": {"$ref": "#nowhere"}, "default": {"$anchor": "there"}},
        "C": {"$ref": "#there"},
    }
    made = placed(schemas)
    assert made["A"]["properties"]["$ref"] == {"$ref": "#/components/schemas/B"}
    assert made["A"]["example"] == {"$ref": "#here"}
    assert made["B"] == schemas["B"]
    assert made["C"] == {"$ref": "#there"}
    assert placed({"A": {"$ref": "#/components/schemas/B"}})["A"] == {"$ref": "#/components/schemas/B"}


def test_ids_are_joined_and_places_are_looked_for_in_the_schemas_around() -> None:
    schemas = {
        "Root": {
            "$id": "https://a.example/schemas/root",
            "$defs": {"Line": {"$id": "line", "$defs": {"Unit": {"type": "string"}}, "items": {"$ref": "#/$defs/Unit"}}},
            "allOf": [{"$ref": "line"}, {"$ref": "https://a.example/schemas/line"}, {"$ref": "#/$defs/Line"}],
        },
        "Bad": {"$id": "http://[", "$ref": "http://[/x"},
        "Pasted": {"$defs": {"In": {"type": "object"}}, "properties": {"a": {"$ref": "#/$defs/In"}, "b": {"$ref": "#/$defs/Not"}}},
    }  # fmt: skip
    made = placed(schemas)
    line = "#/components/schemas/Root/$defs/Line"
    assert [one["$ref"] for one in made["Root"]["allOf"]] == [line, line, line]
    assert made["Root"]["$defs"]["Line"]["items"]["$ref"] == f"{line}/$defs/Unit"
    assert made["Pasted"]["properties"]["a"]["$ref"] == "#/components/schemas/Pasted/$defs/In"
    assert made["Pasted"]["properties"]["b"]["$ref"] == "#/$defs/Not"
    assert made["Bad"] == schemas["Bad"]


def test_an_id_is_first_looked_for_among_those_that_are_joined_as_the_reference_is() -> None:
    schemas = {
        name: {"$id": f"https://{name}.example/root", "$defs": {"Line": {"$id": "line"}}, "items": {"$ref": "line"}}
        for name in ("A", "B")
    }
    made = placed(schemas)
    assert [made[name]["items"]["$ref"] for name in ("A", "B")] == [
        "#/components/schemas/A/$defs/Line",
        "#/components/schemas/B/$defs/Line",
    ]
