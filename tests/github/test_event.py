from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.edges.event import Event, read_event
from exporter.model.errors import WrongInputs

HEAD, BASE = "a" * 40, "b" * 40
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("number", "head", "base", "sha")), inner)
    ),
    max_leaves=8,
)


def event(folder: Path, name: str, payload: Any) -> Event:
    path = folder / "event.json"
    path.write_text(json.dumps(payload))
    return read_event({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(path)})


def pull_request(theirs: Any) -> dict[str, Any]:
    ours = {"full_name": "octo/orders"}
    return {"pull_request": {"number": 7, "head": {"sha": HEAD, "repo": theirs}, "base": {"sha": BASE, "repo": ours}}}


@pytest.mark.parametrize("name", ["push", "workflow_dispatch", "schedule", "release", "repository_dispatch"])
def test_what_writers_start_is_trusted_and_needs_no_payload(name: str) -> None:
    nowhere = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": "/nowhere/at/all"}
    assert read_event(nowhere) == Event(name, trusted=True)


@pytest.mark.parametrize(
    "name", ["pull_request", "pull_request_target", "merge_group", "workflow_run", "issue_comment", "brand_new", "PUSH"]
)
def test_everything_else_is_not_trusted(tmp_path: Path, name: str) -> None:
    assert not event(tmp_path, name, {}).trusted


def test_a_laptop_is_trusted_and_a_runner_that_names_no_event_is_not() -> None:
    assert read_event({}).trusted
    assert not read_event({"GITHUB_ACTIONS": "true"}).trusted


@pytest.mark.parametrize("theirs", [{"full_name": "octo/orders"}, {"full_name": "mallory/orders"}, None, "octo/orders"])
def test_a_pull_request_says_what_goes_where_and_is_never_trusted(tmp_path: Path, theirs: Any) -> None:
    found = event(tmp_path, "pull_request", pull_request(theirs))
    assert found == Event("pull_request", trusted=False, head=HEAD, base=BASE, number=7)


def test_a_pull_request_that_is_over_is_known_as_such(tmp_path: Path) -> None:
    payload = pull_request(None)
    payload["pull_request"]["state"] = "closed"
    assert event(tmp_path, "pull_request", payload).over


def test_a_followed_run_of_a_pull_request_says_its_branch(tmp_path: Path) -> None:
    run = {"event": "pull_request", "head_sha": HEAD, "head_branch": "patch/1"}
    run["head_repository"] = {"owner": {"login": "mallory"}}  # type: ignore[assignment]
    found = event(tmp_path, "workflow_run", {"workflow_run": run})
    assert found == Event("workflow_run", trusted=False, head=HEAD, branch="mallory:patch/1")
    for other in ({**run, "event": "push"}, {**run, "head_branch": None}, {**run, "head_repository": None}):
        assert event(tmp_path, "workflow_run", {"workflow_run": other}) == Event("workflow_run", trusted=False)


def test_a_merge_group_says_what_goes_where(tmp_path: Path) -> None:
    found = event(tmp_path, "merge_group", {"merge_group": {"head_sha": HEAD, "base_sha": BASE}})
    assert found == Event("merge_group", trusted=False, head=HEAD, base=BASE)


@given(JSON)
def test_a_hostile_payload_gives_at_worst_an_event_that_says_less(payload: Any) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("pull_request", "merge_group", "workflow_run"):
            found = event(
                Path(folder), name, {"pull_request": payload, "merge_group": payload, "workflow_run": payload}
            )
            assert (found.trusted, found.head, found.base) == (False, "", "")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\xff", b"[" * 100_000])
def test_a_payload_that_cannot_be_read_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "event.json").write_bytes(content)
    with pytest.raises(WrongInputs, match="no JSON"):
        read_event({"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(tmp_path / "event.json")})
    with pytest.raises(WrongInputs, match="cannot be read"):
        read_event({"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(tmp_path)})
