"""Runs on what an attacker would leave in a repository: nothing leaks, and nothing passes for fine that is not."""

import json

GOOD = {
    "swagger": "2.0",
    "info": {"title": "T", "version": "1"},
    "host": "api.example.com",
    "schemes": ["https"],
    "paths": {"/a": {"get": {"operationId": "GetA", "summary": "A", "responses": {"200": {"description": "ok"}}}}},
}


def test_the_checkouts_token_gets_into_no_bundle(run, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / ".git").mkdir()
    (workspace / ".git" / "config").write_text("extraheader = AUTHORIZATION: basic s3cret")
    (workspace / "script.csx").symlink_to(".git/config")
    (workspace / "openapi.json").write_text(json.dumps(GOOD))
    result = run(script="script.csx", record="none")
    assert (result.code, "git's own folder" in result.log) == (2, True), result.log
    assert not [path for path in (workspace / "connector-export").rglob("*") if b"s3cret" in path.read_bytes()]


def test_a_record_cannot_claim_that_nothing_changed(run, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "openapi.json").write_text(json.dumps(GOOD))
    first = run(record="file:record.json")
    kept = json.loads((workspace / "record.json").read_bytes())
    kept["definition"]["paths"]["/gone"] = kept["definition"]["paths"]["/a"]
    (workspace / "record.json").write_text(json.dumps(kept))
    result = run(record="file:record.json", mode="check")
    assert first.outputs["fingerprint"] == kept["fingerprint"]
    assert (result.code, result.outputs["verdict"]) == (1, "breaking"), result.log


def test_names_of_megabytes_do_not_fill_the_report(run, workspace) -> None:  # type: ignore[no-untyped-def]
    parameters = [{"name": f"p{number}", "in": "query"} for number in range(100)]
    paths = {"/" + "k" * 200_000: {"get": {"parameters": parameters, "responses": {}}}}
    (workspace / "openapi.json").write_text(json.dumps({**GOOD, "paths": paths}))
    result = run(mode="check", record="none")
    assert len(result.report["findings"]) > 100
    assert (workspace / result.outputs["report-path"]).stat().st_size < 2_000_000


def test_a_summary_that_cannot_be_written_hides_no_problem(run) -> None:  # type: ignore[no-untyped-def]
    result = run({"GITHUB_STEP_SUMMARY": "/nowhere/summary"}, mode="nonsense")
    assert (result.code, "nonsense" in result.log) == (2, True), result.log
