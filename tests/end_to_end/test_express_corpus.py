"""Real connectors through both doors: created, unchanged, edited by hand, overwritten, restored; and from one version to the next."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Express, alike, both, saved

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
EVERY_SO_MANY = 1 if os.environ.get("EVERYTHING") else 12
WRONG_INPUTS, NOT_EXPORTABLE, REFUSED = 2, 3, 5


def sampled(folder: str) -> list[str]:
    """Give some; all of them with EVERYTHING=1 in the environment."""
    found = sorted(one.name for one in (CORPUS / folder).iterdir() if one.is_dir()) if CORPUS.is_dir() else []
    return found[::EVERY_SO_MANY]


pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus ../shared/corpus is not here")


def exports(express: Express, **inputs: str) -> Any:
    """Export for the first time; skip what a rule or the platform refuses for good."""
    created = express.run(**inputs)
    if created.code == NOT_EXPORTABLE:
        pytest.skip(f"not exportable: {created.report['problem']['message']}")
    if created.code == WRONG_INPUTS:
        pytest.skip(f"needs inputs of its own: {created.report['problem']['message']}")
    if created.code == REFUSED and "status 400" in created.log:
        pytest.skip(f"the platform refuses it: {created.report['problem']['message']}")
    assert created.code == 0, created.log
    return created


def edit(express: Express) -> dict[str, Any]:
    """Do what somebody does by hand: a colour, a text, one operation less; give the row that became of it."""
    document = json.loads(express.live["openapidefinition"])
    if len(document["paths"]) > 1:
        document["paths"].popitem()
    document["info"]["version"] = "by hand"
    express.edit(openapidefinition=json.dumps(document), iconbrandcolor="#c50f1f", description="Made by hand.")
    return express.live


@both
@pytest.mark.parametrize("name", sampled("connectors"))
def test_a_real_connector_lives_its_life(express: Express, name: str) -> None:
    workspace = express.runner.workspace
    for file in (CORPUS / "connectors" / name).iterdir():
        shutil.copy(file, workspace)
    inputs = {
        "definition": "apiDefinition.swagger.json",
        "properties": "apiProperties.json",
        "client_secret": "hush-hush",
    }
    try:
        properties = json.loads((workspace / "apiProperties.json").read_text("utf-8-sig"))["properties"]
    except (ValueError, KeyError, OSError) as error:
        pytest.skip(f"broken on purpose: {error}")
    if (workspace / "icon.png").exists():
        inputs["icon"] = "icon.png"
    if properties.get("scriptOperations"):
        (workspace / "script.csx").write_text("public class Script : ScriptBase {}")
        inputs["script"] = "script.csx"
    exports(express, **inputs)
    made = alike(express.live)
    secrets = express.standin.rows[0]["secrets"]
    again = express.run(**inputs)
    assert (again.code, again.outputs["changed"], again.outputs["exported"]) == (0, "false", "false"), again.log
    by_hand = edit(express)
    assert express.run(**inputs).code == 6
    overwritten = express.run(**inputs, on_drift="overwrite")
    assert overwritten.code == 0, overwritten.log
    assert alike(express.live) == made
    copy = str(saved(overwritten).relative_to(workspace))
    restored = express.run(**inputs, restore=copy)
    assert restored.code == 0, restored.log
    assert alike(express.live) == alike(by_hand)
    assert express.standin.rows[0]["secrets"] == secrets
    assert express.run(**inputs, restore=copy).outputs["exported"] == "false"
    assert len(express.standin.rows) == 1


@both
@pytest.mark.parametrize("name", sampled("pairs"))
def test_a_connector_goes_from_one_version_to_the_next_and_back(express: Express, name: str) -> None:
    pair = CORPUS / "pairs" / name
    inputs = {"name": "Orders", "client_secret": "hush-hush", "client_id": "c1", "complete": "none"}
    inputs |= {"resource_url": "api://orders", "allow": "remove-operations,change-sign-in"}
    shutil.copy(pair / "before.json", express.runner.workspace / "api.json")
    exports(express, **inputs)
    before = alike(express.live)
    shutil.copy(pair / "after.json", express.runner.workspace / "api.json")
    updated = express.run(**inputs)
    if updated.code == NOT_EXPORTABLE:
        pytest.skip("the version after is not exportable")
    assert updated.code == 0, updated.log
    assert (alike(express.live) == before) is (updated.outputs["changed"] == "false")
    assert express.run(**inputs).outputs["exported"] == "false"
    if updated.outputs["changed"] == "false":
        return
    copy = str(saved(updated).relative_to(express.runner.workspace))
    restored = express.run(**inputs, restore=copy)
    assert restored.code == 0, restored.log
    assert alike(express.live) == before
