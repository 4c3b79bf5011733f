"""Every real connector that the platform can take is created, read back, and found unchanged by the next run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from exporter.edges.powerplatform.columns import changed_columns, different
from exporter.model.connectors import Connector

CONNECTORS = Path(__file__).parents[2].parent / "shared" / "corpus" / "connectors"
FOLDERS = sorted(one.name for one in CONNECTORS.iterdir() if one.is_dir()) if CONNECTORS.is_dir() else []


def connector(folder: Path) -> Connector:
    """Read a connector of the corpus, under the name of its folder; skip what no platform takes."""
    try:
        definition = json.loads((folder / "apiDefinition.swagger.json").read_text("utf-8-sig"))
        properties = json.loads((folder / "apiProperties.json").read_text("utf-8-sig"))["properties"]
    except (ValueError, KeyError, OSError) as error:
        pytest.skip(f"{folder.name} is broken on purpose: {error}")
    if definition.get("swagger") != "2.0" or not definition.get("host") or not definition["info"].get("title"):
        pytest.skip(f"{folder.name} is no connector that the platform takes")
    icon = folder / "icon.png"
    script = "public class Script : ScriptBase {}" if properties.get("scriptOperations") else ""
    definition["info"]["title"] = folder.name  # a run exports under one name, the title; these need names of their own
    return Connector(definition, properties, icon.read_bytes() if icon.exists() else b"", script)


@pytest.mark.skipif(not FOLDERS, reason="the corpus ../shared/corpus is not here")
@pytest.mark.parametrize("name", FOLDERS)
def test_a_real_connector_goes_there_and_comes_back(either: Any, connectors: Any, name: str) -> None:
    wanted = connector(CONNECTORS / name)
    connectors("a secret").create(name, wanted)
    live = connectors().find(name)
    assert different(wanted, live.connector) == ()
    assert changed_columns(wanted._replace(icon=b""), live.connector, "") == {}
    again = connectors("a secret").update(live.id, wanted, live.connector, live.version)
    assert again.connector == live.connector
    assert len(either.rows) == 1
