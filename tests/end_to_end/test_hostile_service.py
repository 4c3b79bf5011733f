"""Whatever a service, or somebody in between, answers to any one request: one connector, the right one, and the truth told."""

import json
import os
from typing import Any

import pytest

from tests.end_to_end.conftest import Express, both, definition
from tests.end_to_end.test_broken_off import SCRIPT, STORIES, Place
from tests.end_to_end.test_secrets import without_masks

ERROR = {"error": {"code": "0x80040265", "message": "told to refuse"}}
ANSWERS: dict[str, dict[str, Any]] = {
    "html": {"body": "<html>Please sign in to the network</html>"},
    "empty": {"body": ""},
    "error-in-200": {"body": ERROR},
    "list": {"body": "[]"},
    "text": {"body": '"told"'},
    "nulls": {"body": {"value": [None], "access_token": 5, "name": None, "connectorid": []}},
    "strangers": {"body": {"value": [{"connectorid": "00000000-0000-0000-0000-000000000009", "name": "shared_x"}]}},
    "deep": {"body": "[" * 100_000},
    "huge": {"packed": 100},
    "400": {"status": 400, "body": ERROR},
    "401": {"status": 401, "body": ERROR},
    "403-stranger": {"status": 403, "body": {"error": {"code": "0x80072560", "message": "not a member of"}}},
    "403-privilege": {
        "status": 403,
        "body": {"error": {"code": "0x80040220", "message": "is missing prvWriteconnector"}},
    },
    "403-address": {
        "status": 403,
        "body": {"error": {"code": "", "message": "rejected as access to your IP is blocked."}},
    },
    "403-html": {"status": 403, "body": "<html>blocked</html>"},
    "404-html": {"status": 404, "body": "<html>nothing</html>"},
    "404-row": {"status": 404, "body": {"error": {"code": "0x80040217", "message": "Does Not Exist"}}},
    "404-api": {"status": 404, "body": {"error": {"code": "ApiResourceNotFound", "message": "Could not find the API"}}},
    "404-environment": {"status": 404, "body": {"error": {"code": "EnvironmentNotFound", "message": "no"}}},
    "409": {"status": 409, "body": ERROR},
    "412": {"status": 412, "body": ERROR},
    "413": {"status": 413, "body": ""},
    "501": {"status": 501, "body": ""},
    "elsewhere": {"status": 302, "headers": {"Location": "https://elsewhere.invalid/x"}},
    "elsewhere-307": {"status": 307, "headers": {"Location": "https://elsewhere.invalid/x"}},
    "cut": {"kind": "cut"},
}
STORIES_TOLD: dict[tuple[str, str], tuple[str, ...]] = {
    **STORIES,
    ("dataverse", "unchanged"): ("POST token", "GET connectors"),
    ("powerapps", "unchanged"): ("POST token", "GET api", "GET swagger", "GET script"),
}
CASES = [
    ((*story, number), answer, when)
    for story, requests in STORIES_TOLD.items()
    for number, request in enumerate(requests)
    for answer in ANSWERS
    for when in ("before", "after")
    if when == "before" or request.startswith(("POST", "PATCH", "PUT"))
]
EVERY_SO_MANY = 1 if os.environ.get("EVERYTHING") else 41
STOPS = {3, 4, 5, 6, 7}
"""Exit codes of docs/errors.md that a service can be the cause of."""


def named(value: Any) -> str:
    return f"{'-'.join(value[:2])}-{STORIES_TOLD[value[:2]][value[2]]}" if isinstance(value, tuple) else value


@pytest.mark.parametrize(("place", "answer", "when"), CASES[::EVERY_SO_MANY], ids=named)
def test_any_answer_to_any_request(express: Express, place: Place, answer: str, when: str) -> None:
    """`when` it is given: instead of an effect, or after it."""
    door, story, number = place
    express.take(door)
    (express.runner.workspace / "script.csx").write_text(SCRIPT)
    express.inputs["script"] = "script.csx"
    if story != "create":
        express.run(definition("One" if story == "unchanged" else "Old"))
    express.standin.fails(".", **{"kind": "page", **ANSWERS[answer]}, skip=number, done=when == "after")
    result = express.run(definition("One"))
    assert result.code in ({0} | STOPS), result.log
    assert len(express.standin.rows) <= 1
    assert express.inputs["deployer_client_secret"] not in without_masks(result.log)
    if result.code:
        assert result.report["problem"]["message"]
        assert result.report["problem"]["advice"]
    express.standin.tell("faults", [])
    again = express.run(definition("One"))
    assert again.code == 0, result.log + again.log
    assert len(express.standin.rows) == 1
    assert json.loads(express.live["openapidefinition"]) == definition("One")
    assert express.live["customcodeblobcontent"] == SCRIPT
    after = express.run()
    assert [after.outputs[name] for name in ("changed", "drift", "exported")] == ["false"] * 3


@both
@pytest.mark.parametrize("answer", ["html", "error-in-200", "list", "cut", "404-html", "403-html", "elsewhere"])
def test_nothing_that_somebody_else_answers_is_taken_for_what_lives(express: Express, answer: str) -> None:
    """Where it were, `overwrite` would keep that as the copy, and lose what somebody made by hand."""
    express.run(definition("One"))
    express.edit(description="by hand")
    express.standin.fails("GET .*(connectors|apis/|swagger)", **{"kind": "page", **ANSWERS[answer]}, times=9)
    result = express.run(definition("Two"), on_drift="overwrite")
    assert result.code in {5, 7}, result.log
    assert express.live["description"] == "by hand"
