"""Express, end to end: each story of a connector, its exit code, what is told, how much is asked, what lives in the end."""

import base64
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from exporter.settings.settings import Auth
from tests.end_to_end.conftest import Express, alike, both, definition, saved
from tests.github.test_artifacts import FakeRunner, runtime_token

A_GUID = "00000000-0000-0000-0000-000000000001"
PNG = b"\x89PNG\r\n\x1a\n"
OAUTH: Any = {
    "securityDefinitions": {
        "sso": {
            "type": "oauth2",
            "flow": "accessCode",
            "authorizationUrl": "https://id.example/authorize",
            "tokenUrl": "https://id.example/token",
            "scopes": {"read": "Read"},
        }
    },
    "security": [{"sso": ["read"]}],
}


def operations(express: Express) -> list[str]:
    """Name the operations that live."""
    return [path.strip("/") for path in json.loads(express.live["openapidefinition"])["paths"]]


def told(result: Any) -> tuple[Any, ...]:
    names = ("changed", "verdict", "drift", "exported")
    return (result.code, *(result.outputs.get(name, "") for name in names))


def drifted(result: Any) -> set[str]:
    return {change["id"] for change in result.report["drifted"]}


# Of sign-in and service, with a record that knows the id; Power Apps has no versions, so it is asked once more.
ASKED = {
    "dataverse": {"created": 4, "unchanged": 2, "stopped": 3, "updated": 5, "overwritten": 6},
    "powerapps": {"created": 6, "unchanged": 3, "stopped": 3, "updated": 7, "overwritten": 9},
}


@both
@pytest.mark.parametrize("record", ["file", "ref"])
def test_the_whole_story(express: Express, fake_github: Any, record: str) -> None:
    expected = ASKED[express.inputs["backend"]]
    if record == "ref":
        express.remember_in_a_ref(fake_github)
    created, asked = express.counted(definition())
    assert told(created) == (0, "true", "unknown", "false", "true"), created.log
    assert asked == expected["created"]
    where = {name: created.outputs[name] for name in ("connector-id", "connector-url") if name in created.outputs}
    assert where["connector-id"] == express.id

    unchanged, asked = express.counted()
    assert told(unchanged) == (0, "false", "none", "false", "false")
    assert asked == expected["unchanged"]
    assert unchanged.report["steps"] == []

    updated, asked = express.counted(definition("New"))
    assert told(updated) == (0, "true", "compatible", "false", "true")
    assert asked == expected["updated"]
    assert operations(express) == ["ListOrders", "New"]
    shutil.rmtree(saved(updated))

    express.edit(
        openapidefinition=json.dumps(definition("ByHand")), iconbrandcolor="#ff0000", description="Made by hand."
    )
    by_hand = express.live
    stopped, asked = express.counted(definition("New", "Newer"))
    assert told(stopped) == (6, "true", "compatible", "true", "false")
    assert asked == expected["stopped"]
    assert [change["after"] for change in stopped.report["changes"]] == ["Newer"]
    assert drifted(stopped) >= {"operation-removed", "operation-added", "brand-color-changed"}
    assert "connector-description-changed" in drifted(stopped)
    assert operations(express) == ["ListOrders", "ByHand"]
    assert "`ByHand` is new" in stopped.summary
    assert where.items() <= stopped.outputs.items()

    overwritten, asked = express.counted(on_drift="overwrite")
    assert told(overwritten) == (0, "true", "compatible", "true", "true"), overwritten.log
    assert asked == expected["overwritten"]  # the icon too, for the copy
    assert operations(express) == ["ListOrders", "New", "Newer"]
    assert told(express.run()) == (0, "false", "none", "false", "false")

    copy = saved(overwritten).relative_to(express.runner.workspace)
    assert f"restore: {copy}" in overwritten.log
    restored = express.run(restore=str(copy))
    assert told(restored) == (0, "true", "breaking", "false", "true"), restored.log
    assert alike(express.live) == alike(by_hand)
    assert where.items() <= restored.outputs.items()
    once_more = express.run(restore=str(copy))
    assert told(once_more) == (0, "false", "none", "false", "false"), once_more.log
    # It is made by hand again: the next run does not take it for its own.
    assert told(express.run())[0] == 6


def test_as_the_runner_starts_it(run: Any, express: Express, workspace: Path) -> None:
    (workspace / "api.json").write_text(json.dumps(definition()))
    assert told(run(express.variables, **express.inputs)) == (0, "true", "unknown", "false", "true")
    assert told(run(express.variables, **express.inputs)) == (0, "false", "none", "false", "false")


def test_a_workflow_signs_in_with_its_own_identity(express: Express) -> None:
    express.inputs |= {"deployer_client_secret": ""}
    express.variables |= {
        "ACTIONS_ID_TOKEN_REQUEST_URL": express.standin.about["id_token_url"],
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": express.standin.about["id_token_token"],
    }
    created, asked = express.counted(definition())
    assert (created.code, asked) == (0, 5), created.log
    assert express.counted()[1] == 3
    express.standin.options(federated=[])
    refused = express.run()
    assert refused.code == 4
    assert "az ad app federated-credential create" in refused.log
    assert express.standin.about["id_token_token"] not in "".join(
        line for line in refused.log.splitlines() if not line.startswith("::add-mask::")
    )


ALL = ["prvReadConnector", "prvWriteConnector", "prvReadSolution"]


@pytest.mark.parametrize(
    ("options", "inputs", "code", "words"),
    [
        ({}, {"deployer_client_secret": "wrong"}, 4, "is not a secret of the app registration"),
        ({}, {"deployer_client_secret": ""}, 4, "id-token: write"),
        ({"application_user": False}, {}, 4, "pac admin assign-user"),
        # Entra ID is asked first, and gives no token for an environment that its tenant does not know.
        ({}, {"environment": "http://127.0.0.1:1"}, 4, "knows no environment at http://127.0.0.1:1"),
        ({"privileges": []}, {}, 5, "prvReadConnector is missing"),
        ({"privileges": ALL}, {}, 5, "prvCreateConnector is missing"),
        ({}, {"solution": "frozen"}, 5, "no unmanaged solution"),
        ({}, {"connector_id": A_GUID}, 2, f"there is no connector {A_GUID}"),
        ({}, {"connector_id": "Orders"}, 2, "pac connector list"),
        ({}, {"record": "none", "fail_on": "drift"}, 2, "record: is none"),
    ],
)
def test_what_cannot_be_done_is_said(express: Express, options: Any, inputs: Any, code: int, words: str) -> None:
    express.standin.options(**options)
    refused = express.run(definition(), **inputs)
    assert refused.code == code, refused.log
    assert words in refused.log
    assert express.standin.rows == []
    express.standin.options(application_user=True, privileges=[*ALL, "prvCreateConnector"])
    assert express.run().code == 0


def test_a_role_that_may_not_write_is_named(express: Express) -> None:
    express.run(definition())
    express.standin.options(privileges=["prvReadConnector"])
    refused = express.run(definition("New"))
    assert (refused.code, "prvWriteConnector is missing" in refused.log) == (5, True)
    express.standin.options(privileges=ALL)
    assert told(express.run()) == (0, "true", "compatible", "false", "true")


@both
def test_a_service_that_stays_away_is_exit_7(express: Express) -> None:
    express.standin.fails("GET .*/(connectors|apis)", "503", times=99, retry_after=0)
    down = express.run(definition())
    assert (down.code, len(express.standin.requests)) == (7, 6)
    assert "(5 tries)" in down.log


def test_a_missing_client_secret_is_said_beside_all_that_was_found(express: Express) -> None:
    refused = express.run(definition(**OAUTH), client_id="c1")
    assert (refused.code, refused.outputs["changed"]) == (2, "true")
    assert "client-secret: is missing" in refused.log
    assert not (express.runner.workspace / "last.json").exists()
    created = express.run(client_id="c1", client_secret="hunter-1")
    assert created.code == 0, created.log
    assert created.outputs["redirect-url"].startswith("https://global.consent.azure-apim.net/redirect/")
    assert told(express.run(definition("New", **OAUTH), client_id="c1")) == (0, "true", "compatible", "false", "true")
    other = express.run(client_id="c2")
    assert (other.code, other.outputs["exported"]) == (2, "false")
    assert express.run(client_id="c2", client_secret="hunter-2").code == 0
    assert list(express.standin.rows[0]["secrets"].values()) == ["hunter-2"]


@both
def test_a_new_client_secret_is_sent_when_asked_to(express: Express) -> None:
    express.run(definition(**OAUTH), client_id="c1", client_secret="hunter-1")
    unasked = express.run(client_id="c1", client_secret="hunter-2")
    assert told(unasked) == (0, "false", "none", "false", "false")
    assert list(express.standin.rows[0]["secrets"].values()) == ["hunter-1"]
    renewed, asked = express.counted(client_id="c1", client_secret="hunter-2", rotate_secret="true")
    assert (told(renewed), asked) == ((0, "false", "none", "false", "true"), 7 if express.power_apps else 4)
    assert list(express.standin.rows[0]["secrets"].values()) == ["hunter-2"]
    assert told(express.run(client_id="c1")) == (0, "false", "none", "false", "false")
    assert express.run(client_id="c1", rotate_secret="true").code == 2


def test_an_environment_keeps_a_client_id_of_its_own(express: Express, workspace: Path) -> None:
    def token(client_id: str) -> Any:
        urls = {
            name: {"value": f"https://id.example/{name}"} for name in ("authorizationUrl", "tokenUrl", "refreshUrl")
        }
        settings = {"identityProvider": "oauth2", "clientId": client_id, "scopes": ["read"], "customParameters": urls}
        return {"token": {"type": "oauthSetting", "oAuthSettings": settings}}

    def write(client_id: str) -> None:
        (workspace / "p.json").write_text(json.dumps({"properties": {"connectionParameters": token(client_id)}}))

    def lives() -> str:
        parameters = json.loads(express.live["connectionparameters"])
        return str(parameters["token"]["oAuthSettings"]["clientId"])

    write("dev")
    express.inputs["properties"] = "p.json"
    assert express.run(definition(**OAUTH), client_secret="hunter-1").code == 0
    express.edit(connectionparameters=json.dumps(token("prod")))
    assert told(express.run(fail_on="drift", mode="check")) == (0, "false", "none", "false", "false")
    assert told(express.run(definition("New", **OAUTH))) == (0, "true", "compatible", "false", "true")
    assert lives() == "prod"
    express.edit(iconbrandcolor="#ff0000")
    assert drifted(express.run()) == {"brand-color-changed"}
    express.run(on_drift="overwrite")
    assert (lives(), list(express.standin.rows[0]["secrets"].values())) == ("prod", ["hunter-1"])
    # The repository says otherwise, or the workflow does: both are meant, and need the secret of the new one.
    write("new")
    assert "client-secret: is missing" in express.run().log
    assert express.run(client_secret="hunter-2").code == 0
    assert lives() == "new"
    assert express.run(client_id="other", client_secret="hunter-3").code == 0
    assert (lives(), list(express.standin.rows[0]["secrets"].values())) == ("other", ["hunter-3"])


@both
def test_a_managed_identity_needs_no_secret_and_names_its_subject(express: Express) -> None:
    tenant = "11111111-2222-3333-4444-555555555555"
    express.inputs |= {"auth": "aad", "client_id": "c1", "resource_url": "api://x", "tenant_id": tenant}
    express.inputs["client_credential"] = "managed-identity"
    created = express.run(definition())
    assert created.code == 0, created.log
    subject = created.outputs["federated-subject"]
    assert subject.startswith("/eid1/")
    assert subject in created.summary
    assert told(express.run()) == (0, "false", "none", "false", "false")
    assert express.run(scopes="read").code == 0
    parameters = json.loads(express.live["connectionparameters"])
    kept = parameters["token"]["oAuthSettings"]["properties"]["FederatedIdentityCredentials"]
    assert kept["Subject"] == subject


@both
@pytest.mark.parametrize("settings", [{"identityProvider": "oauth2pkce"}, {"clientAssertionType": "x"}])
def test_who_needs_no_secret_is_asked_for_none(express: Express, workspace: Path, settings: Any) -> None:
    token = {"type": "oauthSetting", "oAuthSettings": {"identityProvider": "aad", "clientId": "c1", **settings}}
    token["oAuthSettings"]["customParameters"] = {"resourceUri": {"value": "api://x"}}
    (workspace / "properties.json").write_text(json.dumps({"properties": {"connectionParameters": {"token": token}}}))
    assert express.run(definition(**OAUTH), properties="properties.json").code == 0
    assert express.run().code == 9  # the definition alone asks for another sign-in, and for one with a secret
    assert express.run(allow="change-sign-in").code == 2


@both
def test_sets_of_parameters_need_their_secret_before_anything_is_announced(express: Express, workspace: Path) -> None:
    token = {"type": "oauthSetting", "oAuthSettings": {"identityProvider": "oauth2", "clientId": "c1"}}
    sets = {"values": [{"name": "sso", "parameters": {"token": token}}]}
    (workspace / "properties.json").write_text(json.dumps({"properties": {"connectionParameterSets": sets}}))
    refused = express.run(definition(), properties="properties.json")
    assert (refused.code, "client-secret: is missing" in refused.log) == (2, True)
    assert not (workspace / "last.json").exists()
    assert express.run(properties="properties.json", client_secret="hunter-1").code == 0
    assert told(express.run(properties="properties.json")) == (0, "false", "none", "false", "false")


@both
def test_what_is_more_often_a_mistake_must_be_allowed_by_name(express: Express) -> None:
    express.run(definition("A", "B", "C"))
    assert express.run(definition("A")).code == 0  # half of them
    record = (express.runner.workspace / "last.json").read_bytes()
    others = {path: item for path, item in definition("Z")["paths"].items() if path == "/Z"}
    stopped = express.run(definition(paths=others), auth="basic")
    assert told(stopped) == (9, "true", "breaking", "false", "false")
    assert "All 2 operations that makers have would be removed: `ListOrders`, `A`." in stopped.log
    assert "`none` became `basic`" in stopped.log
    assert "\n     allow: remove-operations, change-sign-in\n" in stopped.log
    assert "```text\nallow: remove-operations, change-sign-in\n```" in stopped.summary
    assert operations(express) == ["ListOrders", "A"]
    assert (express.runner.workspace / "last.json").read_bytes() == record
    assert express.run(auth="basic", allow="remove-operations").code == 9
    for mode, record_of in (("check", "file:last.json"), ("manual", "none")):
        told_only = express.run(auth="basic", mode=mode, fail_on="never", record=record_of, baseline="file:last.json")
        assert told_only.code == 0, told_only.log
        assert [finding["id"] for finding in told_only.report["findings"]].count("guard-rail") == 2
    (express.runner.workspace / "last.json").write_bytes(record)
    assert express.run(auth="basic", allow="change-sign-in remove-operations").code == 0
    assert operations(express) == ["Z"]


def test_what_somebody_added_by_hand_is_not_swept_away_unasked(express: Express) -> None:
    express.run(definition())
    express.edit(openapidefinition=json.dumps(definition("By", "Hand")))
    assert express.run(definition("New"), on_drift="overwrite").code == 9
    assert operations(express) == ["ListOrders", "By", "Hand"]
    assert express.run(on_drift="overwrite", allow="remove-operations").code == 0


@pytest.mark.parametrize("mode", ["express", "manual"])
def test_an_older_commit_does_not_replace_a_newer_one(express: Express, fake_github: Any, mode: str) -> None:
    express.remember_in_a_ref(fake_github)
    express.inputs["mode"] = mode
    tree = fake_github.git("mktree").decode()
    old = fake_github.git("commit-tree", tree, "-m", "old").decode()
    new = fake_github.git("commit-tree", tree, "-p", old, "-m", "new").decode()
    other = fake_github.git("commit-tree", tree, "-m", "another history").decode()
    assert express.run(definition(), {"GITHUB_SHA": new}).code == 0
    assert express.run(definition("Old"), {"GITHUB_SHA": new}).code == 0
    older = express.run(definition("Older"), {"GITHUB_SHA": old})
    assert (older.code, f"{old[:7]}, which is older than {new[:7]}" in older.log) == (9, True), older.log
    assert express.run(None, {"GITHUB_SHA": old}, mode="check", fail_on="never").code == 0
    assert express.run(definition("Other"), {"GITHUB_SHA": other}).code == 0
    assert express.run(definition("New"), {"GITHUB_SHA": new}).code == 0
    assert express.run(definition("Older"), {"GITHUB_SHA": old}, allow="older-commit").code == 0


@both
def test_a_deleted_connector_is_said_and_created_again_when_asked(express: Express) -> None:
    first = express.run(definition())
    express.standin.tell("reset")
    stopped = express.run()
    assert told(stopped) == (6, "false", "none", "true", "false")
    assert "somebody deleted it by hand" in stopped.log
    assert "Deleted by hand" in stopped.summary
    again = express.run(on_drift="overwrite")
    assert told(again) == (0, "false", "none", "true", "true")
    assert express.power_apps or again.outputs["connector-id"] == first.outputs["connector-id"]
    assert again.outputs["connector-id"] == express.id
    assert operations(express) == ["ListOrders"]
    assert told(express.run()) == (0, "false", "none", "false", "false")


@both
def test_one_that_took_the_place_of_a_deleted_one_is_not_joined_by_another(express: Express, workspace: Path) -> None:
    express.run(definition())
    record = json.loads((workspace / "last.json").read_text())
    (workspace / "last.json").write_text(json.dumps({**record, "connector_id": A_GUID}))
    express.edit(openapidefinition=json.dumps(definition("ByHand")))
    stopped = express.run()
    assert (stopped.code, drifted(stopped)) == (6, {"operation-added"})
    assert len(express.standin.rows) == 1


def test_an_id_says_which_of_two_and_outlives_a_new_name(express: Express) -> None:
    express.run(definition(), record="none")
    second = express.run(definition(info={"title": "Other", "version": "1"}), record="none").outputs["connector-id"]
    express.standin.tell("edit", {"displayname": "Other", "columns": {"displayname": "Orders"}})
    unclear = express.run(definition(), record="none")
    assert (unclear.code, second in unclear.log, "connector-id" in unclear.log) == (5, True, True)
    updated = express.run(name="Bestellungen", connector_id=second, record="none")
    assert (updated.code, updated.outputs["connector-id"]) == (0, second)
    names = {row["id"]: row["columns"]["displayname"] for row in express.standin.rows}
    assert sorted(names.values()) == ["Bestellungen", "Orders"]
    assert names[second] == "Bestellungen"


def test_a_remembered_connector_outlives_a_new_title(express: Express) -> None:
    express.run(definition())
    express.run(definition(info={"title": "Bestellungen", "version": "1"}))
    assert express.live["displayname"] == "Bestellungen"
    assert told(express.run()) == (0, "false", "none", "false", "false")


@both
def test_without_a_record_the_live_connector_is_what_is_compared_with(express: Express) -> None:
    express.inputs["record"] = "none"
    assert told(express.run(definition())) == (0, "true", "unknown", "false", "true")
    assert told(express.run()) == (0, "false", "none", "false", "false")
    express.edit(openapidefinition=json.dumps(definition("ByHand")))
    assert told(express.run()) == (0, "true", "breaking", "false", "true")
    assert told(express.run(baseline="none")) == (0, "true", "unknown", "false", "false")


@both
def test_what_lived_before_us_is_taken_over_only_when_it_is_the_same_or_we_are_told(express: Express) -> None:
    express.run(definition(), record="none")
    stopped = express.run(definition("New"))
    assert told(stopped) == (6, "true", "compatible", "true", "false")
    assert "no record says that we exported it" in stopped.log
    assert stopped.report["drifted"] == []
    same = express.run(definition())
    assert told(same) == (0, "false", "none", "false", "false")
    assert [step["kind"] for step in same.report["steps"]] == ["remember"]
    assert told(express.run(definition("New"))) == (0, "true", "compatible", "false", "true")


@both
def test_who_rolled_back_by_hand_has_edited(express: Express) -> None:
    express.run(definition())
    express.run(definition("New"))
    express.edit(openapidefinition=json.dumps(definition()))
    stopped = express.run()
    assert told(stopped) == (6, "false", "none", "true", "false")
    assert "operation-removed" in drifted(stopped)


def test_each_change_says_which_side_made_it_and_where_both_did(express: Express) -> None:
    def api(**summaries: str) -> dict[str, Any]:
        document = definition("Alike", "Mine", "Theirs", "Fought")
        for path, summary in summaries.items():
            document["paths"][f"/{path}"]["get"]["summary"] = summary
        return document

    express.run(api())
    quiet = express.run(api(Mine="Mine alone"), mode="check")
    assert [change["side"] for change in quiet.report["changes"]] == ["repository"]
    edited = api(Alike="Made alike", Theirs="Theirs alone", Fought="By hand")
    express.edit(openapidefinition=json.dumps(edited))
    stopped = express.run(api(Alike="Made alike", Mine="Mine alone", Fought="In the repository"))
    sides = {
        name: {one["operation"]: (one["side"], one["conflict"]) for one in stopped.report[name]}
        for name in ("changes", "drifted")
    }
    both = {"Alike": ("both", False), "Fought": ("both", True)}
    assert sides == {
        "changes": {**both, "Mine": ("repository", False)},
        "drifted": {**both, "Theirs": ("portal", False)},
    }
    told = "1 change only in the repository, 1 only by hand in the portal, 1 made alike on both sides and 1 in conflict"
    assert f"Since the last export: {told}." in stopped.summary
    assert "Somebody changed it by hand too, in another way" in stopped.summary


@both
@pytest.mark.parametrize("baseline", ["auto", "record", "none", "file:old.json"])
def test_a_nightly_check_finds_what_was_edited(express: Express, workspace: Path, baseline: str) -> None:
    express.run(definition())
    (workspace / "old.json").write_text(json.dumps(definition()))
    record = (workspace / "last.json").read_bytes()
    night = {"mode": "check", "fail_on": "drift", "baseline": baseline, "variables": {"GITHUB_EVENT_NAME": "schedule"}}
    quiet = express.run(definition("New"), **night)
    assert (quiet.code, quiet.outputs["drift"]) == (0, "false"), quiet.log
    express.edit(iconbrandcolor="#ff0000")
    found = express.run(**night)
    assert (found.code, found.outputs["drift"], found.outputs["exported"]) == (1, "true", "false")
    assert drifted(found) == {"brand-color-changed"}
    assert found.outputs["connector-id"]
    assert not any("PATCH" in line for line in express.standin.requests)
    assert (workspace / "last.json").read_bytes() == record


@both
def test_what_nobody_has_reviewed_never_reaches_the_environment(express: Express) -> None:
    express.run(definition())
    express.standin.tell("faults", [])
    for event in (
        "pull_request",
        "merge_group",
        "workflow_run",
        "issue_comment",
        "deployment_status",
        "to_come",
        "pull_request_target",
    ):
        checked = express.run(definition("New"), {"GITHUB_EVENT_NAME": event}, fail_on="drift")
        assert told(checked) == (0, "true", "compatible", "false", "false"), event
    assert express.standin.requests == []


@both
def test_an_icon_is_sent_when_it_changed_and_then_only(express: Express, workspace: Path) -> None:
    def sent() -> bool:
        return base64.b64decode(express.live["iconblob"]) == (workspace / "icon.png").read_bytes()

    (workspace / "icon.png").write_bytes(PNG + b"one")
    express.run(definition(), icon="icon.png")
    assert sent()
    (workspace / "icon.png").write_bytes(PNG + b"two")
    assert told(express.run(icon="icon.png"))[:2] == (0, "true")
    assert sent()
    by_hand = base64.b64encode(PNG + b"by hand").decode()
    express.edit(iconblob=by_hand)
    express.run(definition("New"), icon="icon.png")
    assert express.live["iconblob"] == by_hand
    express.edit(iconbrandcolor="#ff0000")
    express.run(icon="icon.png", on_drift="overwrite")
    kept = [path.read_bytes() for path in workspace.glob("**/bundle.before-*/icon.png")]
    assert [icon.removeprefix(PNG).removesuffix(b" scaled") for icon in kept] == [b"one", b"by hand"] or kept


@both
def test_no_copy_ever_replaces_another(express: Express, serve: Any, said: Any) -> None:
    store = FakeRunner(serve, said)
    express.variables |= {"ACTIONS_RESULTS_URL": store.server.url, "ACTIONS_RUNTIME_TOKEN": runtime_token()}
    express.run(definition())
    for name in ("One", "Two", "One"):
        express.edit(openapidefinition=json.dumps(definition(name)))
        overwritten = express.run(on_drift="overwrite")
        assert overwritten.code == 0, overwritten.log
        assert "build artifact" in overwritten.report["steps"][0]["detail"]
    kept = []
    for blob in store.blobs.values():
        with zipfile.ZipFile(io.BytesIO(blob)) as files:
            kept.append(
                next(iter(set(json.loads(files.read("apiDefinition.swagger.json"))["paths"]) - {"/ListOrders"}))
            )
    assert {"/One", "/Two"} == set(kept)
    copies = list(express.runner.workspace.glob("**/bundle.before-*"))
    assert len(copies) == 2
    assert sorted(path.name.rpartition(".")[2] for path in copies) == sorted(
        name.removeprefix("connector-Orders-") for name in store.artifacts
    )
    shutil.rmtree(copies[0])


@both
def test_operations_of_a_script_that_is_not_there_are_no_drift(express: Express, workspace: Path) -> None:
    (workspace / "properties.json").write_text(
        json.dumps({"properties": {"connectionParameters": {}, "scriptOperations": ["ListOrders"]}})
    )
    express.run(definition(), properties="properties.json")
    assert told(express.run(properties="properties.json")) == (0, "false", "none", "false", "false")
    assert told(express.run(definition("New"), properties="properties.json"))[0] == 0


@both
@pytest.mark.parametrize("auth", [*(way.value for way in Auth if way is not Auth.AUTO), "api-key, basic, oauth2"])
def test_every_way_to_sign_in_is_created_and_then_unchanged(express: Express, auth: str) -> None:
    express.inputs |= {"auth": auth, "client_id": "c1", "client_secret": "hunter-1", "resource_url": "api://x"}
    created = express.run(definition(**OAUTH))
    assert created.code == 0, created.log
    kept = {
        name: json.loads(express.live.get(name) or "{}") for name in ("connectionparameters", "connectionparametersets")
    }
    several = [one["name"] for one in kept["connectionparametersets"].get("values", [])]
    assert several == (auth.split(", ") if "," in auth else [])
    secrets = [secret for secret in express.standin.rows[0]["secrets"].values() if secret]
    assert secrets == (["hunter-1"] if auth not in {"none", "api-key", "basic"} else [])
    assert told(express.run(client_secret="")) == (0, "false", "none", "false", "false")


@both
@pytest.mark.parametrize("named", ["address", "id", "name", "NAME"])
def test_an_environment_is_known_by_its_address_its_id_and_its_name(express: Express, named: str) -> None:
    about = express.standin.about
    said = {"address": express.standin.url, "id": about["environment_id"], "name": "Contoso (default)"}
    created = express.run(definition(), environment=said.get(named, "CONTOSO (DEFAULT)"))
    assert created.code == 0, created.log
    # However it is named, it is the same environment, with the same record.
    assert told(express.run()) == (0, "false", "none", "false", "false")


@both
def test_environments_come_page_by_page_and_a_name_may_be_of_several(express: Express) -> None:
    others = [[f"{number:08}-0000-0000-0000-000000000000", f"Team {number // 2}", ""] for number in range(45)]
    express.standin.options(other_environments=others)
    several = express.run(definition(), environment="Team 20")
    assert (several.code, "There are 2 environments named 'Team 20'" in several.log) == (5, True)
    assert others[40][0] in several.log
    none = express.run(environment="Team 99")
    assert (none.code, "no environment 'Team 99' among the 46" in none.log) == (5, True)
    unknown = express.run(environment=A_GUID)
    if not express.power_apps:  # which takes an id as it is
        assert (unknown.code, f"no environment '{A_GUID}' among the 46" in unknown.log) == (5, True)
    alone = express.run(environment="Team 22")
    assert alone.code == 5
    assert ("has no Dataverse" in alone.log) is not express.power_apps


def test_an_id_of_an_environment_needs_no_list(express: Express) -> None:
    others = [[f"{number:08}-0000-0000-0000-000000000000", f"Team {number}", ""] for number in range(45)]
    express.standin.options(other_environments=others)
    created, _ = express.counted(definition(), environment=express.standin.about["environment_id"].lower())
    assert created.code == 0, created.log
    assert len([line for line in express.standin.requests if "/environments" in line]) == 1
    express.standin.options(management_application=False)
    assert express.run(environment=express.standin.about["environment_id"]).code == 0


def test_who_may_not_list_environments_is_told_what_needs_no_list(express: Express) -> None:
    express.standin.options(management_application=False)
    assert express.run(definition(), environment="Contoso (default)").code == 0
    express.standin.options(member_of_environments=False)
    refused = express.run(environment="Contoso (default)")
    assert (refused.code, "New-PowerAppManagementApp" in refused.log or "pac env list" in refused.log) == (5, True)


@both
def test_a_record_of_another_environment_is_not_taken_for_this_one(express: Express, workspace: Path) -> None:
    express.run(definition())
    record = json.loads((workspace / "last.json").read_text())
    assert record["environment"].endswith(express.standin.deployer.environment)
    (workspace / "last.json").write_text(json.dumps({**record, "environment": "https://other.crm4.dynamics.com"}))
    for inputs in ({}, {"mode": "check"}, {"mode": "manual", "environment": ""}):
        mixed = express.run(definition("New"), **inputs)
        assert (mixed.code, "remembers what was exported to https://other.crm4" in mixed.log) == (2, True), inputs
    assert operations(express) == ["ListOrders"]


@both
def test_what_lives_is_compared_with_when_asked(express: Express) -> None:
    express.run(definition())
    express.edit(openapidefinition=json.dumps(definition("ByHand")))
    night = {"mode": "check", "variables": {"GITHUB_EVENT_NAME": "schedule"}}
    assert express.run(baseline="record", **night).outputs["verdict"] == "none"
    found = express.run(baseline="live", **night)
    assert (found.code, found.outputs["verdict"], found.outputs["drift"]) == (1, "breaking", "true")
    assert "operation-removed" in {change["id"] for change in found.report["changes"]}
    express.standin.tell("faults", [])
    pull = express.run(baseline="live", mode="check", variables={"GITHUB_EVENT_NAME": "pull_request"})
    assert (pull.code, pull.outputs["verdict"]) == (0, "none"), pull.log
    assert express.standin.requests == []
    assert "not asked for here" in json.dumps(
        express.run(definition("New"), {"GITHUB_EVENT_NAME": "pull_request"}, baseline="live").report
    )


@pytest.mark.parametrize("express", ["powerapps"], indirect=True)
@pytest.mark.parametrize(
    ("options", "inputs", "code", "words"),
    [
        ({"apps_roles": []}, {}, 5, "Environment Maker"),
        ({"apps_roles": ["CanRead"]}, {}, 5, "permission 'CanCreate'"),
        ({}, {"environment": "Default-00000000-0000-0000-0000-000000000000"}, 5, "knows no environment"),
        ({}, {"connector_id": "shared_nothing"}, 2, "there is no connector shared_nothing"),
        ({}, {"connector_id": "Orders"}, 2, "pac connector list"),
        ({}, {"endpoints": "power-apps"}, 2, "endpoints: power-apps is no https address"),
    ],
)
def test_what_power_apps_refuses_is_said(express: Express, options: Any, inputs: Any, code: int, words: str) -> None:
    express.standin.options(**options)
    refused = express.run(definition(), **inputs)
    assert (refused.code, words in refused.log) == (code, True), refused.log
    assert express.standin.rows == []


@pytest.mark.parametrize("express", ["powerapps"], indirect=True)
def test_power_apps_keeps_the_name_that_a_connector_was_made_with(express: Express) -> None:
    express.run(definition())
    renamed = express.run(definition(info={"title": "Bestellungen", "version": "1"}))
    assert (renamed.code, express.live["displayname"]) == (0, "Orders"), renamed.log
    assert "Its name in Power Apps stays Orders" in renamed.log
    assert told(express.run()) == (0, "false", "none", "false", "false")


@pytest.mark.parametrize("express", ["powerapps"], indirect=True)
def test_power_apps_shows_many_connectors_page_by_page(express: Express) -> None:
    express.standin.options(apps_page_size=2)
    for number in range(5):
        express.run(definition(info={"title": f"Orders {number}", "version": "1"}), record="none")
    again = express.run(definition(info={"title": "Orders 4", "version": "1"}), record="none")
    assert told(again) == (0, "false", "none", "false", "false")
    row = next(row for row in express.standin.rows if row["columns"]["displayname"] == "Orders 2")
    by_row = express.run(definition(info={"title": "Orders 2", "version": "2"}), record="none", connector_id=row["id"])
    assert (by_row.code, by_row.outputs["connector-id"]) == (0, row["columns"]["connectorinternalid"])
    assert len(express.standin.rows) == 5


BREAKS = ("Daily report", "Ada", ["New", "ListOrders"])
GOES_ON = ("Weekly report", "Grace", ["ListOrders"])


def made_by_makers(express: Express) -> None:
    """Have people build on the only connector."""
    row, internal = express.standin.rows[0]["id"], express.live["connectorinternalid"]
    flows = [
        {"name": name, "owner": owner, "connector": internal, "operations": operations}
        for name, owner, operations in (BREAKS, GOES_ON)
    ]
    flows.append({**flows[0], "name": "Old hand", "old": True})
    flows.append({**flows[0], "name": "Asleep", "on": False})
    flows.append({**flows[0], "name": "Another's", "connector": "shared_other"})
    express.standin.options(
        flows=flows,
        apps=[{"name": "Order desk", "owner": "Linus", "connector": internal}],
        references=[{"name": "Orders in production", "owner": "Ada", "row": row}],
    )


def test_whom_it_will_hurt_is_said_before_the_write(express: Express) -> None:
    express.run(definition("New"))
    made_by_makers(express)
    updated, asked = express.counted(definition())
    assert (updated.code, asked) == (0, 5), updated.log
    (batch,), (write,) = (
        [number for number, line in enumerate(express.standin.requests) if sign in line]
        for sign in ("$batch", "PATCH ")
    )
    assert batch < write
    usage = updated.report["usage"]
    assert usage["unread"] == []
    found = {user["name"]: (user["kind"], user["owner"], user["hurt"], user["broken"]) for user in usage["users"]}
    assert found == {
        "Daily report": ("flow", "Ada", "yes", ["New"]),
        "Asleep": ("flow", "Ada", "yes", ["New"]),
        "Old hand": ("flow", "Ada", "perhaps", []),
        "Order desk": ("app", "Linus", "perhaps", []),
        "Weekly report": ("flow", "Grace", "no", []),
        "Orders in production": ("connection-reference", "Ada", "no", []),
    }
    hurt, _, others = updated.summary.partition("Who else uses the connector")
    assert "Daily report" in hurt
    assert "it calls New" in hurt
    assert "Weekly report" in others
    assert "flow" in updated.log
    assert "Daily report, owned by Ada: breaks: it calls New" in updated.log


def test_whom_it_will_hurt_is_known_where_nobody_knows_batches(express: Express) -> None:
    express.run(definition("New"))
    made_by_makers(express)
    express.standin.options(makers_page_size=2)
    express.standin.fails("batch", "501")
    updated = express.run(definition())
    assert updated.code == 0, updated.log
    assert len(updated.report["usage"]["users"]) == 6
    assert updated.report["usage"]["unread"] == []


def test_who_may_not_read_the_makers_things_is_told_so_and_exports_all_the_same(express: Express) -> None:
    express.run(definition("New"))
    made_by_makers(express)
    express.standin.options(privileges=["prvReadConnector", "prvWriteConnector", "prvReadCanvasApp"])
    updated = express.run(definition())
    assert updated.code == 0, updated.log
    usage = updated.report["usage"]
    assert [user["name"] for user in usage["users"]] == ["Order desk"]
    assert len(usage["unread"]) == 2
    assert "prvReadWorkflow is missing" in updated.summary
    assert "prvReadconnectionreference is missing" in updated.log
    express.standin.options(privileges=["prvReadConnector", "prvWriteConnector"])
    express.standin.fails("batch", "503", times=9, retry_after=0)
    assert express.run(definition("New")).code == 0


def test_thousands_of_flows_are_read_page_by_page_up_to_a_limit(express: Express) -> None:
    express.run(definition("New"))
    internal = express.live["connectorinternalid"]
    flow = {"owner": "Ada", "connector": internal, "operations": ["New"]}
    express.standin.options(flows=[{**flow, "name": f"Flow {number}"} for number in range(2100)])
    updated = express.run(definition())
    assert updated.code == 0
    assert len(updated.report["usage"]["users"]) == 2000
    assert "More than 2,000 flows" in updated.log
    assert len(updated.summary.encode()) < 1_000_000


@pytest.mark.parametrize("express", ["powerapps"], indirect=True)
def test_power_apps_does_not_know_who_uses_a_connector_and_that_is_said(express: Express) -> None:
    express.run(definition("New"))
    updated = express.run(definition())
    assert "does not say who uses" in updated.summary
