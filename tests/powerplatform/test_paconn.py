"""
Microsoft's own client takes our bundle as it is, and what it stores is what express stores.

`paconn` 0.0.21 runs unchanged: it believes that it speaks to api.powerapps.com, and a proxy leads it to the stand-in. It
pins old packages, so it lives in an environment of its own: `make paconn` makes that and runs these tests.
"""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from exporter.settings.settings import Backend
from tests.end_to_end.conftest import run, runner, workspace  # noqa: F401 - fixtures
from tests.powerplatform.conftest import OPENSSL, StandIn, secure

ROOT = Path(__file__).parents[2]
CONNECTORS = ROOT.parent / "shared" / "corpus" / "connectors"
EXAMPLE = ROOT / "examples" / "orders"
PACONN = os.environ.get("PACONN") or shutil.which("paconn") or ""
HOSTS = ("api.powerapps.com", "api.flow.microsoft.com", "*.blob.core.windows.net")
DEFINITION, PROPERTIES = "apiDefinition.swagger.json", "apiProperties.json"
CLIENT_SECRET = "a secret/of the=connector"
SCRIPT = "// a café\npublic class Script : ScriptBase { }\n"

pytestmark = [
    pytest.mark.skipif(
        not Path(PACONN).is_file(), reason="paconn is not here: `make paconn`, or PACONN=/path/to/paconn"
    ),
    pytest.mark.skipif(not OPENSSL, reason="openssl is not here, and makes the certificate that paconn shall trust"),
]

# What the inputs of the action are for each; the rest of the corpus is in test_corpus.
CASES: dict[str, dict[str, str]] = {
    "the example": {"definition": "openapi.yaml", "icon": "icon.png", "brand_color": "#742774"},
    "Docurain": {"script": "script.csx"},  # an API key, and texts in Japanese
    "GitHub-Gists": {"client_secret": CLIENT_SECRET},  # OAuth 2.0
    "USB4SAP": {},  # Basic, and capabilities
    "Hashify": {"icon": "icon.png"},  # no sign-in
    "CO2-Signal": {},  # five policies
    "RescoCloud": {},  # several ways to sign in, and policies
    "CognitiveServicesQuestionAnswering": {"client_secret": CLIENT_SECRET},  # OAuth in a set only
    "GISCloud": {},  # operations of a script that is not there
    "AzureDigitalTwins": {"client_secret": CLIENT_SECRET},  # a property that no connector has
}
EXAMPLES = [
    pytest.param(name, marks=pytest.mark.skipif(not CONNECTORS.is_dir(), reason="../shared/corpus is not here"))
    if name != "the example"
    else name
    for name in CASES
]


class Paconn(NamedTuple):
    """Microsoft's client, signed in, in a home of its own."""

    home: Path
    standin: StandIn

    def __call__(self, folder: Path, *words: str, answers: str = "", code: int = 0) -> str:
        """Run a command in a folder, at a terminal where it asks; give what it says."""
        environ = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "HTTPS_PROXY": self.standin.url,
            "REQUESTS_CA_BUNDLE": str(self.home / "standin.pem"),
        }
        ours, its = pty.openpty()
        try:
            os.write(ours, answers.encode())
            done = subprocess.run(
                [PACONN, *words], cwd=folder, env=environ, stdin=its, capture_output=True, timeout=60, check=False
            )
        finally:
            os.close(ours)
            os.close(its)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == code, said
        return said

    def as_the_readme_says(self, bundle: Path, verb: str, answers: str = "") -> str:
        """Run the command that the bundle's own README has for people."""
        (line,) = re.findall(rf"^paconn {verb} .*$", (bundle / "README.md").read_text(), re.MULTILINE)
        words = [CLIENT_SECRET if word == "$CLIENT_SECRET" else word for word in shlex.split(line)[1:]]
        return self(bundle, *words, answers=answers)


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paconn]:
    home = tmp_path_factory.mktemp("home")
    with secure(home, *HOSTS) as service:
        token = {"token_type": "Bearer", "access_token": service.about["person_token"]}
        token |= {"oid": service.about["person_oid"], "expires_on": time.time() + 3600}
        (home / ".paconn").mkdir()
        (home / ".paconn" / "accessTokens.json").write_text(json.dumps(token))
        yield Paconn(home, service)


@pytest.fixture
def paconn(signed_in: Paconn) -> Paconn:
    signed_in.standin.tell("reset")
    return signed_in


@pytest.fixture
def inputs(workspace: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """Lay out the files of a case in the workspace, and give the action's inputs."""
    name = request.param
    for file in (EXAMPLE if name == "the example" else CONNECTORS / name).iterdir():
        if file.is_dir():
            shutil.copytree(file, workspace / file.name)
        else:
            shutil.copy(file, workspace)
    shutil.rmtree(workspace / "connector-export", ignore_errors=True)
    shutil.copy(EXAMPLE / "icon.png", workspace)
    (workspace / "script.csx").write_text(SCRIPT)
    files = {} if name == "the example" else {"definition": DEFINITION, "properties": PROPERTIES}
    return {**files, **CASES[name]}


@pytest.fixture
def bundle(run: Any, workspace: Path, inputs: dict[str, str], tmp_path: Path) -> Path:
    """Give the bundle that the entry point wrote, as somebody unpacked it elsewhere."""
    result = run(mode="manual", record="none", **inputs)
    assert result.code == 0, result.log
    return Path(shutil.copytree(workspace / result.outputs["bundle-path"], tmp_path / "unpacked"))


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _without_redirects(value: Any) -> Any:
    """Drop what the platform puts in: each connector has a redirect URL of its own."""
    if isinstance(value, dict):
        return {key: _without_redirects(inner) for key, inner in value.items() if key != "redirectUrl"}
    return [_without_redirects(inner) for inner in value] if isinstance(value, list) else value


def _row(standin: StandIn) -> dict[str, Any]:
    (row,) = standin.rows
    return row


@pytest.mark.parametrize("inputs", EXAMPLES, indirect=True)
def test_the_bundle_is_created_downloaded_and_updated(paconn: Paconn, bundle: Path, tmp_path: Path) -> None:
    held = {file.name: file.read_bytes() for file in bundle.iterdir()}
    assert "validated successfully" in paconn(bundle, "validate", "--settings", "settings.json")
    # It asks for the environment, and whether it may remember the id.
    said = paconn.as_the_readme_says(bundle, "create", answers="1\ny\n")
    assert "created successfully" in said
    settings = _json(bundle / "settings.json")
    assert settings.pop("connectorId") == _row(paconn.standin)["columns"]["connectorinternalid"]
    assert settings.pop("environment").startswith("Default-")
    ours = json.loads(held["settings.json"])
    assert settings == {name: value for name, value in ours.items() if name not in {"connectorId", "environment"}}

    down = tmp_path / "down"
    paconn(bundle, "download", "--settings", "settings.json", "--dest", str(down), "--overwrite")
    assert json.dumps(_json(down / DEFINITION)) == json.dumps(json.loads(held[DEFINITION])), "order included"
    mine, its = json.loads(held[PROPERTIES])["properties"], _json(down / PROPERTIES)["properties"]
    assert {name: _without_redirects(its.get(name)) for name in mine} == _without_redirects(mine)
    added = {"publisher", "capabilities", "iconBrandColor", "connectionParameters"}
    assert its.keys() - mine.keys() <= added
    for name in {"icon.png", "script.csx"} & held.keys():
        assert (down / name).read_bytes() == held[name]

    before = _row(paconn.standin)
    assert "updated successfully" in paconn.as_the_readme_says(bundle, "update")
    after = _row(paconn.standin)
    assert after.pop("version") > before.pop("version")
    before["columns"].pop("modifiedon"), after["columns"].pop("modifiedon")
    assert after == before


# Written by one door only, or each in its own way; everything else has to be equal.
EXPLAINED = {
    "connectorid": "express chooses the row's id before it writes",
    "name": "each service makes its own name",
    "connectorinternalid": "each service makes its own id",
    "createdon": "a time",
    "modifiedon": "a time",
    "capabilities": "express says `gateway` only; paconn sends all, and the platform finds out the others itself",
    "only_here": "the publisher and the address of the back end are no columns of Dataverse",
}
AS_JSON = (
    "openapidefinition",
    "connectionparameters",
    "connectionparametersets",
    "policytemplateinstances",
    "scriptoperations",
)


def _stored(row: Mapping[str, Any], explained: Collection[str]) -> dict[str, Any]:
    """Give the columns that have a value, JSON by its meaning and its order, without what is explained."""
    columns = {name: value for name, value in row["columns"].items() if name not in explained}
    for name in AS_JSON:
        columns[name] = _without_redirects(json.loads(columns.get(name) or "null"))
    stored = {name: value for name, value in columns.items() if value not in (None, "", [], {})}
    return stored | {name: json.dumps(stored[name]) for name in AS_JSON if name in stored}


# What of it is equal, too, where both go through Power Apps.
NOT_THERE = {"capabilities", "only_here"}


def _express(standin: StandIn, backend: Backend) -> dict[str, str]:
    standin.backend = backend
    return {
        "mode": "express",
        "record": "none",
        "backend": backend.value,
        "environment": standin.deployer.environment,
        "endpoints": ",".join(f"{name}={address}" for name, address in standin.endpoints.items()),
        **{f"deployer_{name}": standin.about[name] for name in ("tenant_id", "client_id", "client_secret")},
    }


@pytest.mark.parametrize("backend", Backend, ids=lambda backend: backend.value)
@pytest.mark.parametrize("inputs", EXAMPLES, indirect=True)
def test_paconn_and_express_store_the_same(
    paconn: Paconn, bundle: Path, run: Any, inputs: dict[str, str], backend: Backend
) -> None:
    standin = paconn.standin
    express = _express(standin, backend)
    authority = {"AZURE_AUTHORITY_HOST": standin.url}
    explained = set(EXPLAINED) - (NOT_THERE if backend is Backend.POWER_APPS else set())
    paconn.as_the_readme_says(bundle, "create", answers="1\ny\n")
    by_paconn = _row(standin)
    assert [*by_paconn["secrets"].values()] == ([inputs["client_secret"]] if "client_secret" in inputs else [])

    # What the one made, the other sees, and finds nothing to write.
    standin.tell("faults", [])
    seen = run(authority, **inputs, **express)
    theirs = by_paconn["columns"]["connectorinternalid"] if backend is Backend.POWER_APPS else by_paconn["id"]
    assert (seen.code, seen.outputs["connector-id"]) == (0, theirs), seen.log
    assert [line for line in standin.requests if re.match("(POST|PATCH|PUT) .*/(connectors|apis|blobs)", line)] == []

    standin.tell("reset")
    made = run(authority, **inputs, **express)
    assert made.code == 0, made.log
    by_express = _row(standin)
    assert _stored(by_express, explained) == _stored(by_paconn, explained)
    assert by_express["secrets"] == by_paconn["secrets"]

    # And so after an update, each of the other's connector.
    definition = _json(bundle / DEFINITION)
    definition["info"]["description"] = "Told anew, in more words than it was told before."
    (bundle / DEFINITION).write_text(json.dumps(definition))
    settings = {**_json(bundle / "settings.json"), "connectorId": by_express["columns"]["connectorinternalid"]}
    (bundle / "settings.json").write_text(json.dumps(settings))
    paconn.as_the_readme_says(bundle, "update")
    updated_by_paconn = _row(standin)
    standin.tell("reset")
    run(authority, **inputs, **express)
    again = run(authority, **inputs, **express, description=definition["info"]["description"])
    assert (again.code, again.outputs["exported"]) == (0, "true"), again.log
    assert _stored(_row(standin), explained) == _stored(updated_by_paconn, explained)


@pytest.mark.parametrize("inputs", ["the example"], indirect=True)
def test_what_express_made_paconn_downloads(paconn: Paconn, bundle: Path, run: Any, inputs: dict[str, str]) -> None:
    standin = paconn.standin
    deployer = {f"deployer_{name}": standin.about[name] for name in ("tenant_id", "client_id", "client_secret")}
    authority = {"AZURE_AUTHORITY_HOST": standin.url}
    made = run(authority, mode="express", record="none", environment=standin.url, **deployer, **inputs)
    assert made.code == 0, made.log
    down = bundle / "down"
    # Nothing is named: it asks for the environment and the connector.
    paconn(bundle, "download", "--dest", str(down), "--overwrite", answers="1\n1\n")
    assert _json(down / DEFINITION) == _json(bundle / DEFINITION)
    mine, its = _json(bundle / PROPERTIES)["properties"], _json(down / PROPERTIES)["properties"]
    assert {name: its.get(name) for name in mine} == mine


@pytest.mark.parametrize("inputs", ["the example"], indirect=True)
def test_what_the_service_refuses_paconn_shows(paconn: Paconn, bundle: Path) -> None:
    properties = _json(bundle / PROPERTIES)
    properties["properties"]["stackOwner"] = "Contoso"
    (bundle / PROPERTIES).write_text(json.dumps(properties))
    said = paconn(bundle, "create", "--settings", "settings.json", "--overwrite-settings", answers="1\n", code=1)
    assert "Could not find member 'stackOwner'" in said
    definition = _json(bundle / DEFINITION)
    (bundle / DEFINITION).write_text(json.dumps({**definition, "schemes": ["wss"]}))
    assert "schemes" in paconn(bundle, "validate", "--settings", "settings.json")
    assert paconn.standin.rows == []


@pytest.mark.parametrize("inputs", ["the example"], indirect=True)
def test_it_asks_for_what_the_settings_leave_open_and_for_nothing_else(
    paconn: Paconn, bundle: Path, run: Any, workspace: Path, inputs: dict[str, str]
) -> None:
    paconn.as_the_readme_says(bundle, "create", answers="1\ny\n")
    settings = _json(bundle / "settings.json")
    (bundle / "settings.json").write_text(json.dumps({**settings, "connectorId": ""}))
    assert "Connector selected: Contoso Orders" in paconn.as_the_readme_says(bundle, "update", answers="1\n")
    # A bundle for one environment names it, so that it is not asked for.
    made = run(mode="manual", record="none", environment=settings["environment"], **inputs)
    again = workspace / made.outputs["bundle-path"]
    assert _json(again / "settings.json")["environment"] == settings["environment"]
    said = paconn.as_the_readme_says(again, "create", answers="n\n")
    assert "created successfully" in said
    assert "Environment selected" not in said
    assert _json(again / "settings.json")["connectorId"] == ""


@pytest.mark.parametrize("inputs", ["the example"], indirect=True)
def test_it_creates_no_sign_in_without_a_secret_as_the_readme_warns(
    paconn: Paconn, run: Any, workspace: Path, inputs: dict[str, str]
) -> None:
    made = run(mode="manual", record="none", auth="oauth2pkce", client_id="c", authorization_url="https://a.example/a",
               token_url="https://a.example/t", **inputs)  # fmt: skip
    bundle = workspace / made.outputs["bundle-path"]
    assert "`paconn create` does not go on without one" in (bundle / "README.md").read_text()
    said = paconn(bundle, "create", "--settings", "settings.json", answers="1\n", code=1)
    assert "client secret" in said
    assert paconn.standin.rows == []
